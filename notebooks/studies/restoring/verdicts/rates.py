"""JK-18 to JK-27, JK-38, JK-41 and JK-42: the effects of the rates."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from latentlib.study.claims import above, below, within
from latentlib.study.findings import (
    Finding,
    TooSmallError,
    at_level,
    decides,
    decisive,
    farthest,
    highest,
    listing,
    lowest,
    only_with,
)
from latentlib.study.statistics import Estimate, jackknife, mean
from studies.restoring.experiments.measures import SCORES
from studies.restoring.experiments.rates import RATES
from studies.restoring.settings import COLOUR
from studies.restoring.verdicts.cubes import at, cube, datasets

AXES = ("mating_rate", "mutation_rate")
ITERATION = 200  # of Tables 1 and 2 (parameters.md, JK-A6)
GRID = np.array(RATES)
Surface = Callable[[np.ndarray], float]  # from mean scores (mating, mutation) to a number


def surfaces(
    grid: pd.DataFrame, fitness: str, iteration: int = ITERATION, column: str | None = None
) -> dict[str, np.ndarray]:
    """Return scores, or another column, (targets, mating, mutation) at all 81 pairs of rates, by data set.

    Raises:
        TooSmallError: if the grid has other rates.
    """
    rows = at(grid[grid["fitness"] == fitness], iteration)
    for name in AXES:
        if (there := sorted(rows[name].round(6).unique())) != list(RATES):
            raise TooSmallError(f"{name} must be 0.1 to 0.9, got {there}")
    return {name: cube(rows, fitness, name, AXES, column) for name in datasets(rows)}


def of_mean(statistic: Surface, *samples: np.ndarray) -> float:
    """Return a statistic of the mean surface, averaged over targets within each data set and then over data sets."""
    return float(statistic(np.mean([sample.mean(axis=0) for sample in samples], axis=0)))


def surface_estimate(grid: pd.DataFrame, fitness: str, statistic: Surface) -> Estimate:
    """Return the statistic of the mean surface with an interval over targets."""
    return jackknife(list(surfaces(grid, fitness).values()), partial(of_mean, statistic))


def published_surface(grids: pd.DataFrame, fitness: str) -> np.ndarray:
    """Return the scores (mating, mutation) of Table 1 (mse) or 2 (ssim)."""
    some = grids[grids["fitness"].str.lower() == fitness]
    return some.pivot_table(index="mating_rate", columns="mutation_rate", values="score").to_numpy()


def beside(grid: pd.DataFrame, grids: pd.DataFrame, fitness: str) -> dict[str, pd.DataFrame]:
    """Return Table 1 or 2, ours at the last of its iterations, and the difference of the two without their levels.

    Both have the cells at our rates; the levels are means over the cells.
    """
    rows = grid[(grid["fitness"] == fitness) & (grid["iteration"] == min(ITERATION, grid["iteration"].max()))]
    rows = rows.assign(score=rows[SCORES[fitness]], **rows[list(AXES)].round(1))
    ours = rows.pivot_table("score", ["dataset", AXES[0]], AXES[1]).groupby(level=AXES[0]).mean()
    printed = pd.DataFrame(published_surface(grids, fitness), RATES, RATES)
    theirs = printed.loc[ours.index, ours.columns].rename_axis(index=AXES[0], columns=AXES[1])
    level = float(ours.to_numpy().mean() - theirs.to_numpy().mean())
    return {"paper": theirs, "ours": ours, "ours minus paper": ours - theirs - level}


def slices(grid: pd.DataFrame, fitness: str, mating_rate: float) -> pd.DataFrame:
    """Return our scores by mutation rate, for each data set and target, at the mating rate nearest to one given.

    That rate is the name of the index's first level.
    """
    rows = grid[(grid["fitness"] == fitness) & (grid["iteration"] == min(ITERATION, grid["iteration"].max()))]
    rate = min(rows[AXES[0]].round(1).unique(), key=lambda there: abs(there - mating_rate))
    rows = rows[rows[AXES[0]].round(1) == rate].assign(rate=rows[AXES[1]].round(1))
    found: pd.DataFrame = rows.pivot_table(SCORES[fitness], ["dataset", "target"], "rate", sort=False)
    return found.rename_axis(index=[rate, "target"])


def replicated(fitness: str, grid: pd.DataFrame, grids: pd.DataFrame, least: float) -> Finding:
    """Decide whether our surface has the shape of the published one."""
    theirs = published_surface(grids, fitness)
    rho = surface_estimate(grid, fitness, lambda ours: stats.spearmanr(ours.ravel(), theirs.ravel()).statistic)
    ours = np.mean([sample.mean(axis=0) for sample in surfaces(grid, fitness).values()], axis=0)
    error = float(np.std((ours - ours.mean()) - (theirs - theirs.mean())))
    best = np.unravel_index(ours.argmax(), ours.shape)
    reading = (
        f"Levels {ours.mean():.3f} (ours, {' and '.join(surfaces(grid, fitness))}) and {theirs.mean():.3f} (the "
        f"paper's four data sets); without them the cells differ by {error:.4f} (root mean square). Our best cell: "
        f"mating {RATES[best[0]]}, mutation {RATES[best[1]]}."
    )
    return Finding(above(rho, threshold=least), "Spearman correlation of 81 cells", rho, reading)


@decides("JK-18", "grid", "published_grids")
def table_1(grid: pd.DataFrame, grids: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether our grid replicates Table 1."""
    return replicated("mse", grid, grids, least)


@decides("JK-19", "grid", "published_grids")
def table_2(grid: pd.DataFrame, grids: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether our grid replicates Table 2."""
    return replicated("ssim", grid, grids, least)


def inside_lead(mating: Sequence[float], mutation: Sequence[float], surface: np.ndarray) -> float:
    """Return the best score of a surface inside a rectangle of rates minus the best outside."""
    rows, columns = ((low - 1e-9 < GRID) & (high + 1e-9 > GRID) for low, high in (mating, mutation))
    inside = rows[:, None] & columns[None]
    return float(surface[inside].max() - surface[~inside].max())


@decides("JK-20", "grid")
def good_values(grid: pd.DataFrame, *, low: float, high: float, **slack: float) -> Finding:
    """Decide whether good rates lie around 0.2 to 0.4, with a slack for each fitness."""
    lead = partial(inside_lead, (low, high), (low, high))
    leads = {fitness: surface_estimate(grid, fitness, lead) for fitness in ("mse", "ssim")}
    shifted = [lead.mapped(shift=slack[fitness]) for fitness, lead in leads.items()]
    name, least = lowest(leads)
    return Finding(above(*shifted), f"best cell inside minus best outside ({name})", least, f"{listing(leads)}.")


@decides("JK-21", "grid")
def good_values_by_dataset(
    grid: pd.DataFrame, *, mating: Sequence[float], mutation: Sequence[float], slack: float
) -> Finding:
    """Decide whether the best rates of every data set are as published."""
    lead = partial(inside_lead, mating, mutation)
    cubes = surfaces(grid, "mse")
    leads = {name: jackknife([cells], partial(of_mean, lead)) for name, cells in cubes.items()}
    shifted = [lead.mapped(shift=slack) for lead in leads.values()]
    best = {name: np.unravel_index(cells.mean(axis=0).argmax(), (9, 9)) for name, cells in cubes.items()}
    places = "; ".join(f"{name}: mating {RATES[i]}, mutation {RATES[j]}" for name, (i, j) in best.items())
    name, least = lowest(leads)
    return Finding(above(*shifted), f"best cell inside minus best outside ({name})", least, f"Best cells: {places}.")


def variance_lead(surface: np.ndarray) -> float:
    """Return the share of a surface's variance due to the mutation rate minus that due to the mating rate."""
    centred = surface - surface.mean()
    mutation, mating = (centred.mean(axis=axis) for axis in (0, 1))
    return float(((mutation**2).mean() - (mating**2).mean()) / (centred**2).mean())


@decides("JK-22", "grid")
def mutation_matters_more(grid: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the mutation rate has the greater effect."""
    leads = {fitness: surface_estimate(grid, fitness, variance_lead) for fitness in ("mse", "ssim")}
    name, smallest = lowest(leads)
    reading = f"{listing(leads, 2)}; published 0.90 (Table 1) and -0.02 (Table 2). Shown: {name}."
    outcome = above(*leads.values(), threshold=least)
    return Finding(outcome, "share of variance, mutation minus mating", smallest, reading)


def column(rate: float) -> int:
    """Return the index of a rate on an axis of the grid."""
    return RATES.index(rate)


def extra_drop(surface: np.ndarray) -> float:
    """Return the drop from mutation 0.3 to 0.4 beyond the mean of the drops before and after it."""
    by_mutation = surface.mean(axis=0)
    drops = -np.diff(by_mutation)
    return float(drops[column(0.3)] - (drops[column(0.2)] + drops[column(0.4)]) / 2)


@decides("JK-23", "grid")
def sharp_drop(grid: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether there is a cliff between 0.3 and 0.4."""
    drop = surface_estimate(grid, "mse", extra_drop)
    means = np.mean([cells.mean(axis=(0, 1)) for cells in surfaces(grid, "mse").values()], axis=0)
    reading = "Mean 1 - MSE at mutation 0.1 to 0.9: " + ", ".join(f"{value:.4f}" for value in means)
    return Finding(above(drop, threshold=least), "drop from 0.3 to 0.4 beyond its neighbours", drop, f"{reading}.")


def fall_after_04(surface: np.ndarray) -> float:
    """Return the mean score at mutation 0.4 minus that at 0.9."""
    by_mutation = surface.mean(axis=0)
    return float(by_mutation[column(0.4)] - by_mutation[column(0.9)])


@decides("JK-24", "grid")
def plateau(grid: pd.DataFrame, **margins: float) -> Finding:
    """Decide whether there is no difference from 0.4 to 0.9."""
    fall = {fitness: surface_estimate(grid, fitness, fall_after_04) for fitness in ("mse", "ssim")}
    outcome = within(*fall.values(), margin=[margins[fitness] for fitness in fall])
    name, _ = farthest({fitness: fall[fitness].mapped(1 / margins[fitness]) for fitness in fall})
    return Finding(outcome, f"mean score at mutation 0.4 minus 0.9 ({name})", fall[name], f"{listing(fall)}.")


@decides("JK-25", "grid")
def middle_is_best(grid: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether extreme mating rates are worse."""
    leads = {
        (fitness, f"0.5 over {end}"): surface_estimate(grid, fitness, partial(mating_lead, end))
        for fitness in ("mse", "ssim")
        for end in (0.1, 0.9)
    }
    outcome = above(*leads.values(), threshold=least)
    name, smallest = decisive(leads, outcome)
    reading = f"{listing(leads)}. {at_level(smallest, leads)}"
    return Finding(outcome, f"mean score at mating 0.5 over an extreme ({name})", smallest, reading)


def mating_lead(end: float, surface: np.ndarray) -> float:
    """Return the mean score at mating 0.5 minus that at another rate."""
    by_mating = surface.mean(axis=1)
    return float(by_mating[column(0.5)] - by_mating[column(end)])


@decides("JK-26", "courses")
def best_at_03(courses: pd.DataFrame, *, rate: float, least: float) -> Finding:
    """Decide whether all but MNIST do best at mutation 0.3."""
    rows = at(courses, ITERATION, mating_rate=0.3)
    leads = {}
    named = ("fashion_mnist", *COLOUR)
    for name in [name for name in datasets(rows) if name in named]:
        scores = cube(rows, "mse", name, ("mutation_rate",))
        own = np.isclose(np.sort(rows["mutation_rate"].unique()), rate)
        leads[name] = jackknife([scores], lambda s, own=own: float(s[:, own].mean() - s[:, ~own].mean(axis=0).max()))
    name, smallest = lowest(leads)
    outcome = only_with(named, leads, above(*leads.values(), threshold=least))
    return Finding(outcome, f"mutation {rate} minus the best other ({name})", smallest, f"{listing(leads)}.")


@decides("JK-27", "grid")
def outside_the_range(grid: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether updates no longer work outside the proper range."""
    late, early = (surfaces(grid, "mse", iteration) for iteration in (ITERATION, 1))
    gains = [late[name] - early[name] for name in late]
    ratio = jackknife(gains, partial(of_mean, lambda gain: float(gain[:, 3:].mean() / gain[:, :3].mean())))
    reading = "The gain at mutation 0.4 and more against that at 0.3 and less; 1 would be no difference."
    return Finding(below(ratio, threshold=most), "ratio of gains from iteration 1 to 200", ratio, reading)


@decides("JK-38", "grid")
def equal_beginnings(grid: pd.DataFrame, *, margin: float) -> Finding:
    """Decide whether iteration 1 does not depend on the rates."""
    first = surfaces(grid, "mse", 1)
    gaps = {
        name: jackknife(list(first.values()), partial(of_mean, partial(end_gap, axis)))
        for axis, name in ((0, "mutation"), (1, "mating"))
    }
    name, most = farthest(gaps)
    return Finding(
        within(*gaps.values(), margin=margin),
        f"difference between rates 0.1 and 0.9 ({name})",
        most,
        f"{listing(gaps)}.",
    )


def end_gap(axis: int, surface: np.ndarray) -> float:
    """Return the mean score at the highest rate minus that at the lowest, of mutation (axis 0) or mating (axis 1)."""
    means = surface.mean(axis=axis)
    return float(means[-1] - means[0])


@decides("JK-41", "grid", "judges")
def unlike_the_original(grid: pd.DataFrame, judges: pd.DataFrame, *, accurate: float, least: float) -> Finding:
    """Decide whether high mutation restores a different object."""
    right = judges.set_index("dataset")["accuracy"]
    kept = {name: part for name, part in surfaces(grid, "mse", column="same_class").items() if right[name] > accurate}
    if not kept:
        raise TooSmallError("no data set whose judge is accurate enough was run")
    lost = [1 - part for part in kept.values()]
    gap = jackknife(lost, partial(of_mean, lambda s: float(s[:, 3:].mean() - s[:, :3].mean())))
    high, low = (np.mean([part[:, :, cut].mean() for part in lost]) for cut in (slice(3, None), slice(3)))
    reading = (
        f"Another class than the target's: {high:.3f} at 0.4 and more, {low:.3f} at 0.3 and less; {', '.join(kept)}."
    )
    return Finding(above(gap, threshold=least), "share of images of another class, high minus low rates", gap, reading)


@decides("JK-42", "details")
def details_only(details: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether mating rates change details only."""
    ratios = {
        name: mean((part["between_rates"] / part["between_seeds"]).to_numpy(float))
        for name, part in details.groupby("dataset")
    }
    name, largest = highest(ratios)
    statistic = "distance between mating rates over that between seeds"
    return Finding(below(*ratios.values(), threshold=most), statistic, largest, f"{listing(ratios, 2)}. Shown: {name}.")
