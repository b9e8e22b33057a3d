"""The settings of the chapter's notebooks: those of its experiments, and what a reader may turn besides."""

from dataclasses import dataclass

from latentlib.checks import check_choice, check_rate
from latentlib.study.parameters import check_counts, check_number
from studies.diversity import settings
from studies.diversity.experiments.evaluator import METRICS


@dataclass(frozen=True)
class Settings(settings.Settings):
    """Settings of a notebook on diverse sets.

    Args:
        metric: the similarity that is the fitness, a key of `METRICS`.
        mating_rate: of the pairs, in [0, 1].
        mutation_rate: share of the genes that are drawn anew, in [0, 1].
        sets: random sets to look at, at least 4, so that ranks can be correlated.
    """

    metric: str = "rmse"
    mating_rate: float = 0.7
    mutation_rate: float = 0.02
    sets: int = 60

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("metric", self.metric, tuple(METRICS))
        for name in ("mating_rate", "mutation_rate"):
            check_number(name, getattr(self, name))
            check_rate(name, getattr(self, name))
        check_counts(self, {"sets": 4})
