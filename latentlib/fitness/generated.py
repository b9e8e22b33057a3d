"""What the fitnesses of generated images share: a frozen generator, checked before the search begins."""

import torch
from torch import Tensor, nn

SLACK = 1e-3  # how far rounding may carry an image out of [0, 1]


class Generated:
    """A fitness of the images that a frozen generator makes of latents.

    Args:
        generator: maps latents (n, genes) to images (n, channels, height, width) in [0, 1], in evaluation
            mode; `latentlib.models.adapt` fits a generator of other habits.
        runs: independent evolutions that are judged together.
        device: where latents are drawn.
        genes: the latent size, where the generator has no attribute `latent_size`.

    Raises:
        ValueError: for a generator in training mode, of another latent size, or with images out of [0, 1].
    """

    def __init__(self, generator: nn.Module, runs: int, device: torch.device, genes: int | None = None) -> None:
        genes = genes if genes is not None else getattr(generator, "latent_size", None)
        if genes is None:
            raise ValueError("the generator has no attribute `latent_size`: pass genes=")
        if generator.training:
            raise ValueError(
                "generator must be in evaluation mode (batch norm!), got training mode: call generator.eval()"
            )
        self.generator = generator.requires_grad_(False)
        self.runs, self.genes, self.device = runs, genes, device
        self.check_images(probe(generator, genes, device))

    def __call__(self, latents: Tensor) -> Tensor:
        """Fitness (runs, population) of latents (runs, population, genes)."""
        runs, population, _ = latents.shape
        if runs != self.runs:
            raise ValueError(f"latents must hold {self.runs} runs, got {runs}")
        run = torch.arange(runs, device=latents.device).repeat_interleave(population)
        return self.rows(latents.flatten(0, 1), run).view(runs, population)

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Fitness (n,) of latents (n, genes) that belong to the runs (n,)."""
        return self.score(self.generator(latents), run)

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Fitness (n,) of images (n, channels, height, width) that belong to the runs (n,)."""
        raise NotImplementedError

    def check_images(self, images: Tensor) -> None:
        """ValueError unless images of the generator suit the fitness: here, unless they lie in [0, 1]."""
        low, high = float(images.min()), float(images.max())
        if not (low >= -SLACK and high <= 1 + SLACK):
            raise ValueError(
                f"the generator's images must lie in [0, 1], got values from {low:.4g} to {high:.4g}: "
                "wrap a tanh generator with latentlib.models.adapt"
            )


def probe(generator: nn.Module, genes: int, device: torch.device) -> Tensor:
    """The generator's images of a few latents; ValueError where it does not take vectors of that size."""
    latents = torch.randn(4, genes, generator=torch.Generator().manual_seed(0)).to(device)
    try:
        with torch.no_grad():
            images: Tensor = generator(latents)
    except RuntimeError as error:
        raise ValueError(f"generator does not take latents (n, {genes}): {str(error).splitlines()[0]}") from error
    return images
