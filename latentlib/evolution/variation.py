"""Variation: children from parents, by crossover and mutation."""

from dataclasses import dataclass

import torch
from torch import Tensor

from latentlib.checks import Rate, check_operator, check_rate
from latentlib.evolution.crossover import Crossover, Uniform
from latentlib.evolution.mutation import Gaussian, Mutation, PerIndividual, Unit, chance
from latentlib.priors import Normal, Prior, check_prior
from latentlib.values import ByValue


@dataclass(frozen=True, eq=False)
class Variation(ByValue):
    """Apply crossover and mutation with their rates, and keep children within a prior.

    Args:
        mating_rate: probability that a pair exchanges genes, in [0, 1]; a number or (runs,).
        mutation_rate: probability that a `mutation_unit` changes, in [0, 1]; a number or (runs,).
        crossover: makes two children of a mating pair.
        mutation: proposes new values for the genes that change.
        mutation_unit: what the mutation rate refers to: individuals, genes or blocks.
        prior: distribution of the latents, which repairs children.
        immigrants: share of the children replaced by fresh draws from the prior, in [0, 1].

    Raises:
        ValueError: for a rate out of range.
        TypeError: for what is no operator or no prior.
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
        for name in ("crossover", "mutation", "mutation_unit"):
            check_operator(name, getattr(self, name))
        check_prior(self.prior)

    def __call__(self, parents: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return children of parents that mate in order: the first with the second, the third with the fourth.

        Args:
            parents: (runs, count, genes), left unchanged; the last of an odd count does not mate.
            random: random generator.

        Returns:
            Children (runs, count, genes), and whether each changed, bool (runs, count).
        """
        children = parents.clone()
        pairs = children[:, : parents.shape[1] // 2 * 2]
        first, second = pairs[:, 0::2], pairs[:, 1::2]  # views: writing to them writes to children
        mated = chance(self.mating_rate, tuple(first.shape[:2]), random)
        first[mated], second[mated] = self.crossover(first[mated], second[mated], random)

        mask = self.mutation_unit(self.mutation_rate, children, random)  # (runs, count, genes), or (runs, count, 1)
        changed = mask.any(dim=2)
        some = children[changed]  # (mutants, genes)
        children[changed] = torch.where(mask[changed], self.mutation(some, self.prior, random), some)

        changed[:, : pairs.shape[1]] |= mated.repeat_interleave(2, dim=1)
        if (repaired := self.prior.repair(children)) is not children:
            children = torch.where(changed[:, :, None], repaired, children)
        if self.immigrants:
            strangers = slice(round(self.immigrants * children.shape[1]))
            children[:, strangers] = self.prior.draw(tuple(children[:, strangers].shape), random)
            changed[:, strangers] = True
        return children, changed
