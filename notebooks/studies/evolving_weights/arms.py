"""The arms: how a pair of networks changes from batch to batch, by gradients, by evolution, by both, or by luck.

Every arm begins with networks drawn alike: genomes of N(0, 1), see `Weights`. It has `step`, which plays one batch;
`best`, the genomes of the generator and the discriminator that it would show; `turn`, the generator's part of a step
alone; and `state` and `resume`, by which a training goes on after a kill.
"""

from typing import Any, Protocol

import torch
from torch import Tensor, nn

from studies.evolving_weights.evolved import Evolved, Pairs
from studies.evolving_weights.game import WITH_GRADIENT, Game, energy, loss_of_discriminator, loss_of_generator
from studies.evolving_weights.settings import ADAM, ES, FIXED, HYBRID, OPTIMISER, PAIRED, PLAIN, SCHEDULE

BETAS = (0.5, 0.999)  # of Adam, usual for such GANs; not stated
MOMENTUM = 0.9  # of plain descent, where Adam is left out; its step is ten times Adam's
EVERY = 50  # steps of Adam between two generations around its networks
AROUND = 0.02  # standard deviation of a mutation around them, in units of a layer's weights


class Arm(Protocol):
    """A way to train a pair of networks."""

    def step(self) -> None:
        """Play one batch: the discriminator's turn, then the generator's."""

    def turn(self, real: Tensor, latents: Tensor) -> None:
        """Play the generator's turn alone."""

    def best(self) -> tuple[Tensor, Tensor]:
        """Return the genomes (genes,) of the generator and of the discriminator."""

    def state(self) -> dict[str, Any]:
        """Return what `resume` needs."""

    def resume(self, state: dict[str, Any]) -> None:
        """Go on from a state."""


def arm(game: Game) -> Arm:
    """Return the arm of the settings of a game."""
    name = game.settings.arm
    if name in (ADAM, HYBRID):
        return Descent(game)
    if name == ES:
        return Strategies(game)
    return Pairs(game) if game.settings.play == PAIRED else Evolved(game)


def first(game: Game) -> tuple[Tensor, Tensor]:
    """Return random genomes of a generator and a discriminator."""
    weights = (game.players.generator, game.players.discriminator)
    drawn = (torch.randn(own.genes, generator=game.random) for own in weights)
    generator, discriminator = (genome.to(game.settings.device) for genome in drawn)
    return generator, discriminator


class Descent:
    """Train both networks by gradients; on top of that, a generation around them now and then (`GA on Adam`)."""

    def __init__(self, game: Game) -> None:
        self.game, self.played = game, 0
        pairs = zip((game.players.generator, game.players.discriminator), first(game), strict=True)
        self.generator, self.discriminator = (weights.network(genome) for weights, genome in pairs)
        self.optimisers = [self.optimiser(network) for network in (self.generator, self.discriminator)]

    def optimiser(self, network: nn.Module) -> torch.optim.Optimizer:
        """Return the optimiser of a network."""
        rate = self.game.settings.size
        if self.game.settings.without == OPTIMISER:
            return torch.optim.SGD(network.parameters(), 10 * rate, MOMENTUM)
        return torch.optim.Adam(network.parameters(), rate, BETAS)

    def step(self) -> None:
        """Play one batch."""
        s = self.game.settings
        if s.without not in (PLAIN, SCHEDULE):
            left = 1 - self.played / (s.epochs * s.steps)
            for optimiser in self.optimisers:
                optimiser.param_groups[0]["lr"] = s.size * left * (10 if s.without == OPTIMISER else 1)
        real, latents = self.game.batch()
        if s.goal != FIXED:
            self.turn_of_discriminator(real, latents)
        self.turn(real, self.game.latents())
        self.played += 1
        if s.arm == HYBRID and self.played % EVERY == 0:
            self.evolve(real, latents)

    def turn_of_discriminator(self, real: Tensor, latents: Tensor) -> None:
        """Descend the discriminator's loss."""
        with torch.no_grad():
            fakes = self.generator(latents)
        loss = loss_of_discriminator(self.discriminator(real), self.discriminator(fakes))
        descend(self.optimisers[1], loss)
        self.game.passes += len(latents) + WITH_GRADIENT * (len(real) + len(fakes))

    def turn(self, real: Tensor, latents: Tensor) -> None:
        """Descend the generator's loss."""
        fakes = self.generator(latents)
        fixed = self.game.settings.goal == FIXED
        descend(self.optimisers[0], energy(fakes, real) if fixed else loss_of_generator(self.discriminator(fakes)))
        self.game.passes += WITH_GRADIENT * 2 * len(latents)

    @torch.no_grad()
    def evolve(self, real: Tensor, latents: Tensor) -> None:
        """Put the best of a generation around each network in its place; Adam's moments stay."""
        count = self.game.settings.population
        best, players = self.best(), self.game.players
        for side, network in enumerate((self.generator, self.discriminator)):
            weights = (players.generator, players.discriminator)[side]
            if side == 0:
                fitness: Any = self.game.for_generators(best[1], real, latents)
            else:
                fitness = self.game.for_discriminators(best[0], real, latents)
            noise = torch.randn(count, weights.genes, generator=self.game.random).to(best[0].device)
            noise[0] = 0  # the network as it is
            rivals = best[side] + AROUND * noise
            values = fitness.rows(rivals, torch.zeros(count, dtype=torch.int64))
            self.game.passes += count * fitness.cost
            copy_weights(weights.network(rivals[values.argmax()]), network)

    def best(self) -> tuple[Tensor, Tensor]:
        """Return the genomes of the networks."""
        players = self.game.players
        return players.generator.genome(self.generator), players.discriminator.genome(self.discriminator)

    def state(self) -> dict[str, Any]:
        """Return what `resume` needs."""
        return {"played": self.played, "parts": [part.state_dict() for part in self.parts()]}

    def resume(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.played = state["played"]
        for part, known in zip(self.parts(), state["parts"], strict=True):
            part.load_state_dict(known)

    def parts(self) -> list[Any]:
        """Return networks and optimisers."""
        return [self.generator, self.discriminator, *self.optimisers]


def descend(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    """Take a step down a loss."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()


@torch.no_grad()
def copy_weights(source: nn.Module, target: nn.Module) -> None:
    """Give a network the weights of another."""
    for theirs, own in zip(source.parameters(), target.parameters(), strict=True):
        own.copy_(theirs)


class Strategies:
    """Train both networks by an evolution strategy with mirrored steps, ranks and Adam (Salimans et al. 2017)."""

    RATE = 0.03  # of Adam, in genes

    def __init__(self, game: Game) -> None:
        self.game = game
        self.centres = [nn.Parameter(genome) for genome in first(game)]
        self.optimisers = [torch.optim.Adam([centre], self.RATE) for centre in self.centres]

    def step(self) -> None:
        """Play one batch."""
        real, latents = self.game.batch()
        if self.game.settings.goal != FIXED:
            generator, _ = self.best()
            self.climb(1, self.game.for_discriminators(generator, real, latents))
        self.turn(real, self.game.latents())

    def turn(self, real: Tensor, latents: Tensor) -> None:
        """Play the generator's turn alone."""
        self.climb(0, self.game.for_generators(self.best()[1], real, latents))

    @torch.no_grad()
    def climb(self, side: int, fitness: Any) -> None:
        """Move a centre along the steps of its population, weighted by the ranks of their fitness."""
        centre, s = self.centres[side], self.game.settings
        steps = torch.randn(s.population // 2, len(centre), generator=self.game.random).to(centre.device)
        steps = torch.cat([steps, -steps])
        values = fitness.rows(centre + s.size * steps, torch.zeros(len(steps), dtype=torch.int64))
        self.game.passes += len(steps) * fitness.cost
        ranks = values.argsort().argsort().float() / (len(steps) - 1) - 0.5
        centre.grad = -(ranks @ steps) / (len(steps) * s.size)
        self.optimisers[side].step()

    def best(self) -> tuple[Tensor, Tensor]:
        """Return the centres."""
        generator, discriminator = (centre.detach().clone() for centre in self.centres)
        return generator, discriminator

    def state(self) -> dict[str, Any]:
        """Return what `resume` needs."""
        return {"centres": self.best(), "optimisers": [optimiser.state_dict() for optimiser in self.optimisers]}

    @torch.no_grad()
    def resume(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        for own, known in zip(self.centres, state["centres"], strict=True):
            own.copy_(known)
        for optimiser, known in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(known)
