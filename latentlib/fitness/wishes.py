"""Wishes: the classes that an image should show, joined with `&`, `|` and `~`.

`Smiling & ~Male`, `Digit(4) | Digit(8)`: the single target, NOT, AND and OR of Li et al., section III-C. There a
target scores R, the recogniser's probability; NOT scores 1 - R, AND the minimum, OR the maximum. All of these
keep or reverse the order of probabilities, so a wish is scored on log-odds instead, where NOT is a change of sign
and nothing rounds to 0 or 1; the sigmoid of its score is the paper's number.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor

LONGEST, DEEPEST = 2000, 100  # characters of a written wish and levels of nesting: more than any sensible wish
MOST = 16  # attributes of a wish: all 2**MOST combinations are searched for a contradiction


class Wish:
    """What an image should show; joined with `&`, `|` and `~`, while `and`, `or` and `not` raise a TypeError."""

    def __and__(self, other: "Wish") -> "Wish":
        return And(self, other)

    def __or__(self, other: "Wish") -> "Wish":
        return Or(self, other)

    def __invert__(self) -> "Wish":
        return Not(self)

    def __bool__(self) -> bool:
        raise TypeError(f"join wishes with &, | and ~, not with `and`, `or` and `not`, and never ask for truth: {self}")

    def score(self, odds: Mapping[str, Tensor]) -> Tensor:
        """Return the wish's log-odds, in the shape of those of each class."""
        raise NotImplementedError

    def names(self) -> frozenset[str]:
        """Return the classes that occur in the wish."""
        raise NotImplementedError

    def met(self, classes: Sequence[str], answers: Tensor) -> Tensor:
        """Return whether answers (n, classes) of yes and no meet the wish, bool (n,)."""
        return self.score(certain(classes, answers)) > 0


@dataclass(frozen=True, repr=False)
class Shows(Wish):
    """A wish that the image shows one class, such as `Shows("Smiling")`; scores R."""

    name: str

    def __repr__(self) -> str:
        return self.name if self.name.isidentifier() else f"Shows({self.name!r})"

    def score(self, odds: Mapping[str, Tensor]) -> Tensor:
        """Return the log-odds of the class."""
        return odds[self.name]

    def names(self) -> frozenset[str]:
        """Return the one class."""
        return frozenset([self.name])


class Digit(Shows):
    """A wish that the image shows a digit, 0 to 9."""

    def __init__(self, digit: int) -> None:
        if type(digit) is not int or digit not in range(10):
            raise ValueError(f"digit must be one of 0 to 9, got {digit!r}")
        super().__init__(str(digit))

    def __repr__(self) -> str:
        return f"Digit({self.name})"


@dataclass(frozen=True, repr=False)
class Not(Wish):
    """A wish that the image does not meet another; scores 1 - R."""

    wish: Wish

    def __repr__(self) -> str:
        return f"~{bracketed(self.wish, And, Or)}"

    def score(self, odds: Mapping[str, Tensor]) -> Tensor:
        """Return the negated log-odds."""
        return -self.wish.score(odds)

    def names(self) -> frozenset[str]:
        """Return the classes that occur in the wish."""
        return self.wish.names()


@dataclass(frozen=True, repr=False)
class Both(Wish):
    """Two wishes, joined by AND or OR."""

    first: Wish
    second: Wish

    def __post_init__(self) -> None:
        for wish in (self.first, self.second):
            if not isinstance(wish, Wish):
                raise TypeError(f"a wish is joined with a wish, such as Digit(3) or Smiling, got {wish!r}")

    def names(self) -> frozenset[str]:
        """Return the classes that occur in the wish."""
        return self.first.names() | self.second.names()


class And(Both):
    """A wish that the image meets both wishes; scores the smaller R."""

    def __repr__(self) -> str:
        return f"{bracketed(self.first, Or)} & {bracketed(self.second, And, Or)}"

    def score(self, odds: Mapping[str, Tensor]) -> Tensor:
        """Return the smaller log-odds."""
        return torch.minimum(self.first.score(odds), self.second.score(odds))


class Or(Both):
    """A wish that the image meets at least one of two wishes; scores the larger R."""

    def __repr__(self) -> str:
        return f"{self.first} | {bracketed(self.second, Or)}"

    def score(self, odds: Mapping[str, Tensor]) -> Tensor:
        """Return the larger log-odds."""
        return torch.maximum(self.first.score(odds), self.second.score(odds))


Eyeglasses, Male, Mouth_Slightly_Open, Smiling = map(Shows, ("Eyeglasses", "Male", "Mouth_Slightly_Open", "Smiling"))


def certain(classes: Sequence[str], answers: Tensor) -> dict[str, Tensor]:
    """Return answers (n, classes) of yes and no as log-odds (n,) of each class, 1 or -1."""
    return dict(zip(classes, 2.0 * answers.T - 1, strict=True))


def bracketed(wish: Wish, *looser: type[Wish]) -> str:
    """Return the wish as written, in brackets if it binds less tightly than its surroundings."""
    return f"({wish})" if isinstance(wish, looser) else str(wish)


def read(text: str) -> Wish:
    """Return the wish written as `text`; raise a ValueError for any other text, or one too long or too deep."""
    if isinstance(text, str) and len(text) > LONGEST:
        raise ValueError(f"a wish is written in at most {LONGEST:,} characters, got {len(text):,}")
    try:
        return build(ast.parse(str.strip(text), mode="eval").body)
    except (SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise ValueError(f"a wish reads like 'Smiling & ~Male' or 'Digit(4) | Digit(8)', got {text!r:.100}") from error


def build(node: ast.expr, depth: int = 0) -> Wish:
    """Return the wish of a syntax tree; raise a TypeError if it is none, a ValueError if it is too deep."""
    if depth > DEEPEST:
        raise ValueError(f"wishes are joined within wishes at most {DEEPEST} deep")
    match node:
        case ast.BinOp(left, ast.BitAnd(), right):
            return And(build(left, depth + 1), build(right, depth + 1))
        case ast.BinOp(left, ast.BitOr(), right):
            return Or(build(left, depth + 1), build(right, depth + 1))
        case ast.UnaryOp(ast.Invert(), operand):
            return Not(build(operand, depth + 1))
        case ast.Name(name):
            return Shows(name)
        case ast.Call(ast.Name("Digit"), [ast.Constant(int(digit))], []):
            return Digit(digit)
        case ast.Call(ast.Name("Shows"), [ast.Constant(str(name))], []):
            return Shows(name)
    raise TypeError(ast.unparse(node))


def check(wish: Wish, classes: Sequence[str], exclusive: bool) -> None:
    """Raise a ValueError for unknown classes or a wish that no image can meet, a TypeError for anything but a wish."""
    if not isinstance(wish, Wish):
        raise TypeError(f"a wish is built of classes such as Digit(3) or Smiling, or read from text, got {wish!r}")
    unknown = sorted(wish.names() - set(classes))
    if unknown:
        raise ValueError(f"the recogniser knows {', '.join(classes)}, but {wish} names {', '.join(unknown)}")
    if not bool((wish.score(worlds(wish, classes, exclusive)) > 0).any()):
        why = ": of these classes an image shows exactly one" if exclusive else ""
        raise ValueError(f"{wish} contradicts itself, no image can meet it{why}")


def worlds(wish: Wish, classes: Sequence[str], exclusive: bool) -> dict[str, Tensor]:
    """Return all combinations of classes that an image can show, as log-odds (ways,) of each class, 1 or -1."""
    if exclusive:
        return certain(classes, torch.eye(len(classes)))
    names = sorted(wish.names())
    if len(names) > MOST:
        raise ValueError(f"a wish may name at most {MOST} attributes, got {len(names)}")
    ways = torch.tensor(list(product((-1.0, 1.0), repeat=len(names))))
    return dict(zip(names, ways.T, strict=True))
