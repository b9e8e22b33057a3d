"""All searches of a goal at equal passes and in equal time, each with the settings that tuning chose."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from latentlib.fitness.generated import Generated
from studies.beyond.course import Course, problem_of, search
from studies.beyond.course import judged as judged_rows
from studies.beyond.experiments.judges import judged
from studies.beyond.experiments.tuning import chosen, players_of
from studies.beyond.goals import fitness_of, targets_of
from studies.beyond.players import ADAM, GENETIC, L_BFGS, RANDOM, SEP_CMA
from studies.beyond.rivals.asking import Rival
from studies.beyond.settings import RESTORING, WISHES, Settings, Sized
from studies.desired_images.experiments.sure import SURE
from studies.restoring.experiments.contest import Contest
from studies.restoring.experiments.rivals import no_search
from studies.restoring.settings import Settings as Restoring

PARTS = (64, 32, 16, 8, 4, 2, 1)  # of the passes, after which the course is told
TURNS = 3  # after which every part of a search has worked once
OF_SIZES = (GENETIC, RANDOM, SEP_CMA, ADAM, L_BFGS)


def contest(settings: Settings) -> pd.DataFrame:
    """Return what every search found, one row per player and run. Run it on a quiet machine.

    Columns: `choice`, its settings; `after_64` to `after_1`, the best fitness of the first 64th of the passes, and so
    on to all; `timely`, the best fitness in the time in which the tuned genetic algorithm spends its passes; `sure`,
    passes until the recogniser is sure of an image for the first time, for wishes; `judged`, as in `judges.judged`;
    `length` of the best latent relative to that of the prior; `took`, seconds of the passes, and `sampling`, the share
    of these that the search itself takes, both of all runs together. One thread. Restored images have rows for the
    nearest and for the mean training image besides, which take no search.
    """
    found = played(settings, players_of(settings))
    return pd.concat([found, unsearched(settings)], ignore_index=True) if settings.goal == RESTORING else found


def sizes(settings: Sized) -> pd.DataFrame:
    """Return the same rows of some searches with latents of another size; tuning knows the generator's own."""
    return played(settings, OF_SIZES)


def played(settings: Settings, names: Sequence[str]) -> pd.DataFrame:
    """Return the rows of some players; the tuned genetic algorithm, one of them, is the first to play."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        fitness, tables, seconds = fitness_of(settings), [], 0.0
        for name in sorted(names, key=lambda name: name != GENETIC):
            choice, start = chosen(settings, name)
            problem = problem_of(fitness, settings.passes, settings.seed)
            warm(fitness, start(problem))
            course = search(fitness, start(problem), settings.passes, seconds)
            seconds = seconds or course.time_of(settings.passes)
            tables.append(rows(settings, fitness, course, seconds).assign(player=name, choice=choice))
        return pd.concat(tables, ignore_index=True)
    finally:
        torch.set_num_threads(threads)


def warm(fitness: Generated, rival: Rival) -> None:
    """Let a search ask a few times, so that what is loaded or compiled at first use takes no time of the contest."""
    for _ in range(TURNS):
        rival.tell(judged_rows(fitness, rival.ask()))
    rival.close()


def rows(settings: Settings, fitness: Generated, course: Course, seconds: float) -> pd.DataFrame:
    """Return the rows of a search, one per run."""
    after = course.after([settings.passes // part for part in PARTS])
    never = torch.full((fitness.runs,), torch.nan)
    columns = {
        "run": torch.arange(fitness.runs),
        **{f"after_{part}": values for part, values in zip(PARTS, after, strict=True)},
        "timely": course.within(seconds),
        "sure": course.first_above(math.log(SURE)) if settings.goal in WISHES else never,
        "judged": judged(settings, fitness, course.best.latents),
        "length": lengths(fitness, course.best.latents),
    }
    found = pd.DataFrame({name: values.cpu().numpy() for name, values in columns.items()})
    took = course.time_of(settings.passes)
    return found.assign(took=took, sampling=course.sampled_by(took) / took)


def lengths(fitness: Generated, latents: Tensor) -> Tensor:
    """Return the distance (runs,) of latents (runs, genes) from the middle of the prior, relative to that of draws."""
    problem = problem_of(fitness, passes=fitness.genes, seed=0)
    middle, spread = problem.moments()
    away: Tensor = (latents - middle).norm(dim=1)
    return away / (spread * math.sqrt(fitness.genes))


def unsearched(settings: Settings) -> pd.DataFrame:
    """Return the rows of images that need no search: the nearest and the mean training image."""
    targets = targets_of(settings)
    own = Restoring(settings.dataset, settings.scale, settings.seed, device=settings.device, targets=settings.runs)
    tables = []
    for found in no_search(Contest(own, choice=lambda *_: targets)):
        values = 1 - (found.images - targets).square().mean(dim=(1, 2, 3)).cpu().numpy()
        told: dict[str, object] = {"run": np.arange(len(values)), "after_1": values}
        tables.append(pd.DataFrame(told).assign(player=found.method, choice="no search"))
    return pd.concat(tables, ignore_index=True)
