"""Networks evolved by a genetic algorithm: two populations that play each other, or one of pairs."""

from typing import Any

import torch
from torch import Tensor

from latentlib.evolution import (
    BlockCrossover,
    Gaussian,
    Generational,
    GeneticAlgorithm,
    MuPlusLambda,
    PerBlock,
    Tournament,
    Uniform,
    moved,
)
from latentlib.evolution.run import State
from latentlib.fitness import Performance
from latentlib.models.weights import Weights
from latentlib.randomness import LARGEST
from studies.evolving_weights.game import Game, Telling
from studies.evolving_weights.settings import (
    AT_ONCE,
    BOTH,
    FIXED,
    OF_DISCRIMINATOR,
    OF_GENERATOR,
    PLUS,
    RANDOM,
    Settings,
)

MATING = 0.5  # share of pairs that cross; no number of the thesis's algorithm is stated
TOGETHER = 4096  # images of a population at once


def algorithm(settings: Settings, filters: tuple[int, ...], layers: tuple[int, ...]) -> GeneticAlgorithm:
    """Return the genetic algorithm over networks; random search is one whose children are all strangers.

    Every child mutates in all of its weights, by a normal step that counts in units of each layer's weights.
    """
    crossover: Any = {"filter": BlockCrossover(Uniform(), filters), "layer": BlockCrossover(Uniform(), layers)}.get(
        settings.crossover, Uniform()
    )
    return GeneticAlgorithm(
        settings.population,
        mating_rate=0.0 if settings.crossover == "none" else MATING,
        mutation_rate=1.0,
        selection=Tournament(3),
        crossover=crossover,
        mutation=Gaussian(settings.size),
        mutation_unit=PerBlock((sum(layers),)),  # the whole genome
        survival=MuPlusLambda() if settings.survival == PLUS else Generational(1),
        immigrants=1.0 if settings.arm == RANDOM else 0.0,
        chunk=TOGETHER,
    )


def champion(state: State) -> Tensor:
    """Return the genome (genes,) of the fittest; of a population that nobody has judged, the first."""
    return state.genomes[0, state.fitness[0].argmax()]


def draw_seed(game: Game) -> int:
    """Return a seed from the randomness of a game."""
    return int(torch.randint(LARGEST, (), generator=game.random))


class Evolved:
    """Evolve a population of generators against the best discriminator, and one of discriminators likewise."""

    def __init__(self, game: Game) -> None:
        self.game = game
        both: tuple[Weights, Weights] = (game.players.generator, game.players.discriminator)
        self.searches = [algorithm(game.settings, one.filters, one.layers) for one in both]
        device = game.settings.device
        self.states = [
            search.begin(one.genes, 1, draw_seed(game), device=device)
            for search, one in zip(self.searches, both, strict=True)
        ]

    def step(self) -> None:
        """Play one batch: in turn, the generators meet the new discriminator; at once, the old one."""
        real, latents = self.game.batch()
        generator, before = self.best()
        if self.game.settings.goal != FIXED:
            self.generation(1, self.game.for_discriminators(generator, real, latents))
        opponent = before if self.game.settings.play == AT_ONCE else self.best()[1]
        self.generation(0, self.game.for_generators(opponent, real, self.game.latents()))

    def turn(self, real: Tensor, latents: Tensor) -> None:
        """Play the generator's turn alone."""
        self.generation(0, self.game.for_generators(self.best()[1], real, latents))

    def generation(self, side: int, fitness: Performance) -> None:
        """Evolve the generators (0) or the discriminators (1) by a generation."""
        before = self.states[side]
        self.states[side] = moved(self.searches[side], fitness, before)
        self.game.passes += int(self.states[side].passes - before.passes)

    def best(self) -> tuple[Tensor, Tensor]:
        """Return the fittest of both populations."""
        generator, discriminator = map(champion, self.states)
        return generator, discriminator

    def state(self) -> dict[str, Any]:
        """Return what `resume` needs."""
        return {"states": self.states}

    def resume(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.states = state["states"]


class Duel(Performance):
    """Judge pairs, whose genome is that of a generator and then that of a discriminator, against the best pair.

    The fitness is the sum of what both are after, or the part of one of them alone.
    """

    def __init__(self, game: Game, best: tuple[Tensor, Tensor], real: Tensor, latents: Tensor) -> None:
        players, self.objective = game.players, game.settings.objective
        self.fooling = game.for_generators(best[1], real, latents)
        self.telling: Telling = game.for_discriminators(best[0], real, latents)
        super().__init__(players.generator, latents, self.fooling.goal)
        self.genes = players.generator.genes + players.discriminator.genes
        self.cost = self.fooling.cost * (self.objective != OF_DISCRIMINATOR)
        self.cost += self.telling.cost * (self.objective != OF_GENERATOR)

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of pairs (n, genes)."""
        generators, discriminators = torch.tensor_split(latents, [self.fooling.genes], dim=1)
        found = torch.zeros(len(latents), device=latents.device)
        if self.objective in (BOTH, OF_GENERATOR):
            found = found + self.fooling.rows(generators, run)
        if self.objective in (BOTH, OF_DISCRIMINATOR):
            found = found + self.telling.rows(discriminators, run)
        return found


class Pairs(Evolved):
    """Evolve one population of pairs by a single genetic algorithm (section 4.1.3)."""

    def __init__(self, game: Game) -> None:
        self.game = game
        both = (game.players.generator, game.players.discriminator)
        filters, layers = (sum((getattr(one, name) for one in both), ()) for name in ("filters", "layers"))
        self.searches = [algorithm(game.settings, filters, layers)]
        genes = sum(one.genes for one in both)
        self.states = [self.searches[0].begin(genes, 1, draw_seed(game), device=game.settings.device)]

    def step(self) -> None:
        """Play one batch; both networks of a pair may change."""
        self.turn(*self.game.batch())

    def turn(self, real: Tensor, latents: Tensor) -> None:
        """Play one batch: here the generator has no turn of its own."""
        self.generation(0, Duel(self.game, self.best(), real, latents))

    def best(self) -> tuple[Tensor, Tensor]:
        """Return both networks of the fittest pair."""
        generator, discriminator = torch.tensor_split(champion(self.states[0]), [self.game.players.generator.genes])
        return generator, discriminator
