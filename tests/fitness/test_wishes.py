"""Wishes: scored as the paper prints them, read as they are written, refused where they make no sense."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latentlib.fitness import wishes
from latentlib.fitness.wishes import Digit, Eyeglasses, Male, Shows, Smiling

NAMES = ("Eyeglasses", "Male", "Mouth_Slightly_Open", "Smiling")
DIGITS = tuple("0123456789")


def trees(leaves):
    """Wishes of any depth over the given ones."""
    return st.recursive(
        leaves,
        lambda smaller: st.one_of(
            smaller.map(lambda a: ~a),
            st.tuples(smaller, smaller).map(lambda pair: pair[0] & pair[1]),
            st.tuples(smaller, smaller).map(lambda pair: pair[0] | pair[1]),
        ),
        max_leaves=8,
    )


ATTRIBUTES = trees(st.sampled_from(NAMES).map(Shows))
NUMBERS = trees(st.integers(0, 9).map(Digit))


def printed(wish, chances):
    """R of a wish by the paper's formulas from a probability of each class, one number each."""
    match wish:
        case wishes.Not(inner):
            return 1 - printed(inner, chances)
        case wishes.And(first, second):
            return min(printed(first, chances), printed(second, chances))
        case wishes.Or(first, second):
            return max(printed(first, chances), printed(second, chances))
    return chances[wish.name]


def true_of(wish, holds):
    """Whether a wish is true where exactly the classes `holds` are, by Python's own logic on its text."""
    text = str(wish).replace("~", " not ").replace("&", " and ").replace("|", " or ")
    known = {name: name in holds for name in NAMES}
    return eval(text, {"Digit": lambda digit: str(digit) in holds, **known})


@given(ATTRIBUTES, st.lists(st.floats(0.01, 0.99), min_size=4, max_size=4))
def test_the_sigmoid_of_a_score_is_the_number_the_paper_prints(wish, chances):
    odds = {
        name: torch.tensor([chance], dtype=torch.float64).logit() for name, chance in zip(NAMES, chances, strict=True)
    }
    expected = printed(wish, dict(zip(NAMES, chances, strict=True)))
    assert float(wish.score(odds).sigmoid()) == pytest.approx(expected, abs=1e-9)


@given(st.one_of(ATTRIBUTES, NUMBERS))
def test_a_wish_reads_as_it_is_written(wish):
    assert wishes.read(str(wish)) == wish
    names = {name: Shows(name) for name in NAMES}
    assert repr(eval(repr(wish), {"Digit": Digit, **names})) == repr(wish)


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        (Smiling & ~Male, "Smiling & ~Male"),
        (Digit(4) | Digit(8), "Digit(4) | Digit(8)"),
        (~(Smiling | Male) & Eyeglasses, "~(Smiling | Male) & Eyeglasses"),
        (Smiling & Male | Eyeglasses, "Smiling & Male | Eyeglasses"),
        (Smiling & (Male | Eyeglasses), "Smiling & (Male | Eyeglasses)"),
        (Smiling & (Male & Eyeglasses), "Smiling & (Male & Eyeglasses)"),
        (~~Smiling, "~~Smiling"),
        (Shows("ankle boot") | Shows("bag"), "Shows('ankle boot') | bag"),
    ],
)
def test_brackets_stand_where_they_are_needed(wish, text):
    assert repr(wish) == text
    assert wishes.read(text) == wish


@given(ATTRIBUTES)
def test_a_wish_of_attributes_is_refused_exactly_if_no_face_can_meet_it(wish):
    faces = [{name for bit, name in enumerate(NAMES) if number >> bit & 1} for number in range(16)]
    possible = any(true_of(wish, face) for face in faces)
    assert refused(wish, NAMES, exclusive=False) is not possible


@given(NUMBERS)
def test_a_wish_of_digits_is_refused_exactly_if_no_digit_meets_it(wish):
    possible = any(true_of(wish, {digit}) for digit in DIGITS)
    assert refused(wish, DIGITS, exclusive=True) is not possible


def refused(wish, classes, exclusive):
    try:
        wishes.check(wish, classes, exclusive)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("wish", [Digit(3) & ~Digit(3), Digit(3) & Digit(4), ~(Digit(3) | ~Digit(3))])
def test_contradictions_of_digits_are_named(wish):
    with pytest.raises(ValueError, match="contradicts itself, no image can meet it: of these classes an image shows"):
        wishes.check(wish, DIGITS, exclusive=True)


@pytest.mark.parametrize("text", ["Digit(12)", "Digit(True)"])
def test_a_digit_that_there_is_not_is_not_read(text):
    with pytest.raises(ValueError, match="digit must be one of 0 to 9, got"):
        wishes.read(text)


@pytest.mark.parametrize("wish", ["Digit(3)", None, 3])
def test_what_is_no_wish_is_not_checked_as_one(wish):
    with pytest.raises(TypeError, match=r"a wish is built of classes such as Digit\(3\) or Smiling, .* got"):
        wishes.check(wish, DIGITS, exclusive=True)


def test_two_attributes_may_hold_at_once():
    wishes.check(Smiling & Male, NAMES, exclusive=False)
    with pytest.raises(ValueError, match=r"Smiling & ~Smiling contradicts itself, no image can meet it$"):
        wishes.check(Smiling & ~Smiling, NAMES, exclusive=False)


def test_an_unknown_class_is_named_beside_the_known():
    with pytest.raises(ValueError, match=r"the recogniser knows Eyeglasses, .*, but Smiling \| Hat names Hat$"):
        wishes.check(Smiling | Shows("Hat"), NAMES, exclusive=False)


def test_too_many_attributes_are_counted():
    names = [f"a{number}" for number in range(17)]
    wish = Shows(names[0])
    for name in names[1:]:
        wish = wish & Shows(name)
    with pytest.raises(ValueError, match="at most 16 attributes, got 17"):
        wishes.check(wish, names, exclusive=False)


@pytest.mark.parametrize("digit", [-1, 10, 3.5, 3.0, "3", True, None])
def test_what_is_no_digit_is_refused(digit):
    with pytest.raises(ValueError, match="digit must be one of 0 to 9, got"):
        Digit(digit)


@pytest.mark.parametrize("use", [lambda: Smiling and Male, lambda: not Smiling, lambda: [1] if Male else []])
def test_pythons_own_logic_is_refused(use):
    with pytest.raises(TypeError, match=r"join wishes with &, \| and ~"):
        use()


@pytest.mark.parametrize("other", [3, "Male", None])
def test_a_wish_joins_only_wishes(other):
    with pytest.raises(TypeError, match="a wish is joined with a wish"):
        Smiling & other
    with pytest.raises(TypeError, match="a wish is joined with a wish"):
        Smiling | other


@pytest.mark.parametrize(
    "text",
    [
        *("", "Smiling and Male", "Digit(12", "Digit(3.5)", "print('x')", "Smiling + Male", "-Smiling", "3", "a.b"),
        *("Digit()", "Digit(3, 4)", "Digit(digit=3)", "Shows(3)", "Male; Smiling"),
    ],
)
def test_what_is_no_wish_is_not_read(text):
    with pytest.raises(ValueError, match="a wish reads like"):
        wishes.read(text)
