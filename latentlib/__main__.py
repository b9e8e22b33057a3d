"""Entry point of `python -m latentlib`, the same as the command `latentlib`."""

from latentlib.cli import main

main()
