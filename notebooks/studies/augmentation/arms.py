"""The arms: what is added to the real images of a class, and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from latentlib.fitness.centroid import NCC, towards_centroid
from latentlib.models.judge import Judge
from latentlib.study.realism import probabilities
from studies.augmentation.networks import Gan
from studies.augmentation.settings import Settings
from studies.augmentation.supervisor import Difficulty, Spread, supervise, towards

NONE, DUPLICATED, CLASSICAL = "none", "duplicated", "classical"
RANDOM, UNLIKE, LIKE = "random", "evolved unlike", "evolved alike"
SORTED_UNLIKE, SORTED_LIKE = "sorted unlike", "sorted alike"
SELECTIVE, CONFIDENT = "selective", "discriminator"
HARD, SPREAD, BOTH = "evolved hard", "evolved spread", "classical and random"
EVOLVED = (UNLIKE, LIKE, HARD, SPREAD)


@dataclass(frozen=True)
class Source:
    """What images of a class can come from.

    Args:
        settings: of the draw.
        label: the class.
        originals: real training images (n, channels, side, side) of the class.
        gan: trained on them.
        critic: a classifier of all classes, trained on the originals alone.
    """

    settings: Settings
    label: int
    originals: Tensor
    gan: Gan
    critic: Judge

    @cached_property
    def candidates(self) -> Tensor:
        """Random images (candidates, channels, side, side)."""
        return self.gan.images(self.settings.candidates, self.settings.seed_of("candidates", self.label))

    def random(self) -> Tensor:
        """Return the first of the random images."""
        return self.candidates[: self.settings.added]

    def evolved(self, name: str) -> Tensor:
        """Return the images of the best set by the fitness of an arm."""
        gan, added = self.gan, self.settings.added
        fitness = {
            UNLIKE: lambda: towards(gan, self.originals, self.settings),
            LIKE: lambda: towards(gan, self.originals, self.settings, alike=True),
            HARD: lambda: Difficulty(gan, added, self.critic, self.label),
            SPREAD: lambda: Spread(gan, added, self.critic),
        }[name]()  # type: ignore[no-untyped-call]
        seed = self.settings.seed_of("evolution", self.label, EVOLVED.index(name))
        return gan.of(supervise(fitness, self.settings, seed))

    def ordered(self, alike: bool) -> Tensor:
        """Return the candidates most unlike, or most like, the centroid of the originals and all candidates."""
        likeness = towards_centroid(self.candidates[None], self.originals, NCC)[0].nan_to_num(0)
        return self.best(likeness if alike else -likeness)

    def best(self, values: Tensor) -> Tensor:
        """Return the candidates of the largest values (candidates,)."""
        return self.candidates[values.topk(self.settings.added).indices]

    def confident(self) -> Tensor:
        """Return the candidates that the GAN's discriminator takes for real (after arXiv 1909.04689)."""
        with torch.no_grad():
            logits: Tensor = self.gan.discriminator(self.candidates)
        return self.best(logits)

    def selective(self) -> Tensor:
        """Return candidates of confident label and near features (after arXiv 1912.03837).

        Of the half whose label the critic is surest of, those nearest to the originals' centre in its features are
        halved again, and of these the first are taken, so that the choice does not end in copies of one image.
        """
        likely = probabilities(self.critic, self.candidates)[:, self.label]
        surest = likely.topk(max(self.settings.added, len(likely) // 2)).indices
        centre = self.critic.features(self.originals).mean(dim=0)
        away = (self.critic.features(self.candidates[surest]) - centre).norm(dim=1)
        near = surest[away.argsort()[: max(self.settings.added, len(surest) // 2)]]
        return self.candidates[near.sort().values[: self.settings.added]]


GENERATED: dict[str, Callable[[Source], Tensor]] = {
    RANDOM: Source.random,
    **{name: lambda source, name=name: source.evolved(name) for name in EVOLVED},  # type: ignore[misc]
    SORTED_UNLIKE: lambda source: source.ordered(alike=False),
    SORTED_LIKE: lambda source: source.ordered(alike=True),
    SELECTIVE: Source.selective,
    CONFIDENT: Source.confident,
}
ARMS = (NONE, DUPLICATED, CLASSICAL, *GENERATED, BOTH)
