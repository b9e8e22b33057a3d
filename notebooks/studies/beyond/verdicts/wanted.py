"""BY-11 and BY-12: wanted images by their rarity."""

import numpy as np
import pandas as pd

from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, told
from latentlib.study.statistics import Estimate, difference, jackknife
from studies.beyond.players import ADAM, GENETIC, RANDOM, SEP_CMA
from studies.beyond.settings import GLASSES, SMILE, WISHES, WOMEN
from studies.beyond.verdicts.tables import values


def waits(wanted: pd.DataFrame, goal: str, player: str) -> np.ndarray:
    """Return the logarithm of the passes (runs,) until the first sure image; the whole budget where there was none."""
    rows = wanted[wanted["goal"] == goal]
    if rows.empty:
        raise TooSmallError(f"{goal} was not sought")
    found: np.ndarray = np.log(np.minimum(values(rows, player, "sure"), rows["passes"].iloc[0]))
    return found


def saving(wanted: pd.DataFrame, goal: str, player: str) -> float:
    """Return by which factor a search finds the first sure image earlier than random search does."""
    return float(np.exp(waits(wanted, goal, RANDOM).mean() - waits(wanted, goal, player).mean()))


@decides("BY-11", "wanted")
def rarer_gains_more(wanted: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the genetic algorithm saves more passes on the rarest wish than on the most frequent."""
    samples = [waits(wanted, goal, name) for goal in (WOMEN, SMILE) for name in (RANDOM, GENETIC)]
    found = jackknife(samples, lambda a, b, c, d: float((a.mean() - b.mean()) - (c.mean() - d.mean())))
    savings = {f"{goal}, {name}": saving(wanted, goal, name) for goal in WISHES for name in (GENETIC, SEP_CMA)}
    part = Part("difference of mean logarithms of the saving", {f"{WOMEN} against {SMILE}": found}, least)
    return decided([part], f"Times fewer passes than random search: {told(savings, 1)}.")


@decides("BY-12", "wanted")
def descent_is_cheaper(wanted: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether Adam finds rare images with fewer passes than the genetic algorithm."""
    found: dict[str, Estimate] = {
        goal: difference(waits(wanted, goal, GENETIC), waits(wanted, goal, ADAM)) for goal in (GLASSES, WOMEN)
    }
    judged = {
        f"{goal}, {name}": float(values(wanted[wanted["goal"] == goal], name, "judged").mean())
        for goal in found
        for name in (GENETIC, ADAM)
    }
    part = Part("difference of mean logarithms of the passes until the first sure image", found, least)
    return decided([part], f"Share of best images that judges see as wanted: {told(judged)}.")
