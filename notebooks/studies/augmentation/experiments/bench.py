"""One draw with its GANs, and what a classifier makes of each training set."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from studies.augmentation.arms import BOTH, CLASSICAL, DUPLICATED, GENERATED, NONE, RANDOM, Source
from studies.augmentation.draws import together
from studies.augmentation.networks import Gan, classical, classifier, gan
from studies.augmentation.scores import scores
from studies.augmentation.settings import Settings

Sets = tuple[Tensor, ...]  # images by class


@dataclass(frozen=True)
class Bench:
    """Real training images by class, and the GANs and generated sets that are made of them.

    Args:
        settings: of the draw.
        originals: real training images by class, on which the classifiers are trained.
        classes: their names.
        seen: images by class on which the GANs are trained; by default the originals.
        trained: GANs by class, where there are some already.
    """

    settings: Settings
    originals: Sets
    classes: tuple[str, ...]
    seen: Sets | None = None
    trained: tuple[Gan, ...] | None = None

    @cached_property
    def gans(self) -> tuple[Gan, ...]:
        """One GAN a class."""
        if self.trained is not None:
            return self.trained
        seeds = [self.settings.seed_of("gan", label) for label in range(len(self.classes))]
        seen = self.seen or self.originals
        return tuple(gan(images, self.settings.steps, seed) for images, seed in zip(seen, seeds, strict=True))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """What the images of each class can come from."""
        s = self.settings
        critic = classifier(*together(self.originals), self.classes, s.fitting, s.seed_of("critic"))  # is never scored
        pairs = zip(self.originals, self.gans, strict=True)
        return tuple(Source(s, label, images, made, critic) for label, (images, made) in enumerate(pairs))

    def added(self, arm: str) -> Sets:
        """Return the generated images by class of an arm; none for an arm without a GAN."""
        if arm in (NONE, DUPLICATED, CLASSICAL):
            return tuple(images[:0] for images in self.originals)
        return tuple(GENERATED[RANDOM if arm == BOTH else arm](source) for source in self.sources)

    def fitted(self, arm: str, added: Sets, tests: Sequence[tuple[Tensor, Tensor]]) -> list[list[dict[str, float]]]:
        """Return, for each classifier of an arm, its scores on each test set of images and labels.

        Every arm has as many gradient steps, but for the duplicated originals: with equal steps they would be the same
        as no addition, so they have as many epochs as a doubled training set.
        """
        s = self.settings
        images, labels = together(tuple(map(torch.cat, zip(self.originals, added, strict=True))))
        steps = 2 * s.fitting if arm == DUPLICATED else s.fitting
        vary = classical if arm in (CLASSICAL, BOTH) else None
        found = []
        for place in range(s.classifiers):
            network = classifier(images, labels, self.classes, steps, s.seed_of("classifier", place=place), vary)
            found.append([scores(network, *test) for test in tests])
        return found
