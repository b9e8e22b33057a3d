"""Check boxes that express a wish."""

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from html import escape

import ipywidgets as widgets

from latentlib.fitness.wishes import And, Digit, Not, Or, Shows, Wish, check
from latentlib.models.classifier import DIGITS, Classifier
from latentlib.widgets.panel import choice

JOINT = {"and": operator.and_, "or": operator.or_}


class WishBuilder:
    """Two check boxes per class, wanted and not wanted, and a choice of what joins those ticked.

    Args:
        recogniser: the network whose classes are offered.
        first: the first wish: classes or negated classes, joined by `&` alone or by `|` alone.
        changed: called after every change.

    Raises:
        ValueError: for a first wish that the boxes cannot express, or that no image can meet.
    """

    def __init__(self, recogniser: Classifier, first: Wish, changed: Callable[[object], None]) -> None:
        self.changed = changed
        check(first, recogniser.classes, recogniser.exclusive)
        joint = Or if isinstance(first, Or) else And
        ticked = links(first, joint)
        literals = [shows(name) for name in recogniser.classes]
        wished = {wish: box(wish, ticked) for wish in literals}
        unwished = {~wish: box(~wish, ticked) for wish in literals}
        self.boxes = wished | unwished
        if not set(ticked) <= set(self.boxes):
            raise ValueError(f"check boxes say classes joined by & alone or by | alone, got {first}")
        options = [("AND: all that is ticked", "and"), ("OR: at least one of it", "or")]
        self.logic = choice(joint.__name__.lower(), "joined by", options, "what joins the ticked boxes")
        self.formula = widgets.HTML()
        self.panel = widgets.VBox([grid(wished), grid(unwished), self.logic, self.formula])
        self.write()
        for control in (*self.boxes.values(), self.logic):
            control.observe(self.moved, "value")

    def wish(self) -> Wish | None:
        """Return the wish expressed by the boxes, or None if none is ticked."""
        ticked = [wish for wish, box in self.boxes.items() if box.value]
        return reduce(JOINT[self.logic.value], ticked) if ticked else None

    def write(self) -> None:
        """Show the wish as a formula and in words."""
        wish, text = self.wish(), "Nothing is wished for."
        if wish is not None:
            text = f"<code>{escape(str(wish))}</code><br>Each image is to show: {escape(phrase(wish))}."
        self.formula.value = f'<div role="status" style="line-height: 1.5">{text}</div>'

    def moved(self, change: object) -> None:
        """Write the wish and report the change after a box or the logic has changed."""
        self.write()
        self.changed(change)


def shows(name: str) -> Wish:
    """Return the wish for one class."""
    return Digit(int(name)) if name in DIGITS else Shows(name)


def links(wish: Wish, joint: type[And] | type[Or]) -> list[Wish]:
    """Return the wishes that AND, or OR, joins in a chain."""
    return [*links(wish.first, joint), *links(wish.second, joint)] if isinstance(wish, joint) else [wish]


def box(wish: Wish, ticked: list[Wish]) -> widgets.Widget:
    """Return the check box of a class or its negation."""
    return widgets.Checkbox(value=wish in ticked, description=phrase(wish), indent=False, layout={"width": "auto"})


def grid(boxes: Mapping[Wish, widgets.Widget]) -> widgets.Widget:
    """Return check boxes in columns as wide as the longest name."""
    width = 2.5 + 0.5 * max(len(box.description) for box in boxes.values())
    columns = f"repeat(auto-fill, minmax({width}em, 1fr))"
    return widgets.GridBox([*boxes.values()], layout={"grid_template_columns": columns})


def phrase(wish: Wish) -> str:
    """Return a wish in words."""
    match wish:
        case Not(inner):
            return f"not {phrase(inner)}"
        case And(first, second):
            return f"{phrase(first)} and {phrase(second)}"
        case Or(first, second):
            return f"{phrase(first)} or {phrase(second)}"
        case Shows(name):
            return name.replace("_", " ").lower()
    raise TypeError(f"a wish is built of classes with &, | and ~, got {wish!r}")
