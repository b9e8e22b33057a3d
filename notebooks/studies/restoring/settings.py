"""The settings of the notebooks and experiments of `restoring`."""

from dataclasses import dataclass

from latentlib import zoo
from latentlib.checks import check_choice, check_rate
from latentlib.study.parameters import Parameters, check_counts, check_device, check_number


@dataclass(frozen=True)
class Scale:
    """Size of a run: targets per cell, the genetic algorithm's size, and the steps of a long gradient descent."""

    targets: int
    population: int
    generations: int
    steps: int


SCALES = {
    "smoke": Scale(targets=2, population=20, generations=5, steps=20),
    "quick": Scale(targets=8, population=200, generations=50, steps=500),
    "paper": Scale(
        targets=64, population=200, generations=200, steps=20_000
    ),  # Jin & Ko 2020, IV-C; their batch is unknown
}
GREY, COLOUR = ("mnist", "fashion_mnist"), ("cifar10", "celeba")  # data sets
EVERY = GREY + COLOUR
CHOICES = {
    "dataset": EVERY,
    "scale": tuple(SCALES),
    "fitness": ("mse", "ssim"),
}
LEAST = {"seed": 0, "population": 4, "generations": 1, "targets": 1}


@dataclass(frozen=True)
class Settings(Parameters):
    """Settings of a restoring notebook.

    Args:
        dataset: `mnist`, `fashion_mnist`, `cifar10` or `celeba`.
        scale: `smoke`, `quick` or `paper`.
        seed: of everything random, at least 0.
        population: at least 4.
        generations: at least 1.
        mating_rate: in [0, 1].
        mutation_rate: in [0, 1].
        fitness: `mse` or `ssim`.
        device: an available torch device.
        targets: number of images to restore, at least 1.

    Raises:
        ValueError: for a value out of range or of the wrong type, naming what is accepted.
    """

    dataset: str = "fashion_mnist"
    scale: str = "quick"
    seed: int = 0
    population: int = 200
    generations: int = 200
    mating_rate: float = 0.3
    mutation_rate: float = 0.3
    fitness: str = "mse"
    device: str = "cpu"
    targets: int = 8

    def __post_init__(self) -> None:
        for name, accepted in CHOICES.items():
            check_choice(name, getattr(self, name), accepted)
        check_counts(self, LEAST)
        for name in ("mating_rate", "mutation_rate"):
            check_number(name, getattr(self, name))
            check_rate(name, getattr(self, name))
        check_device(self.device)

    @property
    def model(self) -> str:
        """Return the name of the generator in the zoo."""
        return f"restoring/{self.dataset}"


@dataclass(frozen=True)
class Replicate(Settings):
    """Settings with another generator of the same recipe.

    Args:
        replicate: its seed, one of `zoo.REPLICATES`.
    """

    replicate: int = 1

    @property
    def model(self) -> str:
        """Return the name of the generator in the zoo."""
        return zoo.replicate(f"restoring/{self.dataset}", self.replicate)
