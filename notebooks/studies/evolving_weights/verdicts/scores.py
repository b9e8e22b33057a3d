"""KU-01, KU-02, KU-11 to KU-14 and KU-25: what the thesis's scores say of a training."""

import numpy as np
import pandas as pd
from scipy import stats

from latentlib.study.claims import within
from latentlib.study.findings import Finding, Part, TooSmallError, decided, decides, listing, rows_with, told
from latentlib.study.statistics import Estimate, jackknife
from studies.evolving_weights.settings import ADAM, GA
from studies.evolving_weights.verdicts.courses import PAIRS, at, horizon, over_seeds

COLUMNS = ("distance", "real_score", "fake_score", "gap", "decided", "passes", "arm")


@decides("KU-01", "faces")
def final_scores(faces: pd.DataFrame, *, real: float, fake: float, margin: float) -> Finding:
    """Decide whether evolution ends at the published scores."""
    return republished(faces, {"real_score": (real, margin), "fake_score": (fake, margin)})


@decides("KU-02", "faces")
def final_losses(faces: pd.DataFrame, *, generator: float, discriminator: float, wide: float, narrow: float) -> Finding:
    """Decide whether evolution ends at the published losses."""
    return republished(faces, {"loss_g": (generator, wide), "loss_d": (discriminator, narrow)})


def republished(faces: pd.DataFrame, published: dict[str, tuple[float, float]]) -> Finding:
    """Return the finding on whether columns at the end of evolution lie within margins of published values."""
    end = horizon(faces)
    evolved = rows_with(faces, arm=GA)
    found = {name: over_seeds(at(evolved, name, end)) for name in published}
    away = {name: found[name].mapped(1, -value) for name, (value, _) in published.items()}
    outcome = within(*away.values(), margin=[margin for _, margin in published.values()])
    name = max(published, key=lambda key: max(-away[key].low, away[key].high) / published[key][1])
    adam = {key: float(at(rows_with(faces, arm=ADAM), key, end).mean()) for key in published}
    reading = f"Evolution: {listing(found)}. Adam at the same epoch: {told(adam)}. Shown: {name}."
    return Finding(outcome, f"{name} after {end:g} epochs of evolution", found[name], reading)


def checkpoints(games: pd.DataFrame, pair: str) -> np.ndarray:
    """Return the checkpoints of all arms after epoch 0, (seeds, checkpoints, columns), for `COLUMNS`."""
    rows = rows_with(games, pair=pair)
    rows = rows[rows["epoch"] > 0].assign(
        gap=rows["real_score"] - rows["fake_score"],
        decided=(rows["real_score"] - 0.5).abs() + (rows["fake_score"] - 0.5).abs(),
        arm=rows["arm"].astype("category").cat.codes,
    )
    each = [part[list(COLUMNS)].to_numpy(float) for _, part in rows.groupby("seed")]
    if len({len(part) for part in each}) != 1:
        raise TooSmallError("the seeds have unlike numbers of checkpoints")
    return np.stack(each)


def partial(games: pd.DataFrame, pair: str, column: str, *given: str) -> Estimate:
    """Return Spearman's correlation of a column with the distance, after arm, passes and other columns are removed."""

    def statistic(seeds: np.ndarray) -> float:
        rows = {name: seeds[..., place].reshape(-1) for place, name in enumerate(COLUMNS)}
        arms = [(rows["arm"] == code).astype(float) for code in np.unique(rows["arm"])]
        ranks = [stats.rankdata(rows[name]) for name in ("passes", *given)]
        known = np.stack([*arms, *ranks], axis=1)
        rest = []
        for name in (column, "distance"):
            values = stats.rankdata(rows[name])
            rest.append(values - known @ np.linalg.lstsq(known, values, rcond=None)[0])
        if min(values.std() for values in rest) < 1e-9:
            raise TooSmallError(f"{column} or distance does not vary within arms")
        return float(np.corrcoef(*rest)[0, 1])

    return jackknife([checkpoints(games, pair)], statistic)


def plain(games: pd.DataFrame, column: str) -> str:
    """Return in words Spearman's correlation of a column with the distance, with nothing removed."""
    place = COLUMNS.index(column)
    found = {}
    for pair in PAIRS:
        seeds = checkpoints(games, pair)
        found[pair] = float(stats.spearmanr(seeds[..., place].reshape(-1), seeds[..., 0].reshape(-1)).statistic)
    return f"Over all arms and times: {told(found)}."


@decides("KU-11", "games")
def alike_by_scores(games: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether checkpoints of a larger real score minus fake score are nearer to real images."""
    found = {pair: partial(games, pair, "gap") for pair in PAIRS}
    return decided(
        [Part("correlation of real minus fake score with FID", found, most, below=True)], plain(games, "gap")
    )


@decides("KU-12", "games")
def each_score(games: pd.DataFrame, *, real: float, fake: float) -> Finding:
    """Decide whether each score by itself goes with a smaller distance, the other one held."""
    of_real = {pair: partial(games, pair, "real_score", "fake_score") for pair in PAIRS}
    of_fake = {pair: partial(games, pair, "fake_score", "real_score") for pair in PAIRS}
    parts = [
        Part("correlation of real score with FID", of_real, real, below=True),
        Part("correlation of fake score with FID", of_fake, fake),
    ]
    return decided(parts, f"Real score: {listing(of_real, 2)}. Fake score: {listing(of_fake, 2)}.")


@decides("KU-13", "games")
def minimises(games: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether a turn of the generator lowers the fake score."""
    found = {}
    for pair in PAIRS:
        for arm in (ADAM, GA):
            rows = rows_with(games, pair=pair, arm=arm)
            found[f"{arm}, {pair}"] = over_seeds(rows[rows["epoch"] > 0].groupby("seed")["fake_change"].mean())
    return decided([Part("change of fake score by a turn of the generator", found, most, below=True)], listing(found))


@decides("KU-14", "games")
def good_when_decided(games: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether scores far from one half go with a smaller distance."""
    found = {pair: partial(games, pair, "decided") for pair in PAIRS}
    part = Part("correlation of the scores' distance from 0.5 with FID", found, most, below=True)
    return decided([part], plain(games, "decided"))


@decides("KU-25", "games")
def calibrated(games: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether a discriminator's outputs are probabilities."""
    end, found = horizon(games), {}
    for pair in PAIRS:
        for arm in (ADAM, GA):
            rows = rows_with(games, pair=pair, arm=arm)
            found[f"{arm}, {pair}"] = over_seeds(at(rows, "calibration", end))
    return decided([Part("calibration error on held-out images", found, most, below=True)], listing(found, 3))
