"""What is run: every sweep of the chapter with its cells."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations, product
from random import Random
from typing import Any

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
from studies.desired_images.settings import Settings

REPEATS = {"smoke": 2, "quick": 3, "paper": 10}
SIZES = {"smoke": (20, 2), "quick": (200, 12), "paper": (500, 12)}  # pool and generations
DIGITS = tuple(f"Digit({digit})" for digit in range(10))
THREE, FOUR_OR_EIGHT, GLASSES = "Digit(3)", "Digit(4) | Digit(8)", "Eyeglasses"
EVEN = " | ".join(f"Digit({digit})" for digit in range(0, 10, 2))
RATES = (0.05, 0.2, 0.5, 0.9)
CROSSOVERS = ("no crossover", "one point", "two points", "blend")
RIVALS = ("copies", "fresh draws", "parents by tournament")
OTHERS = [pair for pair in combinations(range(10), 2) if pair != (4, 8)]
PAIRS = [(4, 8), *Random(0).sample(OTHERS, 11)]  # the paper's own, and eleven drawn once
GLASSES_AND_WOMAN = "Eyeglasses & ~Male"
LONGER = 2  # times the generations, for pools that begin with next to nothing
FEW = 5  # pools of each of these 24, which are the units of their rule
MANY = 2  # times the repeats, where a rule asks for 20


def faces() -> list[str]:
    """All 24 wishes for two of the four attributes, each wanted or not."""
    attributes = ("Eyeglasses", "Male", "Mouth_Slightly_Open", "Smiling")
    pairs = combinations(attributes, 2)
    return [f"{a}{first} & {b}{second}" for first, second in pairs for a, b in product(("", "~"), repeat=2)]


def plan(scale: str, device: str = "cpu") -> list[Planned]:
    """Every sweep of the chapter at a scale.

    What needs CelebA's images or hours of training is run at paper scale only.
    """
    population, generations = SIZES[scale]
    base = Settings(scale=scale, population=population, generations=generations, repeats=REPEATS[scale], device=device)
    whole = scale == "paper"
    face = replace(base, dataset="celeba64", wish=GLASSES)

    def cells(start: Settings = base, **values: Sequence[Any]) -> list[Settings]:
        rows = (dict(zip(values, some, strict=True)) for some in product(*values.values()))
        return [replace(start, **row) for row in rows]

    many, both = base.repeats * MANY, (PRINTED, "copies")
    sizes = (population // 5, population * 2)
    pairs = [f"Digit({first}) | Digit({second})" for first, second in PAIRS[:: 1 if whole else 6]]
    digits = DIGITS if scale != "smoke" else DIGITS[3:5]
    shown = cells(face, wish=(*joining.WISHES, GLASSES, "~Smiling"))
    boxed = cells(replace(base, wish="Digit(5)", generations=generations * LONGER), operators=("clipped", PRINTED))
    everywhere = [
        Planned("digits", pools.pools, cells(wish=digits)),
        Planned("sizes", pools.pools, cells(population=sizes)),
        Planned("rates", pools.pools, cells(operators=(PRINTED, "rate per individual"), mutation_rate=RATES)),
        Planned("crossovers", pools.pools, cells(operators=CROSSOVERS)),
        Planned("rivals", pools.courses, cells(wish=digits, operators=RIVALS)),
        Planned("wishes", pools.courses, cells(wish=(THREE, FOUR_OR_EIGHT, "~Digit(1)", EVEN))),
        Planned("either", pools.either, cells(wish=(FOUR_OR_EIGHT,), repeats=(many,))),
        Planned("pairs", partial(pools.either, first_and_last=True), cells(wish=pairs, operators=both)),
        Planned("harvest", pools.harvest, cells(wish=digits) + [face] * whole),
        Planned("sure", sure.sure, cells(wish=digits)),
        Planned("broken", broken.broken, boxed),
        Planned("damage", broken.damage, [base]),
        Planned("sharpness", images.sharpness, [base]),
        Planned("linear", images.linear, [base] + [face] * whole),
        Planned("timing", timing.timing, cells(population=(*sizes, population)), timed=True),
    ]
    rare = cells(face, wish=faces(), generations=(generations * LONGER,), repeats=(FEW,))
    rarer = [base, *cells(face, wish=(GLASSES, GLASSES_AND_WOMAN), repeats=(FEW,))]  # from one in ten to one in ninety
    at_length = [
        Planned("faces", pools.pools, [replace(c, repeats=many) if c.wish == GLASSES_AND_WOMAN else c for c in shown]),
        Planned("census", images.census, [face]),
        Planned("combinations", pools.courses, rare),
        Planned("joining", joining.joining, cells(face, wish=joining.WISHES)),
        Planned("ages", ages.ages, cells(wish=("Digit(5)",))),
        Planned("inputs", inputs.inputs, cells(seed=range(3))),
        Planned("priors", partial(inputs.inputs, kinds=("from U[0, 1]",)), cells(seed=range(2))),
        Planned("recipes", recipes.recipes, [face]),
        Planned("contest", contest.contest, rarer, timed=True),
    ]
    return everywhere + [item if whole else replace(item, cells=[]) for item in at_length]
