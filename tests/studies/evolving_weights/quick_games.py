"""Games of a moment."""

from dataclasses import replace

import torch

from latentlib.randomness import seeded
from studies.evolving_weights.data import real
from studies.evolving_weights.game import Game
from studies.evolving_weights.networks import players
from studies.evolving_weights.settings import GA, Settings

SIZES = {"scale": "smoke", "images": 40, "steps": 2, "epochs": 2, "batch": 8, "population": 4, "compared": 30}
RING = Settings(dataset="ring", pair="ring", arm=GA, hidden=4, **SIZES)
DENSE = Settings(pair="dense", **SIZES)
SMALL = Settings(pair="small", **SIZES)


def game_of(settings, **changes):
    cell = replace(settings, **changes)
    return Game(cell, players(cell), real(cell).training, seeded(cell.seed_of("game")))


def genomes(game, count=3):
    """Random genomes of generators and of discriminators, (count, genes) each."""
    random = torch.Generator().manual_seed(5)
    both = (game.players.generator, game.players.discriminator)
    return [torch.randn(count, one.genes, generator=random) for one in both]
