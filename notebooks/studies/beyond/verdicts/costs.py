"""BY-15 to BY-17: where evolution gives out, and what searches cost."""

import numpy as np
import pandas as pd

from latentlib.study.claims import within
from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, listing, told
from latentlib.study.statistics import mean
from studies.beyond.plan import EVERY, GENES
from studies.beyond.players import ADAM, EVOLVING, GENETIC, SEP_CMA
from studies.beyond.verdicts.tables import complete, errors, generators, values


@decides("BY-15", "sizes")
def gives_out(sizes: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the genetic algorithm falls behind Adam as latents grow."""
    found, beside = {}, []
    for name, rows in generators(sizes).items():
        for player in (GENETIC, SEP_CMA):
            behind = lags(rows, player)
            beside.append(f"{name}, {player}: {told(np.exp(behind.mean()).to_dict())}.")
            if player == GENETIC:
                found[name] = mean(slopes(behind))
    part = Part("slope of the logarithm of the ratio of errors over doublings of the latent size", found, least)
    return decided([part], f"Ratios by size. {' '.join(beside)}", complete(sizes, EVERY[:2]))


def lags(rows: pd.DataFrame, player: str) -> pd.DataFrame:
    """Return the logarithm of a player's error over Adam's, by run and latent size."""
    found = {genes: errors(some, player) - errors(some, ADAM) for genes, some in rows.groupby("genes")}
    if missing := sorted(set(GENES["paper"]) - set(found)):
        raise TooSmallError(f"latents of {', '.join(map(str, missing))} genes were not searched")
    return pd.DataFrame(found)


def slopes(table: pd.DataFrame) -> np.ndarray:
    """Return the slope of each row (runs,) over the logarithm to base 2 of the columns."""
    doublings = np.log2(table.columns.to_numpy(float))
    centred = doublings - doublings.mean()
    found: np.ndarray = table.to_numpy() @ centred / float(centred @ centred)
    return found


@decides("BY-16", "restoring")
def searches_cost_little(restoring: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether the search itself takes little time beside the generator."""
    every = generators(restoring).values()
    found = {
        name: mean(np.array([values(rows, name, "sampling")[0] for rows in every])).bounded(0, 1) for name in EVOLVING
    }
    part = Part("share of the time that the search itself takes", found, most, below=True)
    return decided([part], f"Means over generators: {listing(found, 2)}.", complete(restoring, EVERY))


@decides("BY-17", "workers")
def workers_are_as_many_machines(workers: pd.DataFrame, *, margin: float) -> Finding:
    """Decide whether cells on several Dask workers take as long as the model says: their time over the workers."""
    found = {
        f"{count} workers": mean(np.log((rows["wall"] * rows["workers"] / rows["alone"]).to_numpy(float)))
        for count, rows in workers.groupby("workers")
    }
    outcome = within(*found.values(), margin=margin)
    name = max(found, key=lambda key: max(found[key].high, -found[key].low))
    statistic = "mean logarithm of the time measured over that of the model"
    return Finding(outcome, statistic, found[name], f"Logarithms: {listing(found, 2)}. Shown: {name}.")
