"""`python -m latentlib` is the command `latentlib`."""

from latentlib.cli import main

main()
