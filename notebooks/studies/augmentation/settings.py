"""The settings of the notebooks and experiments of `augmentation`."""

from dataclasses import dataclass

from numpy.random import SeedSequence

from latentlib.checks import check_choice
from latentlib.study.chapter import SCALES
from latentlib.study.parameters import Parameters, check_counts, check_device

DATASETS = ("fashion_lookalikes", "mhsma", "hushem")
FOLDS = 5  # of the cross-validation
LEAST = {"seed": 0, "images": FOLDS, "added": 0, "steps": 1, "population": 3, "generations": 2, "candidates": 2}
LEAST |= {"classifiers": 1, "fitting": 1, "tested": 1}
PURPOSES = (  # of seeds
    *("fold", "small test set", "gan", "joint gan", "conditional gan", "images", "candidates", "first generation"),
    *("evolution", "critic", "labeller", "classifier"),
)


@dataclass(frozen=True)
class Settings(Parameters):
    """Settings of one draw of training images, and of all that is made of it.

    Args:
        dataset: one of `DATASETS`.
        scale: `smoke`, `quick` or `paper`.
        seed: of everything random: the draw, the GANs, the supervisors and the classifiers; at least 0.
        images: real training images of each class, at least as many as there are folds.
        added: generated images that are added to each class.
        steps: of each class's GAN, of 20 images.
        population: sets in a supervisor's population, at least 3: as many as rival in a tournament.
        generations: populations that a supervisor judges, the first among them; at least 2.
        candidates: random images of each class that the arms without evolution choose from, at least `added`.
        classifiers: trained on each training set, from their own first weights; at least 1.
        fitting: steps of a classifier, of 32 images.
        tested: test images at most.
        device: an available torch device.

    Raises:
        ValueError: for a value out of range or of the wrong type, naming what is accepted.
    """

    dataset: str = "fashion_lookalikes"
    scale: str = "quick"
    seed: int = 0
    images: int = 40
    added: int = 40
    steps: int = 2000
    population: int = 50
    generations: int = 25
    candidates: int = 5000
    classifiers: int = 2
    fitting: int = 400
    tested: int = 4000
    device: str = "cpu"

    def __post_init__(self) -> None:
        check_choice("dataset", self.dataset, DATASETS)
        check_choice("scale", self.scale, SCALES)
        check_counts(self, LEAST)
        if self.candidates < self.added:
            raise ValueError(f"candidates must be at least added ({self.added}), got {self.candidates}")
        check_device(self.device)

    def seed_of(self, purpose: str, label: int = 0, place: int = 0) -> int:
        """Return the seed, from 0 to 2^32 - 1, of something random in this draw; others share it by chance alone.

        Args:
            purpose: one of `PURPOSES`.
            label: the class it is for.
            place: its number, where a class or a draw has several.

        Raises:
            ValueError: for an unknown purpose.
        """
        check_choice("purpose", purpose, PURPOSES)
        parts = (PURPOSES.index(purpose), label, place)
        return int(SeedSequence(self.seed, spawn_key=parts).generate_state(1)[0])
