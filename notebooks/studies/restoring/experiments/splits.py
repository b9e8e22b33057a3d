"""Figs 7b and 8: images that the generator has learnt from against images that it has not, by evolution alone."""

import pandas as pd

from studies.restoring.experiments.colour import colour_errors
from studies.restoring.experiments.contest import SPLITS, Contest
from studies.restoring.experiments.measures import measures
from studies.restoring.experiments.targets import drawn
from studies.restoring.settings import Settings


def splits(settings: Settings) -> pd.DataFrame:
    """Return the measures of random targets of both splits, one row per target; in colour with the errors of colour."""
    contest = Contest(settings, SPLITS, drawn)
    run = contest.evolution.evolve(contest.fitness, settings.generations, settings.seed)
    images = contest.generator(run.best.latents)
    table = measures(settings.dataset, images, contest.targets)
    if images.shape[1] == 3:
        errors = colour_errors(images, contest.targets)
        table = table.assign(**{name: error.cpu().numpy() for name, error in errors.items()})
    table["split"] = [split for split in SPLITS for _ in range(settings.targets)]
    return table.assign(target=table["target"] % settings.targets)
