"""CMA-MAE on sets, by the library `ribs`, which no other experiment needs."""

import torch
from ribs.archives import GridArchive
from ribs.emitters import EvolutionStrategyEmitter
from ribs.schedulers import Scheduler
from torch import Tensor

from studies.diversity.experiments import maps
from studies.diversity.experiments.contest import Contest

SIGMA, LEARNING_RATE, WORST = 0.2, 0.01, -1.0  # as in the examples of `ribs`; the least fitness


@torch.no_grad()
def illuminated(contest: Contest, metric: str) -> tuple[Tensor, int]:
    """Fill the paper's map by CMA-MAE (Fontaine & Nikolaidis 2023), with a diagonal covariance for so many genes.

    Returns the latents (size, latent_size) of the fittest set by a metric, and the number of images decoded.
    """
    settings, evaluator = contest.settings, contest.evaluator(metric)
    archive = GridArchive(
        solution_dim=evaluator.genes,
        dims=maps.GRID.bins,
        ranges=[(0, 1), (0, 1)],
        learning_rate=LEARNING_RATE,
        threshold_min=WORST,
        dtype="float32",
    )
    emitter = EvolutionStrategyEmitter(
        archive,
        x0=contest.first_sets[0, 0].cpu().numpy(),
        sigma0=SIGMA,
        ranker="imp",
        selection_rule="mu",
        restart_rule="basic",
        es="sep_cma_es",
        batch_size=settings.population,
        seed=settings.seed,
    )
    scheduler = Scheduler(archive, [emitter])
    for _ in range(settings.generations):
        latents = torch.from_numpy(scheduler.ask()).float().to(settings.device)
        fitness, told = evaluator.measured(latents, torch.zeros(len(latents), dtype=torch.int64))
        scheduler.tell(fitness.clamp_min(WORST).cpu().numpy(), told.nan_to_num(1.0).cpu().numpy())
    return contest.sets_of(evaluator.best[metric].latents)[0], int(evaluator.images)
