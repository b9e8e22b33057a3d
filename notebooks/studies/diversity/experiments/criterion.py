"""Another criterion than the paper's: how evenly a recogniser finds the classes in a set (FE-19)."""

import math
from dataclasses import replace

import pandas as pd
import torch
from torch import Tensor, nn

from latentlib import zoo
from latentlib.evolution import Best, Generational, GeneticAlgorithm, RandomSearch, Tournament
from latentlib.fitness.diversity import Diversity
from latentlib.models.classifier import Classifier
from latentlib.models.frozen import frozen
from studies.diversity.experiments.contest import GENETIC, RANDOM, VARIATION, Contest
from studies.diversity.experiments.judges import Ensemble, ensemble
from studies.diversity.experiments.searches import measured_images
from studies.diversity.settings import Settings

CRITERION = "evenness"


class Evenness(Diversity):
    """Score a set by the entropy of the recogniser's mean answer over its images, relative to the largest: in [0, 1].

    Args:
        generator: as in `Diversity`.
        recogniser: a classifier of exclusive classes.
        size: images in a set.
        runs: number of independent evolutions.
    """

    def __init__(self, generator: nn.Module, recogniser: Classifier, size: int, runs: int = 1) -> None:
        super().__init__(generator, size, runs=runs)
        self.recogniser = frozen(recogniser, self.device)

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of sets of images (n, size, channels, height, width)."""
        answers = self.recogniser.probabilities(images.flatten(0, 1)).view(*images.shape[:2], -1).mean(dim=1).double()
        entropy: Tensor = torch.special.entr(answers).sum(dim=1) / math.log(answers.shape[1])
        return entropy.float()


def criterion(settings: Settings) -> pd.DataFrame:
    """Return the best sets of two searches by the criterion at equal evaluations, from shared first sets.

    One row per `method` and `run`, after so many `evaluated` sets: fitness of the `best`; what judges that are not the
    recogniser, and pixels and latents, say of the best set, as in `searches`; and the `deviation` of the judges'
    `evenness` over the first sets, which are random.
    """
    contest, (recogniser, jury) = Contest(settings), parties(settings.dataset, settings.device)
    fitness = Evenness(contest.generator, recogniser, settings.size, settings.repeats)
    firsts = [measured(contest, jury, sets)[CRITERION].std() for sets in contest.first_sets]
    tables = []
    for method, best in searched(contest, fitness).items():
        table = measured(contest, jury, best.latents).rename_axis("run").reset_index()
        table = table.assign(metric=CRITERION, method=method, evaluated=settings.evaluations)
        tables.append(table.assign(best=best.fitness.cpu().numpy(), deviation=firsts))
    return pd.concat(tables, ignore_index=True)


def searched(contest: Contest, fitness: Evenness) -> dict[str, Best]:
    """Return the best sets of the paper's genetic algorithm and of random sampling."""
    settings, first = contest.settings, contest.first_sets
    evolution = GeneticAlgorithm(settings.population, selection=Tournament(3), survival=Generational(1), **VARIATION)
    sampling = RandomSearch(settings.population)
    passes = settings.evaluations * settings.size
    return {
        GENETIC: evolution.evolve(fitness, settings.generations - 1, settings.seed, initial=first).best,
        RANDOM: sampling.search(fitness, passes, settings.seed, initial=first).best,
    }


def measured(contest: Contest, jury: Ensemble, genomes: Tensor) -> pd.DataFrame:
    """Return the measures of sets (n, genes), one row each."""
    sets = contest.sets_of(genomes)
    return pd.DataFrame(measured_images(contest.images_of(sets), sets, jury))


def parties(dataset: str, device: str) -> tuple[Classifier, Ensemble]:
    """Return the recogniser of a data set and judges: without one in the zoo, the last judge is the recogniser.

    Raises:
        ValueError: for a data set with a single classifier.
    """
    jury = ensemble(dataset, device)
    if (name := f"recogniser/{dataset}") in zoo.ENTRIES:
        return zoo.load_classifier(name, device), jury
    if len(jury.judges) < 2:
        raise ValueError(f"{dataset} has a single classifier, and who recognises must not judge")
    return jury.judges[-1], replace(jury, judges=jury.judges[:-1], real=jury.real[:-1])
