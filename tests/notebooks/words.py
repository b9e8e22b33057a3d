"""Numbers as the prose of the notebooks writes them."""

from functools import cache

import jupytext
import numpy as np
from cells import ROOT

NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
PARTS = {5: "a fifth", 6: "a sixth", 8: "an eighth", 1000: "a thousandth"}


def number(value):
    """The nearest whole number in words."""
    return NUMBERS[round(float(value))]


def part(value):
    """The nearest unit fraction in words."""
    return PARTS.get(round(1 / float(value)), f"{value:.4f}")


def out_of(value, whole, word="of"):
    """A share as so many of a whole, in words."""
    return f"{number(value * whole)} {word} {NUMBERS[whole]}"


def one_in(value):
    """A share as one in so many, in words."""
    return f"one in {number(1 / value)}"


def if_all(holds, words):
    """The words where all holds, and otherwise what no text contains."""
    return words if np.all(holds) else f"not {words}"


@cache
def prose(chapter, notebook):
    """The words of a notebook, one space apart."""
    cells = jupytext.read(ROOT / "notebooks" / chapter / f"{notebook}.py").cells
    return " ".join(" ".join(cell.source for cell in cells if cell.cell_type == "markdown").split())


def place(argument):
    """What a test is called by: notebook and words."""
    return argument if isinstance(argument, str) else ""
