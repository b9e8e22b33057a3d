"""CMA-MAE on sets, by the library `ribs`."""

import math

import numpy as np
import torch
from torch import Tensor

from latentlib.evolution import Grid
from studies.diversity.experiments.contest import VARIATION, Contest
from studies.diversity.experiments.evaluator import Evaluator

STEP = math.sqrt(2 * VARIATION["mutation_rate"])  # as long as a mutation by the paper's rate
LEARNING = 0.01  # archive learning rate, as in the examples of `ribs`
WORST = -1.0  # the least fitness


@torch.no_grad()
def by_cma_mae(contest: Contest, evaluator: Evaluator, grid: Grid) -> None:
    """Fill a map by CMA-MAE (Fontaine & Nikolaidis 2023), with a separable strategy: the genome is long.

    It begins at the best of the first sets, and judges a population at a time.
    """
    from ribs.archives import GridArchive  # late: it is heavy, and only this rival needs it
    from ribs.emitters import EvolutionStrategyEmitter

    settings = contest.settings
    for run, first in enumerate(contest.first_sets.cpu()):
        archive = GridArchive(
            solution_dim=evaluator.genes,
            dims=grid.bins,
            ranges=grid.ranges,
            learning_rate=LEARNING,
            threshold_min=WORST,
            dtype="float32",
        )
        fitness, places = judged(evaluator, first, run)
        archive.add(first.numpy(), fitness, places)
        emitter = EvolutionStrategyEmitter(
            archive,
            x0=first[int(fitness.argmax())].numpy(),
            sigma0=STEP,
            ranker="imp",
            selection_rule="mu",
            restart_rule="basic",
            es="sep_cma_es",
            batch_size=settings.population,
            seed=settings.seed * settings.repeats + run,
        )
        for _ in range(settings.generations - 1):
            asked = emitter.ask()
            fitness, places = judged(evaluator, torch.tensor(asked, dtype=torch.float32), run)
            emitter.tell(asked, fitness, places, archive.add(asked, fitness, places))


def judged(evaluator: Evaluator, sets: Tensor, run: int) -> tuple[np.ndarray, np.ndarray]:
    """Return fitness (n,) and places (n, axes) of sets (n, genes) of one run; what is undefined is the worst."""
    fitness, places = evaluator.measured(sets.to(evaluator.device), torch.full((len(sets),), run))
    return fitness.clamp_min(WORST).cpu().numpy(), places.nan_to_num(1.0).cpu().numpy()
