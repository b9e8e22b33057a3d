"""Is it the descriptors? Maps of what sets of images show, with as many cells as the paper's; and CMA-MAE."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pandas as pd
import torch
from torch import Tensor

from latentlib import zoo
from latentlib.checks import check_choice
from latentlib.evolution import Grid, MapElites, Tournament
from latentlib.fitness.diversity import Diversity
from latentlib.models.judge import Judge
from studies.diversity.experiments.appearance import Seeing, brightness, main_directions, stroke_width
from studies.diversity.experiments.contest import ELITES, VARIATION, Contest
from studies.diversity.experiments.dissection import cells_on, course
from studies.diversity.experiments.evaluator import METRICS, Evaluator
from studies.diversity.experiments.illumination import by_cma_mae
from studies.diversity.experiments.maps import GRID
from studies.diversity.experiments.measures import length
from studies.diversity.experiments.random_sets import drawn
from studies.diversity.settings import Sets

SIMILARITY = "similarity"  # the paper's: its mean and maximum
OTHERS = ("class entropy", "stroke width", "judge features")  # the first two with brightness
CMA = "CMA-MAE"
GOAL = "rmse"
DRAWN = 400_000  # added to the seed of the random sets that say how far a map reaches
WIDER = 2.0  # on either side, of their range: evolved sets lie many deviations away

Measure = Callable[[Tensor], Tensor]  # from images (sets, n, channels, height, width) to numbers (sets,)


@dataclass(frozen=True)
class Mapped(Sets):
    """Settings of a search on a map. Its `sets` are those random ones that say how far the map reaches.

    Args:
        descriptors: `similarity` or one of `OTHERS`.
        method: MAP-Elites or CMA-MAE.
    """

    sets: int = 200
    descriptors: str = SIMILARITY
    method: str = ELITES

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("descriptors", self.descriptors, (SIMILARITY, *OTHERS))
        check_choice("method", self.method, (ELITES, CMA))


class Remembering(Diversity):
    """A diversity that remembers the images that it judged last."""

    seen: Tensor

    def outputs(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the sets of images, as `Diversity` does."""
        self.seen = super().outputs(latents, run)
        return self.seen


class Describing(Evaluator):
    """An evaluator that places sets by measures of their images, and keeps the places.

    Args:
        contest: of the generator.
        measures: one an axis; none for the mean and maximum similarity.
    """

    def __init__(self, contest: Contest, measures: tuple[Measure, ...]) -> None:
        size, runs = contest.settings.size, contest.settings.repeats
        super().__init__(contest.generator, GOAL, size, runs)
        self.diversity: Remembering = Remembering(contest.generator, size, METRICS[GOAL], runs)
        self.measures = measures
        self._placed: list[tuple[Tensor, Tensor]] = []

    def measured(self, latents: Tensor, run: Tensor) -> tuple[Tensor, Tensor]:
        """Return fitness (n,) and places (n, axes) of sets (n, genes) of the runs (n,)."""
        fitness, places = super().measured(latents, run)
        if self.measures:
            places = torch.stack([measure(self.diversity.seen) for measure in self.measures], dim=1).double()
        self._placed.append((run.cpu(), places.cpu()))
        return fitness, places

    def placed(self) -> Tensor:
        """Return the places (runs, sets, axes) of every set, in the order of judging."""
        run, places = (torch.cat(some) for some in zip(*self._placed, strict=True))
        return torch.stack([places[run == one] for one in range(self.runs)])


def descriptors(settings: Mapped) -> pd.DataFrame:
    """Return the course of every run of a search on a map.

    One row per `run` and number of `evaluated` sets, as in `dissection`: `best`, `quality` and `visited` (of the
    paper's map), and `filled`, cells of the map itself. Rows of the last number have the `length` of the best set's
    latents, relative to that of the prior's.
    """
    contest = Contest(settings)
    measures, grid = mapped(contest, settings)
    evaluator = Describing(contest, measures)
    (on_map if settings.method == ELITES else by_cma_mae)(contest, evaluator, grid)
    told, places = evaluator.told(GOAL), evaluator.placed()
    lengths = length(contest.sets_of(evaluator.best[GOAL].latents)).tolist()
    rows: list[dict[str, object]] = []
    for run in range(settings.repeats):
        rows += course(run, told[run], cells_on(grid, places[run]), settings)
        rows[-1]["length"] = lengths[run]
    return pd.DataFrame(rows)


def on_map(contest: Contest, evaluator: Describing, grid: Grid) -> None:
    """Fill a map as the paper does its own: random parents, one child at a time."""
    settings = contest.settings
    search = MapElites(grid, settings.population, selection=Tournament(1), offspring=1, **VARIATION)
    children = settings.evaluations - settings.population
    search.evolve(evaluator, children, settings.seed, initial=contest.first_sets)


def mapped(contest: Contest, settings: Mapped) -> tuple[tuple[Measure, ...], Grid]:
    """Return the measures and the grid of a map."""
    if settings.descriptors == SIMILARITY:
        return (), GRID
    shown = [images for _, images in drawn(contest, settings, DRAWN)]
    measures = measures_of(settings, shown)
    found = [torch.cat([measure(images) for images in shown]) for measure in measures]
    return measures, Grid(GRID.bins, tuple(reach(values) for values in found))


def reach(values: Tensor) -> tuple[float, float]:
    """Return the range of values (n,) of random sets, made wider."""
    low, high = float(values.min()), float(values.max())
    return low - WIDER * (high - low), high + WIDER * (high - low)


def measures_of(settings: Mapped, shown: list[Tensor]) -> tuple[Measure, ...]:
    """Return the measures of a map, given images of random sets (sets, n, channels, height, width)."""
    if settings.descriptors == "stroke width":
        return stroke_width, brightness
    seeing = Seeing(cast(Judge, zoo.load(f"judge/{settings.dataset}", settings.device)))
    if settings.descriptors == "class entropy":
        return seeing.entropy, brightness
    directions = main_directions(torch.cat([seeing.features(images).flatten(0, 1) for images in shown]), 2)
    return tuple(
        lambda images, along=along: seeing.features(images).double().mean(dim=1) @ along for along in directions
    )
