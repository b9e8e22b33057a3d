"""A moving goal: a generation of a genetic algorithm whose fitness is another than the last generation's."""

from dataclasses import replace

import torch

from latentlib.evolution.evaluation import Fitness, cost, evaluate
from latentlib.evolution.genetic import GeneticAlgorithm
from latentlib.evolution.run import Best, State
from latentlib.evolution.survival import Generational, pick


def moved(search: GeneticAlgorithm, fitness: Fitness, state: State) -> State:
    """Return the state one generation on, by a fitness that has changed since the last, such as an opponent's.

    Parents are chosen by the fitness that they had. Whoever can survive is judged by the new one, parents like
    children, so that no one stays for having been lucky before an easier opponent or batch. The best so far becomes the
    best of this generation. No run stops.

    Args:
        search: whose operators are used.
        fitness: of this generation alone.
        state: from `search.begin`, or from the last call.
    """
    if state.generation < 0:
        return search.step(fitness, state)
    asked = search.ask(state)
    children, staying = asked.latents.shape[1], search.population
    if isinstance(search.survival, Generational):
        staying = min(staying, max(search.survival.elites, staying - children))
    parents, _ = pick((state.genomes, state.fitness), state.fitness.topk(staying, dim=1).indices)
    values = evaluate(fitness, torch.cat([parents, asked.latents], dim=1), search.chunk)  # (runs, staying + children)
    old, new = torch.split(values, [staying, children], dim=1)
    genomes, kept = search.survival((parents, old), (asked.latents, new), search.population)
    passes = torch.full_like(state.passes, cost(fitness) * values.shape[1])
    return replace(state, best=Best.nobody(genomes)).then(genomes, kept, passes, asked.random)
