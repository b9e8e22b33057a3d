"""The choice of each search's settings, on targets and random numbers that the contest does not use.

Six settings of every search, on the same trials and with the passes of the contest. What was tried is kept in the
cache, where the contest finds it.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
from torch import Tensor

from latentlib import files
from latentlib.study import source
from studies.beyond.course import Course, problem_of, search
from studies.beyond.goals import ASIDE, FREE, fitness_of
from studies.beyond.players import PLAYERS, Start
from studies.beyond.settings import WISHES, Settings
from studies.desired_images.experiments.sure import SURE


def tuning(settings: Settings) -> pd.DataFrame:
    """Return what every search reached with each of its settings, one row per player, choice and run.

    Columns: `merit`, as in `merit`; `chosen`, whether its mean over the runs is the best of the choices.
    """
    return pd.DataFrame(list(rows(settings)))


def rows(settings: Settings) -> Iterator[dict[str, Any]]:
    """Yield the rows of all players of a goal."""
    for name in players_of(settings):
        reached = tried(settings, name)
        winner, _ = chosen(settings, name)
        for choice, values in reached.items():
            for run, value in enumerate(values):
                yield {"player": name, "choice": choice, "run": run, "merit": value, "chosen": choice == winner}


def players_of(settings: Settings) -> list[str]:
    """Return the names of the players that can seek a goal: those that descend need a gradient."""
    return [name for name, player in PLAYERS.items() if not (player.descends and settings.goal in FREE)]


def chosen(settings: Settings, name: str) -> tuple[str, Start]:
    """Return the setting of a player with the best mean merit on what is set aside, and the search with it."""
    choices = PLAYERS[name].choices
    if len(choices) == 1:
        return next(iter(choices.items()))
    reached = tried(settings, name)
    winner = max(choices, key=lambda choice: sum(reached[choice]))
    return winner, choices[winner]


def tried(settings: Settings, name: str) -> dict[str, list[float]]:
    """Return the merit of every trial by setting of a player, on the data set's first generator; from the cache."""
    own = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    settings = replace(Settings(**own), replicate=0)
    path = kept(settings, name)
    if not path.exists():
        fitness = fitness_of(settings, aside=True)
        reached = {}
        for choice, start in PLAYERS[name].choices.items():
            problem = problem_of(fitness, settings.passes, settings.seed + ASIDE)
            reached[choice] = merit(settings, search(fitness, start(problem), settings.passes)).tolist()
        with files.replacing(path) as part:
            part.write_text(json.dumps(reached), encoding="utf-8")
    found: dict[str, list[float]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def merit(settings: Settings, course: Course) -> Tensor:
    """Return what counts of each run (runs,): the best fitness, or for wishes how soon the recogniser is sure.

    That is minus the logarithm of the passes until then, of all passes where it never is.
    """
    if settings.goal not in WISHES:
        return course.best.fitness
    return -course.first_above(math.log(SURE)).clamp(max=settings.passes).log()


def kept(settings: Settings, name: str) -> Path:
    """Return the file in the cache of what was tried, which changes its name with the code and the weights."""
    told = replace(settings, runs=1)  # whose number does not matter here
    return files.cache() / "tuned" / f"{files.digest(repr((told, name, source.digest(__name__))))}.json"
