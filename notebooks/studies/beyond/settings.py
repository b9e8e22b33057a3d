"""The settings of the notebooks and experiments of `beyond`."""

from dataclasses import dataclass

from latentlib import zoo
from latentlib.checks import check_choice
from latentlib.study.chapter import SCALES
from latentlib.study.parameters import Parameters, check_counts, check_device

RESTORING, LABEL, JPEG, BLUR = "restoring", "another label", "JPEG size", "sharpness"
DIVERSE = "a diverse set"
DIGIT, SMILE, GLASSES, WOMEN = "a digit", "a smile", "glasses", "women with glasses"
WISHES = {  # of faces, from frequent to rare
    **{DIGIT: "Digit(8)", SMILE: "Smiling"},
    **{GLASSES: "Eyeglasses", WOMEN: "Eyeglasses & ~Male"},
}
GOALS = {  # with the chapter in whose folder of the zoo their generators lie
    **dict.fromkeys((RESTORING, LABEL, JPEG, BLUR, DIVERSE), "restoring"),
    **dict.fromkeys(WISHES, "desired_images"),
}
DATASETS = ("mnist", "fashion_mnist", "cifar10", "celeba", "celeba64")
LEAST = {"seed": 0, "replicate": 0, "runs": 1, "trials": 1, "passes": 1}


@dataclass(frozen=True)
class Settings(Parameters):
    """Settings of a contest.

    Args:
        goal: one of `GOALS`.
        dataset: one of `DATASETS`.
        replicate: seed of the generator among those of one recipe, 0 for the first.
        scale: `smoke`, `quick` or `paper`.
        seed: of everything random, at least 0.
        runs: targets to restore, or searches with their own random numbers, at least 1.
        trials: targets or searches that are set aside for the choice of each search's settings, at least 1.
        passes: of the generator that each run may spend, at least 1.
        device: an available torch device.

    Raises:
        ValueError: for a value out of range or of the wrong type, naming what is accepted.
    """

    goal: str = RESTORING
    dataset: str = "mnist"
    replicate: int = 0
    scale: str = "quick"
    seed: int = 0
    runs: int = 8
    trials: int = 2
    passes: int = 2000
    device: str = "cpu"

    def __post_init__(self) -> None:
        check_choice("goal", self.goal, tuple(GOALS))
        check_choice("dataset", self.dataset, DATASETS)
        check_choice("scale", self.scale, SCALES)
        check_counts(self, LEAST)
        zoo.entry(self.model)
        check_device(self.device)

    @property
    def model(self) -> str:
        """Return the name of the generator in the zoo."""
        first = f"{GOALS[self.goal]}/{self.dataset}"
        return zoo.replicate(first, self.replicate) if self.replicate else first


@dataclass(frozen=True)
class Sized(Settings):
    """Settings of a contest with latents of another size, which a random matrix turns into those of the generator.

    Args:
        genes: of a latent, at least 1.
    """

    genes: int = 100

    def __post_init__(self) -> None:
        super().__post_init__()
        check_counts(self, {"genes": 1})


@dataclass(frozen=True)
class Sets(Settings):
    """Settings of a contest of diverse sets.

    Args:
        size: images in a set, at least 2.
    """

    goal: str = DIVERSE
    size: int = 50

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("goal", self.goal, (DIVERSE,))
        check_counts(self, {"size": 2})
