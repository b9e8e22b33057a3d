"""LI-18 to LI-21: one of two digits."""

import numpy as np
import pandas as pd

from latentlib.study.claims import above
from latentlib.study.findings import Finding, TooSmallError, decides
from latentlib.study.statistics import Estimate, jackknife
from studies.desired_images.verdicts.pool import climbs
from studies.desired_images.verdicts.runs import at_end, at_start, at_stop, correlation, of, rising, typical, wishes


@decides("LI-18", "either")
def only_these_two(either: pd.DataFrame, *, target: float, least: float) -> Finding:
    """Decide whether only the two wanted digits are generated."""
    stopped = at_stop(either, target)
    estimate = typical(stopped["judged"].to_numpy())
    end = at_end(either)["judged"].mean()
    reading = (
        f"The recogniser counts {stopped['accuracy'].mean():.3f}. After all generations the judge counts {end:.3f}."
    )
    return Finding(above(estimate, threshold=least), "judged accuracy at the stop", estimate, reading)


@decides("LI-19", "either")
def number_rises(either: pd.DataFrame, *, target: float, low: float, high: float) -> Finding:
    """Decide whether the number of wanted images rises."""
    estimate = typical(rising(either, "judged", target))
    reading = f"From {at_start(either)['judged'].mean():.3f} to {at_end(either)['judged'].mean():.3f}."
    return Finding(climbs(estimate, low, high), "rank correlation of generation and judged accuracy", estimate, reading)


def won_and_fell(pools: pd.DataFrame, fall: float) -> np.ndarray:
    """Return which runs, bool (runs,), end with more of the first class, the second having fallen from its peak."""
    runs = pools.sort_values("generation").groupby("run")
    end, peak = runs.last(), runs["second"].max().to_numpy()
    falls = np.round(peak - end["second"].to_numpy(), 6) >= fall  # 0.47 - 0.45 is less in binary
    return np.array((end["first"].to_numpy() > end["second"].to_numpy()) & falls)


def until_stop(pools: pd.DataFrame, share: float) -> pd.DataFrame:
    """Return the generations of each run up to the first whose accuracy reaches a share."""
    by = [name for name in ("recogniser", "run") if name in pools]
    full = pools[pools["accuracy"] >= share].groupby(by)["generation"].min().rename("stop")
    stops = pools.join(full, on=by)["stop"].fillna(np.inf)
    return pools[pools["generation"] <= stops]


def shares_won(either: pd.DataFrame, others: pd.DataFrame, fall: float) -> dict[str, float]:
    """Return the share of runs in which the first wins and the second falls, by recogniser."""
    tables = {"the one that ships": either}
    tables |= {f"seed {seed}": rows for seed, rows in others.groupby("recogniser")}
    return {name: float(won_and_fell(table, fall).mean()) for name, table in tables.items()}


@decides("LI-20", "either", "recognisers_of_either")
def eight_declines(either: pd.DataFrame, others: pd.DataFrame, *, stop: float, fall: float, least: float) -> Finding:
    """Decide whether the 4 goes on growing while the 8 declines, whichever recogniser is the fitness."""
    shares = list(shares_won(either, others, fall).values())
    estimate = typical(np.array(shares)).bounded(0, 1)
    end = at_end(either)
    early = np.mean(list(shares_won(until_stop(either, stop), until_stop(others, stop), fall).values()))
    reading = (
        f"By recogniser: {', '.join(f'{share:.2f}' for share in shares)} of the pools. With the first the shares in "
        f"the end are 4 {end['first'].mean():.2f}, 8 {end['second'].mean():.2f}. Where pools are {stop:.0%} full, it "
        f"is a share of {early:.3f}."
    )
    return Finding(above(estimate, threshold=least), "share of pools where 4 wins and 8 declines", estimate, reading)


def gaps(table: pd.DataFrame, confidence: pd.Series) -> pd.DataFrame:
    """Return, for each pair of digits, its name and the first minus the second: confidence, first share, last share."""
    rows = []
    for wish, runs in wishes(table).items():
        one, other = (int(part[6]) for part in wish.split(" | "))
        first, last = at_start(runs), at_end(runs)
        rows.append(
            {
                "pair": f"{one}|{other}",
                "confidence": confidence.get(one, np.nan) - confidence.get(other, np.nan),
                "start": float((first["first"] - first["second"]).mean()),
                "end": float((last["first"] - last["second"]).mean()),
            }
        )
    return pd.DataFrame(rows)


def related(table: pd.DataFrame, cause: str) -> Estimate:
    """Return the Spearman correlation over the pairs of digits, which are resampled."""
    return jackknife([table[[cause, "end"]].to_numpy()], lambda some: correlation(*some.T)).bounded(-1, 1)


@decides("LI-21", "pairs", "sharpness")
def confidence_decides(pairs: pd.DataFrame, sharpness: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the recogniser is more confident of the digit that wins."""
    confidence = sharpness.groupby("class")["confidence"].mean()
    printed = gaps(of(pairs, operators="as printed"), confidence)
    drift = gaps(of(pairs, operators="copies"), confidence)
    if len(printed) < 3 or printed.isna().any(axis=None):
        raise TooSmallError("fewer than three pairs of digits")
    estimate = related(printed, "confidence")
    found = {
        "confidence, by copying alone": related(drift, "confidence"),
        "first shares": related(printed, "start"),
        "first shares, by copying alone": related(drift, "start"),
    }
    reading = "The final gap goes along with " + "; ".join(
        f"{name} {e.value:.2f} [{e.low:.2f}, {e.high:.2f}]" for name, e in found.items()
    )
    return Finding(
        above(estimate, threshold=least),
        "rank correlation of gaps in confidence and in final share",
        estimate,
        f"{reading}.",
    )
