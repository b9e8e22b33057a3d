"""What a step costs: seconds, passes and memory, by gradients and by evolution (KU-04 to KU-06)."""

import time
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from latentlib.randomness import seeded
from studies.evolving_weights.arms import Descent, arm
from studies.evolving_weights.data import real
from studies.evolving_weights.game import Game
from studies.evolving_weights.networks import players
from studies.evolving_weights.settings import ADAM, GA, Settings

POPULATIONS = (4, 8, 16, 32, 64)
WARM = 2  # steps before the clock starts


def costs(settings: Settings) -> pd.DataFrame:
    """Return one row per `method` and `members`, networks in a population: 1 for Adam.

    Columns: `per_step`, the least seconds of a step of both networks among `steps` of them, which other work on the
    machine disturbs least; `passes`, see `Game`; `held`, numbers that are held in memory from step to step (weights,
    gradients and moments of Adam, parents and children of a population) or for a backward pass.
    """
    rows = []
    for method, members in [(ADAM, 1), *((GA, members) for members in POPULATIONS)]:
        cell = replace(settings, arm=method, population=max(members, 4))
        game = Game(cell, players(cell), real(cell).training, seeded(cell.seed_of("game")))
        trained = arm(game)
        held: list[int] = []
        with torch.autograd.graph.saved_tensors_hooks(partial(counted, held), lambda kept: kept):
            trained.step()
        weights = game.players.generator.genes + game.players.discriminator.genes
        for _ in range(WARM):
            trained.step()
        before, taken = game.passes, []
        for _ in range(cell.steps):
            start = time.perf_counter()
            trained.step()
            taken.append(time.perf_counter() - start)
        copies = 4 if isinstance(trained, Descent) else 2 * members
        facts = {"per_step": min(taken), "passes": (game.passes - before) / cell.steps}
        rows.append({"method": method, "members": members, **facts, "held": copies * weights + sum(held)})
    return pd.DataFrame(rows)


def counted(held: list[int], kept: Tensor) -> Any:
    """Note how many numbers are kept for a backward pass, and keep them."""
    held.append(kept.numel())
    return kept
