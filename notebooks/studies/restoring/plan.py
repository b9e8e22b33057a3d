"""The plan of the chapter: every sweep with its cells."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from latentlib import zoo
from latentlib.study.chapter import Planned
from studies.restoring.experiments import (
    cliff,
    details,
    encoder,
    epochs,
    inversion,
    ranges,
    rates,
    rivals,
    splits,
    timing,
)
from studies.restoring.settings import COLOUR, EVERY, GREY, SCALES, Replicate, Settings

FEW = {"grid": 4, "courses": 16, "cliff": 2}  # targets on a CPU
MANY = {"details": 24, "splits": 72}  # targets drawn at random
FEWER = 8  # targets of the other sweeps
RATES = {"smoke": (0.3, 0.4), "quick": (0.1, 0.3, 0.4, 0.9), "paper": rates.RATES}  # of the grid
LONGEST = 300  # iterations of Tables 3 to 6


def plan(scale: str, device: str = "cpu") -> list[Planned]:
    """Return every sweep of the chapter at a scale.

    The paper scale's 64 targets need a GPU, where the grids evolve as one batch with separate rates for each run; on a
    CPU the long sweeps take a few of them.
    """
    size = SCALES[scale]
    base = Settings("mnist", scale, 0, size.population, size.generations, device=device)
    steps = RATES[scale]

    def cells(name: str, datasets: Sequence[str] = EVERY, **values: Sequence[Any]) -> list[Settings]:
        usual = size.targets if device != "cpu" else FEW.get(name, FEWER) if scale == "paper" else 2
        few = MANY.get(name, usual) if scale == "paper" else usual
        chosen = {"dataset": datasets, **values}
        combinations = (dict(zip(chosen, combination, strict=True)) for combination in product(*chosen.values()))
        return [replace(base, targets=few, **combination) for combination in combinations]

    both: dict[str, Sequence[Any]] = {"fitness": ("mse", "ssim")}
    longer: dict[str, Sequence[Any]] = {"generations": (size.generations * LONGEST // 200,)}
    cross = [
        replace(cell, mating_rate=mating, mutation_rate=mutation)
        for cell in cells("courses", **both, **longer)
        for mating, mutation in rates.CROSS
    ]
    again = [
        Replicate(**vars(cell), replicate=seed)
        for cell in cells("replicates")
        for seed in zoo.REPLICATES.get(cell.model, ())
    ]
    shorter: dict[str, Sequence[Any]] = {"generations": (size.generations // 2,)}
    grey, colour = (sets[:1] if scale == "smoke" else sets for sets in (GREY, COLOUR))
    questions = [h for cell in cells("cliff", grey, **both, **shorter) for h in cliff.hypotheses(cell)]
    in_colour = [h for cell in cells("cliff", colour) for h in cliff.hypotheses(cell)]
    return [
        Planned("ranges", ranges.ranges, cells("ranges")),
        Planned("grid", rates.course, cells("grid", **both, mating_rate=steps, mutation_rate=steps), rates.one_batch),
        Planned("courses", rates.course, cross, rates.one_batch),
        Planned("rivals", rivals.rivals, cells("rivals", **both)),
        Planned("replicates", rivals.rivals, again),
        Planned("splits", splits.splits, [*cells("splits"), *cells("splits", COLOUR, fitness=("ssim",))]),
        Planned("inversion", inversion.inversion, cells("inversion")),
        Planned("cliff", cliff.cliff, questions),
        Planned("cliff_in_colour", cliff.cliff, in_colour),
        Planned("encoder", encoder.encoder, cells("encoder")),
        Planned("details", details.details, cells("details")),
        Planned("epochs", epochs.epochs, cells("epochs", COLOUR)),
        Planned("timing", timing.timing, cells("timing", GREY), timed=True),
    ]
