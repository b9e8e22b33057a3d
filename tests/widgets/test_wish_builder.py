"""Check boxes to wishes and back, against the wish as it is written."""

import pytest
from tiny_recogniser import NAMES, Pixels

from latentlib.fitness import wishes
from latentlib.widgets.wish_builder import WishBuilder

DIGITS = Pixels("0123456789", True)
FACES = Pixels(NAMES, False)


def boxes(text, recogniser=FACES):
    told = []
    made = WishBuilder(recogniser, wishes.read(text), told.append)
    return made, told, {box.description: box for box in made.boxes.values()}


@pytest.mark.parametrize(
    ("text", "recogniser", "ticked", "logic"),
    [
        ("Digit(3)", DIGITS, {"3"}, "and"),
        ("~Digit(3)", DIGITS, {"not 3"}, "and"),
        ("Digit(4) | Digit(8)", DIGITS, {"4", "8"}, "or"),
        ("~Male & Smiling & ~Mouth_Slightly_Open", FACES, {"smiling", "not male", "not mouth slightly open"}, "and"),
        ("Eyeglasses | (Smiling | ~Male)", FACES, {"eyeglasses", "smiling", "not male"}, "or"),
    ],
)
def test_the_first_wish_is_ticked_and_read_off_again(text, recogniser, ticked, logic):
    made, _, named = boxes(text, recogniser)
    assert {name for name, box in named.items() if box.value} == ticked
    assert made.logic.value == logic
    again = made.wish()
    assert again.names() == wishes.read(text).names()
    worlds = wishes.worlds(again, recogniser.classes, recogniser.exclusive)
    assert (again.score(worlds) == wishes.read(text).score(worlds)).all()


def test_every_class_has_a_box_and_a_box_for_its_contrary():
    assert list(boxes("Smiling")[2]) == [
        *("eyeglasses", "male", "mouth slightly open", "smiling"),
        *("not eyeglasses", "not male", "not mouth slightly open", "not smiling"),
    ]


def test_ticking_writes_the_formula_and_the_words():
    made, told, named = boxes("Smiling")
    assert "<code>Smiling</code>" in made.formula.value
    named["not male"].value = True
    assert str(made.wish()) == "Smiling & ~Male"
    assert "<code>Smiling &amp; ~Male</code>" in made.formula.value
    assert "Each image is to show: smiling and not male." in made.formula.value
    made.logic.value = "or"
    assert str(made.wish()) == "Smiling | ~Male"
    assert "smiling or not male" in made.formula.value
    assert len(told) == 2


def test_without_a_tick_there_is_no_wish():
    made, _, named = boxes("Smiling")
    named["smiling"].value = False
    assert made.wish() is None
    assert "Nothing is wished for" in made.formula.value


@pytest.mark.parametrize(
    ("text", "recogniser", "sentence"),
    [
        ("(Smiling | Male) & ~Eyeglasses", FACES, "check boxes say classes joined by & alone or by | alone, got"),
        ("~~Smiling", FACES, "check boxes say classes joined"),
        ("Smiling & Hat", FACES, "the recogniser knows Eyeglasses, .* names Hat"),
        ("Smiling", DIGITS, "the recogniser knows 0, 1, .* names Smiling"),
        ("Digit(3) & Digit(4)", DIGITS, "contradicts itself, no image can meet it"),
    ],
)
def test_a_first_wish_that_boxes_cannot_say_is_refused(text, recogniser, sentence):
    with pytest.raises(ValueError, match=sentence):
        boxes(text, recogniser)
