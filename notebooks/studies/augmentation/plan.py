"""The plan of the chapter: every sweep with its cells, in the order of what decides most claims."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from latentlib import data
from latentlib.study.chapter import Planned
from studies.augmentation.experiments.amounts import MANY, REAL, Varied, amounts
from studies.augmentation.experiments.contest import contest
from studies.augmentation.experiments.folds import DOSES, Dosed, folds, leak
from studies.augmentation.experiments.gans import gans
from studies.augmentation.experiments.supervision import Long, supervision
from studies.augmentation.settings import Settings

LOOK_ALIKES, HEADS, HUSHEM = "fashion_lookalikes", "mhsma", "hushem"
SMALL = {
    "steps": 5,
    "population": 4,
    "generations": 2,
    "candidates": 160,
    "classifiers": 2,
    "fitting": 5,
    "tested": 200,
}
HALF = {"steps": 500, "population": 20, "generations": 10, "candidates": 500, "classifiers": 1, "fitting": 200}
SIZES: dict[str, dict[str, int]] = {"smoke": SMALL, "quick": HALF, "paper": {}}
EVOLVED = {"smoke": 3, "quick": 20, "paper": 501}  # generations of a supervisor of the page's length
DRAWS = {  # by table: seeds
    "smoke": {"contest": 2, "supervision": 2, "gans": 2, "folds": 2, "leak": 2, "amounts": 2},
    "quick": {"contest": 2, "supervision": 1, "gans": 1, "folds": 1, "leak": 1, "amounts": 1},
    "paper": {"contest": 40, "supervision": 5, "gans": 10, "folds": 5, "leak": 10, "amounts": 10},
}
SPERM = {"smoke": 2, "quick": 1, "paper": 20}  # draws of the two sets of sperm heads


def plan(scale: str, device: str = "cpu") -> list[Planned]:
    """Return every sweep of the chapter at a scale; HuSHeM has a part in it where its images are found."""
    given: dict[str, Any] = {"scale": scale, "device": device, **SIZES[scale]}
    draws, base, dosed = DRAWS[scale], Settings(**given), Dosed(**given)
    sperm = [HEADS] + [HUSHEM] * (data.extent(HUSHEM) != "nothing")
    heads = [replace(one, dataset=name) for name in sperm for one in drawn(base, SPERM[scale])]
    return [
        Planned("contest", contest, [*drawn(base, draws["contest"]), *heads]),
        Planned("supervision", supervision, list(drawn(Long(**given, evolved=EVOLVED[scale]), draws["supervision"]))),
        Planned("gans", gans, list(drawn(base, draws["gans"]))),
        Planned("folds", folds, list(drawn(base, draws["folds"]))),
        Planned("leak", leak, [replace(one, dose=dose) for dose in DOSES for one in drawn(dosed, draws["leak"])]),
        Planned("amounts", amounts, list(varied(Varied(**given), draws["amounts"], whole=scale == "paper"))),
    ]


def drawn(base: Any, draws: int) -> Iterator[Any]:
    """Yield the settings with every seed."""
    return (replace(base, seed=seed) for seed in range(draws))


def varied(base: Varied, draws: int, whole: bool) -> Iterator[Varied]:
    """Yield the settings with every number of real images, and with better GANs for some; else what ships allows."""
    for one in drawn(base, draws):
        yield from (replace(one, images=images) for images in (REAL if whole else REAL[:3:2]))
        yield from (replace(one, images=images, gan_data=MANY) for images in REAL[::2] * whole)
