"""The use of an encoder: it is trained on generated pairs, and evolution starts with and without it."""

import time

import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from latentlib.models.jin_ko import Discriminator
from latentlib.randomness import seeded
from studies.restoring.experiments.contest import Contest
from studies.restoring.experiments.measures import measures
from studies.restoring.settings import SCALES, Settings

BATCH = 128
TRAINING = 10  # steps of a long descent per training step
DEVIATION = 0.3  # standard deviation of the guesses around the encoder's answer


def encoder(settings: Settings) -> pd.DataFrame:
    """Return the measures of evolution alone, of the encoder alone, and of evolution from the encoder's answer."""
    contest = Contest(settings)
    targets, fitness = contest.targets, contest.fitness
    start = time.monotonic()
    network = trained(contest.generator, tuple(targets.shape[1:]), settings)
    seconds = time.monotonic() - start
    with torch.no_grad():
        answer = network(targets)
    initial = guesses(answer, settings)
    search = contest.evolution
    found = {
        "encoder": answer,
        "genetic algorithm": search.evolve(fitness, settings.generations, settings.seed).best.latents,
        "encoder, then genetic algorithm": search.evolve(
            fitness, settings.generations, settings.seed, initial=initial
        ).best.latents,
    }
    frames = [
        measures(settings.dataset, contest.generator(latents), targets).assign(method=name)
        for name, latents in found.items()
    ]
    size = sum(parameter.numel() for parameter in network.parameters())
    return pd.concat(frames, ignore_index=True).assign(encoder_parameters=size, encoder_seconds=round(seconds, 1))


def trained(generator: nn.Module, shape: tuple[int, ...], settings: Settings) -> nn.Module:
    """Return an encoder from images to latents, trained on pairs (G(z), z)."""
    size = int(generator.latent_size)  # type: ignore[arg-type]
    random = seeded(settings.seed)
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        network = Discriminator(shape, outputs=size).to(settings.device)  # type: ignore[arg-type]
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    for _ in range(max(1, SCALES[settings.scale].steps // TRAINING)):
        latents = torch.randn(BATCH, size, generator=random).to(settings.device)
        loss = mse_loss(network(generator(latents)), latents)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return network.eval().requires_grad_(False)


def guesses(answer: Tensor, settings: Settings) -> Tensor:
    """Return first populations (targets, population, genes) for an encoder's answer (targets, genes).

    Half of each population lies around the answer, and half is drawn from the prior.
    """
    random = seeded(settings.seed)
    shape = (len(answer), settings.population, answer.shape[1])
    initial = torch.randn(shape, generator=random).to(answer.device)
    half = settings.population // 2
    initial[:, :half] = answer[:, None] + DEVIATION * initial[:, :half]
    return initial
