"""The genetic algorithm with other operators, settings or fitness than the paper's, from a contest's first sets."""

from typing import Any

from torch import Tensor

from latentlib.evolution import Generational, GeneticAlgorithm, Tournament
from latentlib.fitness.diversity import Diversity, Similarity
from studies.diversity.experiments.contest import GENETIC, VARIATION, Contest
from studies.diversity.experiments.dissection import checkpoints

PAPERS = {"selection": Tournament(3), "survival": Generational(1), **VARIATION}


def evolved(contest: Contest, similarity: Similarity, **changed: Any) -> tuple[list[dict[str, object]], Tensor]:
    """Evolve sets that are unlike each other, and return rows of the courses and the best sets' latents.

    One row per run and number of `evaluated` sets: fitness of the `best` so far, and `passes`, the images generated.

    Args:
        contest: of the generator and the first sets.
        similarity: whose mean over the pairs of a set is minimised.
        changed: settings of `GeneticAlgorithm` in place of the paper's.

    Returns:
        The rows, and the best sets (runs, size, latent_size).
    """
    settings = contest.settings
    fitness = Diversity(contest.generator, settings.size, similarity, settings.repeats)
    search = GeneticAlgorithm(settings.population, **PAPERS | changed)
    run = search.evolve(fitness, settings.generations - 1, settings.seed, initial=contest.first_sets)
    rows: list[dict[str, object]] = []
    for which in range(settings.repeats):
        for count in checkpoints(settings):
            generation = count // settings.population - 1
            values = {"best": run.history.best, "passes": run.history.passes}
            told = {name: column[generation, which].item() for name, column in values.items()}
            rows.append({"method": GENETIC, "run": which, "evaluated": count, **told})
    return rows, contest.sets_of(run.best.latents)
