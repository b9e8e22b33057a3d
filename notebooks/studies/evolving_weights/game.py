"""The game: data, what each player is after, and the scores as the thesis defines them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from latentlib.fitness import Performance
from latentlib.models.weights import Weights
from latentlib.study.training import recipes
from studies.evolving_weights.networks import Players
from studies.evolving_weights.settings import AUGMENTATION, COMMON, FIXED, PLAIN, Settings

BINS = 10  # of probability
WITH_GRADIENT = 3  # passes that one with a gradient costs: forwards, and backwards twice as long


def loss_of_generator(fake: Tensor) -> Tensor:
    """Return the binary cross-entropy (...,) of logits (..., n) of fakes with the target 1 (section 4.3)."""
    return functional.softplus(-fake).mean(dim=-1)


def loss_of_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Return the sum of the cross-entropies (...,) of real and fake logits (..., n), targets 1 and 0 (section 4.2)."""
    return functional.softplus(-real).mean(dim=-1) + functional.softplus(fake).mean(dim=-1)


def energy(made: Tensor, real: Tensor) -> Tensor:
    """Return the energy distance (...,) of points (..., n, 2) from real ones (m, 2), without self-distances.

    It is zero on average where both come from one distribution (Szekely & Rizzo 2013), and asks for no opponent.
    """

    def within(points: Tensor) -> Tensor:
        count = points.shape[-2]
        return torch.cdist(points, points).sum(dim=(-2, -1)) / (count * (count - 1))

    return (
        2 * torch.cdist(made, real.expand(*made.shape[:-2], *real.shape)).mean(dim=(-2, -1))
        - within(made)
        - within(real)
    )


class Fooling(Performance):
    """Judge generators by minus their loss before a discriminator; a network costs its images and their judging."""

    def __init__(self, weights: Weights, latents: Tensor, goal: Callable[[Tensor], Tensor]) -> None:
        super().__init__(weights, latents, goal)
        self.cost = 2 * len(latents)


class Telling(Performance):
    """Judge discriminators by minus their loss on real images and fakes, which pass apart, as in section 4.2."""

    def __init__(self, weights: Weights, real: Tensor, fake: Tensor) -> None:
        super().__init__(weights, real, loss_of_generator)
        self.fake, self.cost = fake, len(real) + len(fake)

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of genomes (n, genes)."""
        real, fake = (self.weights.outputs(latents, inputs) for inputs in (self.inputs, self.fake))
        return -loss_of_discriminator(real, fake)


@dataclass
class Game:
    """Data and networks of a training, and what it has cost.

    Args:
        settings: of the training.
        players: the networks.
        images: real images (n, ...).
        random: draws batches, latents and all that the arms need.
        passes: images that went through a network so far, with a gradient three times.
        shown: real images drawn so far.
    """

    settings: Settings
    players: Players
    images: Tensor
    random: torch.Generator
    passes: int = 0
    shown: int = 0
    kept: tuple[Tensor, Tensor] | None = field(default=None)

    def batch(self) -> tuple[Tensor, Tensor]:
        """Return real images and as many latents, drawn with replacement; the first ones each time if common."""
        self.shown += self.settings.batch
        if self.settings.samples == COMMON and self.kept is not None:
            return self.kept
        rows = torch.randint(len(self.images), (self.settings.batch,), generator=self.random)
        real = self.images[rows.to(self.images.device)]
        if self.settings.without not in (PLAIN, AUGMENTATION):
            real = recipes.varied(real, self.random, shift=1)
        self.kept = (real, self.latents())
        return self.kept

    def latents(self, count: int | None = None) -> Tensor:
        """Return latents (count, latent size), by default those of a batch; common ones stay the same."""
        if count is None and self.settings.samples == COMMON and self.kept is not None:
            return self.kept[1]
        size = int(self.players.generator.prototype.latent_size)  # type: ignore[arg-type]
        drawn = torch.randn(count or self.settings.batch, size, generator=self.random)
        return drawn.to(self.settings.device)

    def for_generators(self, opponent: Tensor, real: Tensor, latents: Tensor) -> Fooling:
        """Return the fitness of generators: against a discriminator's genome, or nearness to the real images."""

        def goal(made: Tensor) -> Tensor:
            if self.settings.goal == FIXED:
                return -energy(made, real)
            return -loss_of_generator(self.players.judged(opponent, made))

        return Fooling(self.players.generator, latents, goal)

    def for_discriminators(self, opponent: Tensor, real: Tensor, latents: Tensor) -> Telling:
        """Return the fitness of discriminators against a generator's genome, whose fakes are counted as passes."""
        self.passes += len(latents)
        return Telling(self.players.discriminator, real, self.players.fakes(opponent, latents))


@torch.no_grad()
def scores(
    players: Players, generator: Tensor, discriminator: Tensor, real: Tensor, latents: Tensor
) -> dict[str, float]:
    """Return the thesis's four numbers, on real images and latents, of the networks of two genomes.

    `real_score` and `fake_score` are the mean probabilities of being real that the discriminator gives to real images
    and to fakes (section 6.4); `loss_g` and `loss_d` are the losses of sections 4.2 and 4.3.
    """
    fakes = players.fakes(generator, latents)
    of_real, of_fakes = (players.judged(discriminator, some[None])[0] for some in (real, fakes))
    return {
        "real_score": float(of_real.sigmoid().mean()),
        "fake_score": float(of_fakes.sigmoid().mean()),
        "loss_g": float(loss_of_generator(of_fakes)),
        "loss_d": float(loss_of_discriminator(of_real, of_fakes)),
    }


@torch.no_grad()
def calibration(players: Players, generator: Tensor, discriminator: Tensor, real: Tensor, latents: Tensor) -> float:
    """Return how far a discriminator's probabilities are from the shares of real images among as many fakes.

    It is the expected calibration error: ten bins of probability, weighted by what falls into them (Guo et al. 2017).
    """
    fakes = players.fakes(generator, latents[: len(real)])
    said = torch.cat([players.judged(discriminator, some[None])[0].sigmoid() for some in (real, fakes)])
    truth = torch.cat([torch.ones(len(real)), torch.zeros(len(fakes))]).to(said.device)
    places = (said * BINS).long().clamp(max=BINS - 1)
    gaps = torch.zeros(BINS, device=said.device).index_add_(0, places, said - truth)
    return float(gaps.abs().sum() / len(said))
