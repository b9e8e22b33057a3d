"""Other generative models of equal size: a variational autoencoder and a restricted Boltzmann machine (KU-30)."""

import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional

from latentlib.models.kumar import Dense
from latentlib.randomness import seeded
from studies.evolving_weights.course import played
from studies.evolving_weights.data import Real, real
from studies.evolving_weights.measures import features, judges, of_images
from studies.evolving_weights.networks import players
from studies.evolving_weights.settings import Settings

GAN, VAE, RBM = "GAN", "VAE", "RBM"
HIDDEN, LATENTS, PIXELS = 64, 100, 784
RATE = 1e-3  # of Adam
CHAIN = 500  # Gibbs steps from noise to a sample of the Boltzmann machine
NEIGHBOURS = 3  # whose distance is the radius of a sample's part of a manifold


def rivals(settings: Settings) -> pd.DataFrame:
    """Return one row per `model`: distances from held-out images, and precision and recall.

    The GAN is that of the settings, trained by Adam; the others see as many batches. The decoder of the autoencoder is
    the GAN's generator; the Boltzmann machine has as many hidden units. Precision is the share of generated images in
    the manifold of real ones, recall the share of real ones in that of generated ones (Kynkaanniemi et al. 2019), both
    means over the judges.
    """
    images, batches = real(settings), settings.epochs * settings.steps
    rows = []
    for name, made in (
        (GAN, gan(settings, len(images.held_out))),
        (VAE, vae(settings, images, batches)),
        (RBM, rbm(settings, images, batches)),
    ):
        rows.append({"model": name, **of_images(settings.dataset, made, images), **manifolds(settings, made, images)})
    return pd.DataFrame(rows)


def gan(settings: Settings, count: int) -> Tensor:
    """Return images (count, 1, 28, 28) of the GAN."""
    _, shown = played(settings, ())
    with torch.no_grad():
        return players(settings).fakes(shown[-1][0], torch.randn(count, LATENTS, generator=drawing(settings)))


def drawing(settings: Settings) -> torch.Generator:
    """Return the randomness of samples."""
    return seeded(settings.seed_of("comparison"))


def vae(settings: Settings, images: Real, batches: int) -> Tensor:
    """Return images of an autoencoder trained on the evidence lower bound (Kingma & Welling 2014)."""
    random = seeded(settings.seed_of("game"))
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed_of("networks"))
        encoder, decoder = Dense((PIXELS, HIDDEN, 2 * LATENTS)), Dense((LATENTS, HIDDEN, PIXELS))
    optimiser = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], RATE)
    for _ in range(batches):
        given = drawn(images.training, settings.batch, random).flatten(1)
        mean, spread = encoder(given).chunk(2, dim=1)
        latents = mean + (spread / 2).exp() * torch.randn(mean.shape, generator=random)
        told = functional.binary_cross_entropy_with_logits(decoder(latents), given, reduction="sum")
        loss = (told - (1 + spread - mean.square() - spread.exp()).sum() / 2) / len(given)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        latents = torch.randn(len(images.held_out), LATENTS, generator=drawing(settings))
        made: Tensor = decoder(latents)
        return made.sigmoid().view(-1, *images.held_out.shape[1:])


@torch.no_grad()
def rbm(settings: Settings, images: Real, batches: int) -> Tensor:
    """Return images of a Boltzmann machine trained by contrastive divergence (Hinton 2002), the means of its pixels.

    The biases of pixels begin as the logits of their means, and so do its samples (Hinton 2012, section 8.1).
    """
    random = seeded(settings.seed_of("game"))
    weights = nn.Parameter(0.01 * torch.randn(PIXELS, HIDDEN, generator=random))
    usual = images.training.mean(dim=0).flatten().clamp(0.01, 0.99)
    seen, hidden = nn.Parameter(usual.logit()), nn.Parameter(torch.zeros(HIDDEN))
    optimiser = torch.optim.Adam([weights, seen, hidden], RATE)
    for _ in range(batches):
        given = drawn(images.training, settings.batch, random).flatten(1)
        first = (given @ weights + hidden).sigmoid()
        again = (tossed(first, random) @ weights.T + seen).sigmoid()
        second = (again @ weights + hidden).sigmoid()
        weights.grad = (again.T @ second - given.T @ first) / len(given)
        seen.grad, hidden.grad = (again - given).mean(dim=0), (second - first).mean(dim=0)
        optimiser.step()
    random = drawing(settings)
    pixels = usual.expand(len(images.held_out), -1)
    for _ in range(CHAIN):
        units = tossed((tossed(pixels, random) @ weights + hidden).sigmoid(), random)
        pixels = (units @ weights.T + seen).sigmoid()
    return pixels.view(-1, *images.held_out.shape[1:])


def drawn(images: Tensor, count: int, random: torch.Generator) -> Tensor:
    """Return images drawn with replacement."""
    return images[torch.randint(len(images), (count,), generator=random)]


def tossed(chances: Tensor, random: torch.Generator) -> Tensor:
    """Return ones with given chances, zeros otherwise."""
    return (torch.rand(chances.shape, generator=random) < chances).float()


def manifolds(settings: Settings, made: Tensor, images: Real) -> dict[str, float]:
    """Return precision and recall of generated images (n, channels, side, side), means over the judges."""
    found = []
    for judge in judges(settings.dataset):
        own, known = features(judge, made), features(judge, images.held_out)
        found.append((covered(own, known), covered(known, own)))
    precision, recall = torch.tensor(found).mean(dim=0).tolist()
    return {"precision": precision, "recall": recall}


def covered(points: Tensor, manifold: Tensor) -> float:
    """Return the share of points (n, size) that lie nearer to a point of another set than its third neighbour there."""
    nearest = min(NEIGHBOURS, len(manifold) - 1) + 1  # itself included
    radii = torch.cdist(manifold, manifold).kthvalue(nearest, dim=1).values
    return float((torch.cdist(points, manifold) <= radii).any(dim=1).float().mean())
