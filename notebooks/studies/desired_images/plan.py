"""The plan of the chapter: every sweep with its cells."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations, product
from typing import Any

from latentlib import zoo
from latentlib.study.chapter import Planned
from studies.desired_images.experiments import (
    ages,
    broken,
    contest,
    images,
    inputs,
    joining,
    pools,
    recipes,
    sure,
    timing,
)
from studies.desired_images.operators import PRINTED
from studies.desired_images.settings import OtherRecogniser, Settings

REPEATS = {"smoke": 2, "quick": 3, "paper": 10}
SIZES = {"smoke": (20, 2), "quick": (200, 12), "paper": (500, 12)}  # pool and generations
DIGITS = tuple(f"Digit({digit})" for digit in range(10))
THREE, FOUR_OR_EIGHT, GLASSES = "Digit(3)", "Digit(4) | Digit(8)", "Eyeglasses"
SEEDS = zoo.REPLICATES["recogniser/mnist"]  # of the other recognisers
EVEN = " | ".join(f"Digit({digit})" for digit in range(0, 10, 2))
RATES = (0.05, 0.2, 0.5, 0.9)
CROSSOVERS = ("no crossover", "one point", "two points", "blend")
RIVALS = ("copies", "fresh draws", "parents by tournament")
PAIRS = sorted(combinations(range(10), 2), key=lambda pair: pair != (4, 8))  # all 45, first the paper's own
GLASSES_AND_WOMAN = "Eyeglasses & ~Male"
LONGER = 2  # factor of the generations, for pools that begin with next to nothing
FEW = {"smoke": 2, "quick": 3, "paper": 5}  # pools per wish for these 24 wishes, which are the units of their rule
MANY = 2  # factor of the repeats, where a rule asks for 20


def faces() -> list[str]:
    """Return all 24 wishes for two of the four attributes, each wanted or not."""
    attributes = ("Eyeglasses", "Male", "Mouth_Slightly_Open", "Smiling")
    pairs = combinations(attributes, 2)
    return [f"{a}{first} & {b}{second}" for first, second in pairs for a, b in product(("", "~"), repeat=2)]


def plan(scale: str, device: str = "cpu") -> list[Planned]:
    """Return every sweep of the chapter at a scale."""
    population, generations = SIZES[scale]
    base = Settings(scale=scale, population=population, generations=generations, repeats=REPEATS[scale], device=device)
    return [*plain(base), *at_length(base)]


def cells(start: Settings, **values: Sequence[Any]) -> list[Settings]:
    """Return the settings with all combinations of other values."""
    rows = (dict(zip(values, some, strict=True)) for some in product(*values.values()))
    return [replace(start, **row) for row in rows]


def plain(base: Settings) -> list[Planned]:
    """Return the sweeps over pools of digits, at `paper` scale also over a few faces."""
    digits = DIGITS if base.scale != "smoke" else (THREE,)
    face = [replace(base, dataset="celeba64", wish=GLASSES)] * (base.scale == "paper")
    sizes, both = (base.population // 5, base.population * 2), (PRINTED, "copies")
    pairs = [f"Digit({first}) | Digit({second})" for first, second in PAIRS[:: 1 if base.scale == "paper" else 16]]
    either = replace(base, wish=FOUR_OR_EIGHT, repeats=base.repeats * MANY)
    others = [OtherRecogniser(**vars(either), recogniser=seed) for seed in SEEDS]
    others = [OtherRecogniser(**vars(either), recogniser=seed) for seed in SEEDS]
    others = [OtherRecogniser(**vars(either), recogniser=seed) for seed in SEEDS]
    longer = replace(base, wish="Digit(5)", generations=base.generations * LONGER)
    return [
        Planned("digits", pools.pools, cells(base, wish=digits)),
        Planned("sizes", pools.pools, cells(base, population=sizes)),
        Planned("rates", pools.pools, cells(base, operators=(PRINTED, "rate per individual"), mutation_rate=RATES)),
        Planned("crossovers", pools.pools, cells(base, operators=CROSSOVERS)),
        Planned("rivals", pools.courses, cells(base, wish=digits, operators=RIVALS)),
        Planned("wishes", pools.courses, cells(base, wish=(THREE, FOUR_OR_EIGHT, "~Digit(1)", EVEN))),
        Planned("either", pools.either, [either]),
        Planned("recognisers_of_either", pools.either, others),
        Planned("pairs", partial(pools.either, first_and_last=True), cells(base, wish=pairs, operators=both)),
        Planned("harvest", pools.harvest, cells(base, wish=digits) + face),
        Planned("sure", sure.sure, cells(base, wish=digits)),
        Planned("broken", broken.broken, cells(longer, operators=("clipped", PRINTED))),
        Planned("damage", broken.damage, [base]),
        Planned("sharpness", images.sharpness, [base]),
        Planned("linear", images.linear, [base, *face]),
        Planned("timing", timing.timing, cells(base, population=(*sizes, base.population)), timed=True),
    ]


def at_length(base: Settings) -> list[Planned]:
    """Return the sweeps over faces, and those that train their own networks."""
    face, few = replace(base, dataset="celeba64", wish=GLASSES), (FEW[base.scale],)
    shown = cells(face, wish=(*joining.WISHES, GLASSES, "~Smiling"))
    shown = [replace(c, repeats=base.repeats * MANY) if c.wish == GLASSES_AND_WOMAN else c for c in shown]
    rare = cells(face, wish=faces()[:: 4 if base.scale == "smoke" else 1], generations=(base.generations * LONGER,))
    rarer = [base, *cells(face, wish=(GLASSES, GLASSES_AND_WOMAN), repeats=few)]  # from one in ten to one in ninety
    return [
        Planned("faces", pools.pools, shown),
        Planned("census", images.census, [face]),
        Planned("combinations", pools.courses, [replace(cell, repeats=few[0]) for cell in rare]),
        Planned("joining", joining.joining, cells(face, wish=joining.JOINED, repeats=few)),
        Planned("ages", ages.ages, cells(base, wish=("Digit(5)",))),
        Planned("inputs", inputs.inputs, cells(base, seed=range(3 if base.scale != "smoke" else 2))),
        Planned("priors", partial(inputs.inputs, kinds=("from U[0, 1]",)), cells(base, seed=range(2))),
        Planned("recipes", recipes.recipes, [face]),
        Planned("contest", contest.contest, rarer, timed=True),
    ]
