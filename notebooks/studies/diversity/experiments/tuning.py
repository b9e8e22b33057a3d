"""The settings of Table 2 and others, one factor at a time."""

from dataclasses import dataclass

import pandas as pd

from latentlib.checks import check_choice, check_rate
from latentlib.evolution import Generational, Tournament
from latentlib.study.parameters import check_counts, check_number
from studies.diversity.experiments.contest import Contest
from studies.diversity.experiments.evaluator import METRICS
from studies.diversity.experiments.evolved import evolved
from studies.diversity.settings import Settings

FACTORS: dict[str, tuple[int, ...] | tuple[float, ...]] = {  # besides the paper's
    "elites": (0, 5),
    "tournament": (2, 7),
    "mating_rate": (0.0, 1.0),
    "mutation_rate": (0.002, 0.1),
}


@dataclass(frozen=True)
class Tuned(Settings):
    """Settings of a genetic algorithm; its own are the paper's by default.

    Args:
        metric: whose minus is the fitness, a key of `METRICS`.
        elites: of a population that stay, at least 0.
        tournament: rivals for a parent, at least 1.
        mating_rate: in [0, 1].
        mutation_rate: of a gene, in [0, 1].
    """

    metric: str = "rmse"
    elites: int = 1
    tournament: int = 3
    mating_rate: float = 0.7
    mutation_rate: float = 0.02

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("metric", self.metric, tuple(METRICS))
        check_counts(self, {"elites": 0, "tournament": 1})
        for name in ("mating_rate", "mutation_rate"):
            check_number(name, getattr(self, name))
            check_rate(name, getattr(self, name))


def tuning(setting: Tuned) -> pd.DataFrame:
    """Return the courses of the genetic algorithm with some settings; see `evolved`."""
    rows, _ = evolved(
        Contest(setting),
        METRICS[setting.metric],
        selection=Tournament(setting.tournament),
        survival=Generational(setting.elites),
        mating_rate=setting.mating_rate,
        mutation_rate=setting.mutation_rate,
    )
    return pd.DataFrame(rows)
