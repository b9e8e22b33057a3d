"""Resuming a search: how far it goes, and whether a state is its own."""

import torch

from latentlib.checks import check_at_least
from latentlib.evolution.evaluation import Fitness, evaluate
from latentlib.evolution.run import State

SAME = 1e-3  # relative difference up to which a fitness counts as the one that judged a state
NOTHING = 1e-6  # difference that is rounding whatever the size of the fitness


def horizon(generations: int | None, more: int | None, state: State | None) -> int:
    """Return the last generation; raise a ValueError unless exactly one number is given, at least 1."""
    if generations is not None and more is None:
        check_at_least("generations", generations, 1)
        return generations
    if more is not None and generations is None:
        check_at_least("more", more, 1)
        return more + (0 if state is None else max(0, state.generation))
    raise ValueError(f"give generations= or more=, one of the two, got {generations} and {more}")


def check_judged_by(fitness: Fitness, state: State) -> None:
    """Raise a ValueError unless the fitness judged the state.

    A fitness that says its `fingerprint` must have that of the state. Unless it is `noisy`, it must also agree with
    the state on the fittest individual of each run.
    """
    other = "the state was judged by another fitness"
    way = "go on from state.reassessed(...), or give its genomes as initial="
    if state.judged_by and getattr(fitness, "fingerprint", state.judged_by) != state.judged_by:
        raise ValueError(f"{other}, of other targets, networks or settings: {way}")
    if getattr(fitness, "noisy", False):
        return
    fittest = state.fitness.argmax(dim=1)
    rows = torch.arange(len(fittest), device=fittest.device)
    known, found = state.fitness[rows, fittest], evaluate(fitness, state.genomes[rows, fittest][:, None])[:, 0]
    differs = ~torch.isclose(known, found, rtol=SAME, atol=NOTHING)
    if bool(differs.any()):
        run = int(differs.nonzero()[0])
        raise ValueError(
            f"{other}: it says {float(known[run]):.4g} of run {run}, this one says {float(found[run]):.4g}; {way}"
        )
