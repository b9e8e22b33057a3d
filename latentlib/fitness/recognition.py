"""Recognition: how certain a recogniser is that a generated image meets a wish (Li et al., section III-C)."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from latentlib.chunks import CHUNK
from latentlib.fitness.generated import Generated
from latentlib.fitness.wishes import Wish, check
from latentlib.models.classifier import Classifier
from latentlib.models.frozen import first_line, frozen

ROUNDING = 1e-4


def met(wish: Wish, classifier: Classifier, images: Tensor) -> Tensor:
    """Return whether the classifier's predictions for images (n, channels, height, width) meet the wish, bool (n,).

    The paper counts an image as correct if the predicted class or attribute is the wanted one (section IV-B):
    the likeliest of exclusive classes, or an attribute of probability above 1/2 (LI, not stated 9).
    """
    return wish.met(classifier.classes, classifier.predict(images))


class Recognition(Generated):
    """Score a wish by R in [0, 1]: `R(t, G(z))` for a target, 1 - R for NOT, minimum for AND, maximum for OR.

    Args:
        generator: as in `Generated`.
        recogniser: a classifier that names its classes; wrap your own in `latentlib.models.Recogniser`.
        wish: such as `Smiling & ~Male`.
        runs: number of independent evolutions.
        genes: latent size; required if the generator has no attribute `latent_size`.

    Raises:
        TypeError: for a recogniser that does not name its classes; as in `Generated`.
        ValueError: for a class that the recogniser does not know; for a wish that contradicts itself, such as
            `Digit(3) & Digit(4)`; for a recogniser that does not accept the generator's images; as in `Generated`.
    """

    def __init__(
        self,
        generator: Callable[..., Any],
        recogniser: Classifier,
        wish: Wish,
        runs: int = 1,
        genes: int | None = None,
    ) -> None:
        if not isinstance(recogniser, Classifier):
            raise TypeError(
                "the recogniser must name its classes: latentlib.models.Recogniser(network, classes), "
                f"got {type(recogniser).__name__}"
            )
        check(wish, recogniser.classes, recogniser.exclusive)
        super().__init__(generator, runs, genes)
        self.recogniser, self.wish = frozen(recogniser, self.device), wish
        self.check_recogniser()

    def check_recogniser(self) -> None:
        """Raise a ValueError unless the recogniser accepts the generator's images and returns a logit per class."""
        sample = self.generator.sample
        try:
            with torch.no_grad():
                logits = self.recogniser(sample)
        except (RuntimeError, ValueError, TypeError) as error:
            raise ValueError(
                f"the recogniser does not take images {tuple(sample.shape)}: {first_line(error)}"
            ) from error
        expected = (len(sample), len(self.recogniser.classes))
        if tuple(logits.shape) != expected:
            raise ValueError(f"the recogniser must return logits (n, classes) = {expected}, got {tuple(logits.shape)}")

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return R (n,) of images (n, channels, height, width)."""
        return self.odds(images).sigmoid()

    def odds(self, images: Tensor) -> Tensor:
        """Return the wish's log-odds (n,) of images (n, channels, height, width)."""
        return self.wished(self.recogniser.log_odds(images))

    def wished(self, odds: Tensor) -> Tensor:
        """Return the wish's log-odds (n,) from those of the recogniser's classes (n, classes)."""
        return self.wish.score(dict(zip(self.recogniser.classes, odds.T, strict=True)))

    @torch.no_grad()
    def satisfied(self, latents: Tensor, fitness: Tensor | None = None, chunk: int = CHUNK) -> Tensor:
        """Return whether the recogniser finds the wish met, as in `met`; bool (runs, population).

        Args:
            latents: (runs, population, genes).
            fitness: their R (runs, population) if known; images are then generated for doubtful latents only. The
                likeliest of k exclusive classes has probability 1/k or more, so R below 1/k is a miss and R above
                1 - 1/k a hit; for attributes, 1/2 separates hit from miss.
            chunk: largest number of rows per forward pass.
        """
        hits = torch.zeros(latents.shape[:2], dtype=torch.bool, device=latents.device)
        doubt = ~hits
        if fitness is not None:
            hits, least = fitness > 0.5, 1 / len(self.recogniser.classes) - ROUNDING
            doubt = (fitness >= least) & (fitness <= 1 - least) & self.recogniser.exclusive
        where = doubt.nonzero()
        for start in range(0, len(where), chunk):
            place = tuple(where[start : start + chunk].T)
            hits[place] = met(self.wish, self.recogniser, self.generator(latents[place], place[0]))
        return hits


class LogRecognition(Recognition):
    """Score a wish by `log R`, at most 0: in the order of R, with a gradient even where R rounds to 0 or 1."""

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return log R (n,) of images (n, channels, height, width)."""
        return functional.logsigmoid(self.odds(images))

    def satisfied(self, latents: Tensor, fitness: Tensor | None = None, chunk: int = CHUNK) -> Tensor:
        """Return whether the wish is met, as in `Recognition`, with log R as the known fitness."""
        return super().satisfied(latents, None if fitness is None else fitness.exp(), chunk)
