"""The base of all fitnesses of generated images: a frozen generator, checked before the search begins."""

import copy
from collections.abc import Callable
from typing import Any, ClassVar, Self

import torch
from torch import Tensor

from latentlib.checks import check_operator
from latentlib.models.adapter import fitted
from latentlib.models.frozen import home
from latentlib.values import fingerprint


class Generated:
    """Judge the images that a generator makes from latents; the generator itself stays unchanged.

    Args:
        generator: from latents (n, genes) to images (n, channels, height, width) in [0, 1];
            adapt any other with `latentlib.models.adapt`.
        runs: number of independent evolutions, judged together.
        genes: latent size; required if the generator has no attribute `latent_size`.

    Attributes:
        device: device of the generator and so of the latents.
        prior: distribution of the latents.
        noisy: whether the same latent gets a different fitness each time.
        measures: what `measured` measures besides the fitness.

    Raises:
        TypeError, ValueError: for a generator that `adapt` refuses, or with inputs for another number of runs.
    """

    OUTPUT: ClassVar[str] = "unit"  # of `adapt`, for a generator that is not adapted yet
    measures: tuple[Callable[[Tensor], Tensor], ...] = ()

    def __init__(self, generator: Callable[..., Any], runs: int = 1, genes: int | None = None) -> None:
        self.generator = fitted(generator, genes, self.OUTPUT)
        if self.generator.runs not in (None, runs):
            raise ValueError(f"the generator's inputs are for {self.generator.runs} runs, but the fitness has {runs}")
        self.runs, self.genes = runs, self.generator.latent_size
        self.prior, self.noisy, self.device = self.generator.prior, self.generator.noisy, home(self.generator)[0]

    @property
    def fingerprint(self) -> str:
        """A digest of the generator and the goal, by which a saved state recognises the fitness that judged it."""
        goal = {name: value for name, value in vars(self).items() if name not in ("generator", "device", "moments")}
        return fingerprint((type(self), self.generator.generator, self.generator.habits, goal))

    def __call__(self, latents: Tensor) -> Tensor:
        """Return the fitness (runs, population) of latents (runs, population, genes)."""
        runs, population, _ = latents.shape
        if runs != self.runs:
            raise ValueError(f"latents must hold {self.runs} runs, got {runs}")
        run = torch.arange(runs, device=latents.device).repeat_interleave(population)  # (runs * population,)
        return self.rows(latents.flatten(0, 1), run).view(runs, population)

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of latents (n, genes) that belong to the runs (n,)."""
        return self.score(self.outputs(latents, run), run)

    def outputs(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return what is judged: the images (n, ...) of latents (n, genes) that belong to the runs (n,)."""
        images: Tensor = self.generator(latents, run)
        return images

    def with_measures(self, *measures: Callable[[Tensor], Tensor]) -> Self:
        """Return the fitness with measures, as `MapElites` needs them: functions from images (n, ...) to (n,).

        Raises:
            TypeError: for a measure that is no function.
        """
        for measure in measures:
            check_operator("measure", measure)
        measuring = copy.copy(self)
        measuring.measures = measures
        return measuring

    def measured(self, latents: Tensor, run: Tensor) -> tuple[Tensor, Tensor]:
        """Return fitness (n,) and measures (n, number of measures) of latents (n, genes), from the same images."""
        if not self.measures:
            raise ValueError("the fitness has no measures: give some by with_measures(...)")
        outputs = self.outputs(latents, run)
        return self.score(outputs, run), torch.stack([measure(outputs) for measure in self.measures], dim=1)

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of images (n, channels, height, width) that belong to the runs (n,)."""
        raise NotImplementedError
