"""The settings of the notebooks and experiments of `diversity`."""

from dataclasses import dataclass

from latentlib import zoo
from latentlib.checks import check_choice, check_rate
from latentlib.study.chapter import SCALES
from latentlib.study.parameters import Parameters, check_counts, check_device, check_number

DATASETS = ("mnist", "fashion_mnist", "celeba", "cifar10", "lfw")
NETWORKS = ("restoring", "diversity")  # the small ones of chapter one, and those that the paper lists
METRICS = ("rmse", "ncc")  # of similarity; `evaluator` says what they are
FEWEST = 8  # images in a set: of fewer a child could be a copy of its parent, which no search judges again
LEAST = {"seed": 0, "replicate": 0, "size": FEWEST, "population": 3, "generations": 2, "repeats": 1}


@dataclass(frozen=True)
class Settings(Parameters):
    """Settings of a notebook on diverse sets.

    Args:
        dataset: one of `DATASETS`.
        network: one of `NETWORKS`: the chapter in whose folder of the zoo the generator lies.
        replicate: seed of the generator among those of one recipe, 0 for the first.
        scale: `smoke`, `quick` or `paper`.
        seed: of everything random, at least 0.
        size: images in a set, at least 8.
        population: sets in a population, at least 3: as many as rival in a tournament.
        generations: populations that are judged, the first among them; at least 2.
        repeats: runs from their own first sets, at least 1.
        device: an available torch device.

    Raises:
        ValueError: for a value out of range or of the wrong type, naming what is accepted.
    """

    dataset: str = "mnist"
    network: str = "restoring"
    replicate: int = 0
    scale: str = "quick"
    seed: int = 0
    size: int = 50
    population: int = 50
    generations: int = 500
    repeats: int = 1
    device: str = "cpu"

    def __post_init__(self) -> None:
        check_choice("dataset", self.dataset, DATASETS)
        check_choice("network", self.network, NETWORKS)
        check_choice("scale", self.scale, SCALES)
        check_counts(self, LEAST)
        zoo.entry(self.model)
        check_device(self.device)

    @property
    def model(self) -> str:
        """Return the name of the generator in the zoo."""
        first = f"{self.network}/{self.dataset}"
        return zoo.replicate(first, self.replicate) if self.replicate else first

    @property
    def evaluations(self) -> int:
        """Return the number of sets that a search judges in a run."""
        return self.population * self.generations


@dataclass(frozen=True)
class Sets(Settings):
    """Settings with a number of sets, for what is asked of random ones.

    Args:
        sets: at least 1.
    """

    sets: int = 400

    def __post_init__(self) -> None:
        super().__post_init__()
        check_counts(self, {"sets": 1})


@dataclass(frozen=True)
class NotebookSettings(Settings):
    """Settings of a notebook on diverse sets.

    Args:
        metric: the similarity that is the fitness, one of `METRICS`.
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
        check_choice("metric", self.metric, METRICS)
        for name in ("mating_rate", "mutation_rate"):
            check_number(name, getattr(self, name))
            check_rate(name, getattr(self, name))
        check_counts(self, {"sets": 4})
