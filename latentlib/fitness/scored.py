"""A goal of your own: any number that a function computes from images, sounds, table rows or game levels."""

from collections.abc import Callable
from typing import Any, ClassVar

import torch
from torch import Tensor

from latentlib.fitness.generated import Generated


class Scored(Generated):
    """Score a generator's outputs by a function of your own.

    Args:
        generator: as in `Generated`, with outputs of any shape and range.
        goal: a function from outputs (n, ...) to numbers (n,), a tensor, a numpy array or a list.
        runs: number of independent evolutions.
        genes: latent size; required if the generator has no attribute `latent_size`.
        minimise: whether less is better; the fitness is then the negated number.
        noisy: whether the goal gives the same output a different number each time.

    Raises:
        TypeError, ValueError: as in `Generated`; for a goal that does not return a number per output.
    """

    OUTPUT: ClassVar[str] = "raw"

    def __init__(
        self,
        generator: Callable[..., Any],
        goal: Callable[[Tensor], Any],
        runs: int = 1,
        genes: int | None = None,
        *,
        minimise: bool = False,
        noisy: bool = False,
    ) -> None:
        super().__init__(generator, runs, genes)
        self.goal, self.minimise, self.noisy = goal, minimise, self.noisy or noisy
        with torch.no_grad():
            self.score(self.generator.sample.clone(), torch.zeros(0))

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of outputs (n, ...)."""
        made = self.goal(images)
        try:
            numbers = torch.as_tensor(made, dtype=torch.float32, device=images.device)
        except (TypeError, ValueError, RuntimeError) as error:
            raise TypeError(f"goal must return a number per output, got {made!r:.60}") from error
        if numbers.shape != images.shape[:1]:
            raise ValueError(
                f"goal must return a number per output, shape ({len(images)},), got shape {tuple(numbers.shape)}"
            )
        return -numbers if self.minimise else numbers
