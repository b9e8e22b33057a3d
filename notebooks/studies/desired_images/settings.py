"""The settings of the notebooks and experiments of `desired_images`."""

from dataclasses import dataclass

from latentlib import data, zoo
from latentlib.checks import check_choice, check_rate
from latentlib.fitness import wishes
from latentlib.pool import DATASETS
from latentlib.study.chapter import SCALES
from latentlib.study.parameters import Parameters, check_counts, check_device, check_number
from studies.desired_images.operators import OPERATORS, PRINTED

CHOICES = {"dataset": DATASETS, "scale": SCALES, "operators": tuple(OPERATORS)}
LEAST = {"seed": 0, "population": 4, "generations": 1, "repeats": 1}


@dataclass(frozen=True)
class Settings(Parameters):
    """Settings of a notebook on desired images.

    Args:
        dataset: `mnist` or `celeba64`.
        scale: `smoke`, `quick` or `paper`.
        seed: of everything random, at least 0.
        population: latents in the pool, at least 4.
        generations: at least 1.
        mutation_rate: share of an offspring's genes that change, in [0, 1].
        wish: such as `Digit(4) | Digit(8)` or `Smiling & ~Male`.
        operators: a key of `OPERATORS`.
        repeats: pools that evolve from their own first pools, at least 1.
        device: an available torch device.

    Raises:
        ValueError: for a value out of range or of the wrong type, naming what is accepted.
    """

    dataset: str = "mnist"
    scale: str = "quick"
    seed: int = 0
    population: int = 500
    generations: int = 12
    mutation_rate: float = 0.2
    wish: str = "Digit(3)"
    operators: str = PRINTED
    repeats: int = 1
    device: str = "cpu"

    def __post_init__(self) -> None:
        for name, accepted in CHOICES.items():
            check_choice(name, getattr(self, name), accepted)
        check_counts(self, LEAST)
        check_number("mutation_rate", self.mutation_rate)
        check_rate("mutation_rate", self.mutation_rate)
        card = data.card(self.dataset)
        wishes.check(wishes.read(self.wish), card.classes, card.exclusive)
        check_device(self.device)

    @property
    def recogniser_model(self) -> str:
        """Return the name of the recogniser in the zoo."""
        return f"recogniser/{self.dataset}"


@dataclass(frozen=True)
class OtherRecogniser(Settings):
    """Settings with another recogniser of the same recipe.

    Args:
        recogniser: its seed, one of `zoo.REPLICATES`.
    """

    recogniser: int = 2

    @property
    def recogniser_model(self) -> str:
        """Return the name of the recogniser in the zoo."""
        return zoo.replicate(f"recogniser/{self.dataset}", self.recogniser)
