"""The settings of the notebooks and experiments of `evolving_weights`."""

from dataclasses import dataclass

from numpy.random import SeedSequence

from latentlib.checks import check_choice
from latentlib.study.chapter import SCALES
from latentlib.study.parameters import Parameters, check_counts, check_device, check_number

DATASETS = ("ring", "mnist", "anime")
PAIRS = ("ring", "dense", "small", "quarter", "listed")  # networks, see `networks.pair`
ADAM, GA, ES, HYBRID, RANDOM = "Adam", "GA", "ES", "GA on Adam", "random search"
ARMS = (ADAM, GA, ES, HYBRID, RANDOM)
CROSSOVERS = ("weight", "filter", "layer", "none")
IN_TURN, AT_ONCE, PAIRED = "in turn", "at once", "pairs"
PLAYS = (IN_TURN, AT_ONCE, PAIRED)
OPPONENT, FIXED = "opponent", "fixed"
FRESH, COMMON = "fresh", "common"
COMMA, PLUS = "comma", "plus"
BOTH, OF_GENERATOR, OF_DISCRIMINATOR = "both", "generator", "discriminator"
NOTHING, NORM, AUGMENTATION, NORMALISATION, SCHEDULE, OPTIMISER = (
    *("nothing", "batch norm", "augmentation", "normalisation", "schedule", "Adam"),
)
PLAIN = "plain"  # none of the techniques but batch norm and Adam: what the arms have
WITHOUT = (PLAIN, NOTHING, NORM, AUGMENTATION, NORMALISATION, SCHEDULE, OPTIMISER)
CHOICES: dict[str, tuple[str, ...]] = {
    **{"dataset": DATASETS, "scale": SCALES, "pair": PAIRS, "arm": ARMS, "crossover": CROSSOVERS, "play": PLAYS},
    **{"goal": (OPPONENT, FIXED), "samples": (FRESH, COMMON), "survival": (COMMA, PLUS)},
    **{"objective": (BOTH, OF_GENERATOR, OF_DISCRIMINATOR), "without": WITHOUT},
}
LEAST = {"seed": 0, "images": 2, "steps": 1, "epochs": 1, "batch": 2, "population": 4, "hidden": 1, "compared": 2}
PURPOSES = ("networks", "game", "images", "held out", "scores", "comparison", "sample")  # of seeds
TUNED: dict[str, dict[str, float]] = {  # by pair and arm: what `tuned.best_steps` says; so far, first guesses
    "ring": {ADAM: 1e-3, GA: 0.1, ES: 0.03},
    "dense": {ADAM: 2e-4, GA: 0.03, ES: 0.03},
    "small": {ADAM: 5e-4, GA: 0.03, ES: 0.03},
}
LIKE = {"quarter": "small", "listed": "small", HYBRID: ADAM, RANDOM: GA}  # those that take another's step


@dataclass(frozen=True)
class Settings(Parameters):
    """Settings of one training of a generator and a discriminator.

    Args:
        dataset: one of `DATASETS`; the ring is one of eight normal distributions in the plane.
        scale: `smoke`, `quick` or `paper`.
        seed: of everything random, at least 0.
        pair: the networks, one of `PAIRS`.
        arm: how they are trained, one of `ARMS`.
        images: training images, at least 2.
        steps: batches in an epoch; of each, both networks have one step or generation.
        epochs: length of the training.
        batch: real images in a batch, and as many latents; at least 2.
        population: networks in each population, at least 4 and even.
        step: learning rate of Adam, or size of a mutation in units of a layer's weights; 0 takes the tuned one.
        hidden: width of the layers of the ring's networks.
        crossover: what two parents exchange, one of `CROSSOVERS`.
        play: whether two populations change in turn or at once, or one population holds pairs (KU-35).
        goal: whether the generator plays against an opponent, or approaches a fixed set of real images.
        samples: whether latents and real images of a step are fresh, or common to all steps.
        survival: whether children replace their parents, but for the best one, or rival with them.
        objective: of pairs, whose part of the fitness counts (KU-16).
        without: which technique is left out (KU-19); `plain` has none but batch norm and Adam.
        compared: generated images that are compared with real ones, at least 2.
        device: an available torch device.

    Raises:
        ValueError: for a value out of range or of the wrong type, naming what is accepted.
    """

    dataset: str = "mnist"
    scale: str = "quick"
    seed: int = 0
    pair: str = "dense"
    arm: str = GA
    images: int = 10_000
    steps: int = 156
    epochs: int = 30
    batch: int = 64
    population: int = 32
    step: float = 0.0
    hidden: int = 16
    crossover: str = "filter"
    play: str = IN_TURN
    goal: str = OPPONENT
    samples: str = FRESH
    survival: str = COMMA
    objective: str = BOTH
    without: str = PLAIN
    compared: int = 2000
    device: str = "cpu"

    def __post_init__(self) -> None:
        for name, accepted in CHOICES.items():
            check_choice(name, getattr(self, name), accepted)
        check_counts(self, LEAST)
        check_number("step", self.step)
        if not self.step >= 0:
            raise ValueError(f"step must be at least 0, got {self.step}")
        if self.population % 2:
            raise ValueError(f"population must be even, got {self.population}")
        if (self.dataset == "ring") != (self.pair == "ring"):
            raise ValueError(f"pair {self.pair!r} is not for the data set {self.dataset!r}")
        if self.goal == FIXED and (self.dataset != "ring" or self.play != IN_TURN):
            raise ValueError(f"goal {FIXED!r} is for the ring, played in turn, got {self.dataset!r} {self.play!r}")
        if self.play != IN_TURN and self.arm not in (GA, RANDOM):
            raise ValueError(f"play {self.play!r} is for the arms {GA} and {RANDOM}, got {self.arm!r}")
        check_device(self.device)

    @property
    def size(self) -> float:
        """The step, or the tuned one."""
        return self.step or TUNED[LIKE.get(self.pair, self.pair)][LIKE.get(self.arm, self.arm)]

    def seed_of(self, purpose: str) -> int:
        """Return the seed, from 0 to 2^32 - 1, of something random in a training; others share it by chance alone.

        Raises:
            ValueError: for an unknown purpose.
        """
        check_choice("purpose", purpose, PURPOSES)
        return int(SeedSequence(self.seed, spawn_key=(PURPOSES.index(purpose),)).generate_state(1)[0])
