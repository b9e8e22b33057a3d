"""The plan of the chapter: every sweep with its cells, about eight CPU hours at paper scale."""

from dataclasses import replace
from typing import Any

from latentlib.study.chapter import Planned
from studies.beyond.experiments.contest import contest, sizes
from studies.beyond.experiments.cost import memory, throughput, workers
from studies.beyond.experiments.sets import sets
from studies.beyond.experiments.tuning import tuning
from studies.beyond.settings import BLUR, DIGIT, GLASSES, JPEG, LABEL, SMILE, WOMEN, Sets, Settings, Sized

Generators = tuple[tuple[str, int], ...]  # data sets and replicates

EVERY: Generators = (
    *(("mnist", 0), ("mnist", 1), ("cifar10", 0), ("cifar10", 1)),
    *(("fashion_mnist", 0), ("celeba", 0)),  # of which the zoo has one each
)
FREE: dict[str, Generators] = {
    LABEL: (("mnist", 0), ("mnist", 1)),  # the data set of the recogniser of exclusive classes
    JPEG: (("mnist", 0), ("fashion_mnist", 0), ("celeba", 0)),
    BLUR: (("mnist", 0), ("fashion_mnist", 0), ("celeba", 0)),
}
WANTED: dict[str, Generators] = {
    DIGIT: (("mnist", 0),),
    **dict.fromkeys((SMILE, GLASSES, WOMEN), (("celeba64", 0),)),
}
DIVERSE: Generators = (("mnist", 0), ("mnist", 1), ("fashion_mnist", 0), ("celeba", 0))
GENES = {"smoke": (16, 512), "quick": (16, 100), "paper": (16, 32, 64, 128, 256, 512)}
Scales = dict[str, dict[str, Any]]

SIZES: Scales = {  # of a contest
    "smoke": {"runs": 2, "trials": 1, "passes": 210},
    "quick": {"runs": 4, "trials": 2, "passes": 1000},
    "paper": {"runs": 32, "trials": 8, "passes": 10_000},
}
FREER: Scales = {"smoke": {}, "quick": {}, "paper": {"runs": 16, "trials": 4}}  # with slow scores
LARGER: Scales = {  # images of 64 x 64
    "smoke": {},
    "quick": {"passes": 500},
    "paper": {"runs": 16, "trials": 4, "passes": 4000},
}
SETS: Scales = {
    "smoke": {"runs": 2, "passes": 600, "size": 8},
    "quick": {"runs": 1, "passes": 20_000, "size": 20},
    "paper": {"runs": 5, "passes": 100_000, "size": 50},
}
SPREAD = {"smoke": (1, 1), "quick": (2, 2), "paper": (8, 5)}  # targets of a cell on workers, and repetitions
FEWER: Scales = {"smoke": {}, "quick": {"runs": 2}, "paper": {"runs": 16}}  # targets with latents of each size


def plan(scale: str, device: str = "cpu") -> list[Planned]:
    """Return every sweep of the chapter at a scale; the contests measure time, and so they run alone."""
    base = Settings(scale=scale, device=device, **SIZES[scale])
    restoring = over(base, EVERY)
    free = [one for goal, some in FREE.items() for one in over(replace(base, goal=goal, **FREER[scale]), some)]
    wanted = [
        one
        for goal, some in WANTED.items()
        for one in over(replace(base, goal=goal, **(LARGER if goal != DIGIT else FREER)[scale]), some)
    ]
    first = [replace(one, runs=1) for one in (*restoring, *free, *wanted) if not one.replicate]
    spread = [replace(restoring[0], runs=SPREAD[scale][0], seed=seed) for seed in range(SPREAD[scale][1])]
    given: dict[str, Any] = {"scale": scale, "device": device}
    sized = [replace(Sized(**{**vars(base), **FEWER[scale]}), genes=genes) for genes in GENES[scale]]
    return [
        Planned("tuning", tuning, first),
        Planned("restoring", contest, restoring, timed=True),
        Planned("free", contest, free, timed=True),
        Planned("wanted", contest, wanted, timed=True),
        Planned("sets", sets, over(Sets(**given, **SETS[scale]), DIVERSE), timed=True),
        Planned("sizes", sizes, [one for size in sized for one in over(size, EVERY[:2])]),
        Planned("throughput", throughput, [one for one in restoring if not one.replicate], timed=True),
        Planned("workers", workers, spread, timed=True),
        Planned("memory", memory, [replace(base, runs=1)]),
    ]


def over(base: Any, generators: Generators) -> list[Any]:
    """Return the settings with every generator."""
    return [replace(base, dataset=dataset, replicate=replicate) for dataset, replicate in generators]
