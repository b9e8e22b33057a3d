"""Variation: children from parents, by crossover and mutation."""

from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.checks import Rate, check_rate
from latentlib.evolution.crossover import Crossover, Uniform
from latentlib.evolution.mutation import Gaussian, Mutation, PerIndividual, Unit, chance
from latentlib.priors import Normal, Prior
from latentlib.values import ByValue


@dataclass(frozen=True, eq=False)
class Variation(ByValue):
    """Crossover and mutation with their rates, and the prior that children stay in.

    Args:
        mating_rate: chance of a pair to exchange genes, in [0, 1]; a number or (runs,).
        mutation_rate: chance of a `mutation_unit` to change, in [0, 1]; a number or (runs,).
        crossover: makes two children of a mating pair.
        mutation: gives the genes that change new values.
        mutation_unit: what the mutation rate counts: individuals, genes or blocks.
        prior: where children belong; what leaves it is repaired.
        immigrants: share of the children replaced by fresh draws from the prior, in [0, 1].

    Raises:
        ValueError: for a rate out of range.
    """

    mating_rate: Rate = 0.3
    mutation_rate: Rate = 0.3
    crossover: Crossover = Uniform()
    mutation: Mutation = Gaussian(0.5)
    mutation_unit: Unit = PerIndividual(0.1)
    prior: Prior = Normal()
    immigrants: float = 0.0

    def __post_init__(self) -> None:
        for name in ("mating_rate", "mutation_rate", "immigrants"):
            check_rate(name, getattr(self, name))

    def __call__(self, parents: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return children of parents, of which the first mates with the second, the third with the fourth.

        Args:
            parents: (runs, count, genes); of an odd count the last one does not mate. They stay as they are.
            random: where all chance comes from.

        Returns:
            Children (runs, count, genes), and which of them changed, bool (runs, count).
        """
        children = parents.clone()
        pairs = children[:, : parents.shape[1] // 2 * 2]
        first, second = pairs[:, 0::2], pairs[:, 1::2]  # views: what is written to them stands in children
        mated = chance(self.mating_rate, tuple(first.shape[:2]), random)
        first[mated], second[mated] = self.crossover(first[mated], second[mated], random)

        mask = self.mutation_unit(self.mutation_rate, children, random)  # (runs, count, genes)
        changed = mask.any(dim=2)
        some = children[changed]  # (mutants, genes)
        children[changed] = torch.where(mask[changed], self.mutation(some, self.prior, random), some)

        changed[:, : pairs.shape[1]] |= mated.repeat_interleave(2, dim=1)
        children = torch.where(changed[:, :, None], self.prior.repair(children), children)
        if self.immigrants:
            strangers = slice(round(self.immigrants * children.shape[1]))
            children[:, strangers] = self.prior.draw(tuple(children[:, strangers].shape), random)
            changed[:, strangers] = True
        return children, changed
