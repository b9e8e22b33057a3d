"""KU-03, KU-09, KU-10, KU-15 and KU-29 to KU-31: how good the images become."""

import math
from itertools import pairwise

import pandas as pd

from latentlib.study.findings import Finding, Part, decided, decides, listing, rows_with, told
from latentlib.study.statistics import difference
from studies.evolving_weights.experiments.rivals import GAN, RBM, VAE
from studies.evolving_weights.settings import ADAM, ES, GA, HYBRID, RANDOM
from studies.evolving_weights.verdicts.courses import PAIRS, at, gained, horizon, logs, over_seeds

SHOWN = (1, 16, 25, 30)  # epochs of which the thesis shows images


@decides("KU-03", "games")
def in_place_of_gradients(games: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether evolution gains nearly what Adam gains, at equal passes."""
    found = {pair: gained(rows_with(games, pair=pair), GA) for pair in PAIRS}
    others = {
        f"{arm}, {pair}": gained(rows_with(games, pair=pair), arm) for pair in PAIRS for arm in (ES, HYBRID, RANDOM)
    }
    part = Part("gain of evolution as a share of Adam's", found, least)
    return decided([part], f"Evolution: {listing(found, 2)}. Others: {listing(others, 2)}.")


@decides("KU-09", "games")
def improve(games: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether evolved images come nearer to real ones from each epoch shown to the next."""
    found = {}
    for pair in PAIRS:
        rows = rows_with(games, pair=pair, arm=GA)
        for before, after in pairwise(SHOWN):
            found[f"{pair}, {before} to {after}"] = over_seeds(logs(rows, after) - logs(rows, before))
    return decided([Part("change of log FID", found, most, below=True)], listing(found, 3))


@decides("KU-10", "facts")
def noise_at_first(facts: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether neighbouring pixels of an untrained generator are uncorrelated."""
    found, white = (
        over_seeds(rows_with(facts, fact="correlation", detail=detail).groupby("seed")["value"].mean())
        for detail in ("untrained", "white noise")
    )
    part = Part("correlation of neighbouring pixels at epoch 0", {"the listed generator": found}, most, below=True)
    return decided([part], f"White noise: {white.value:.3f}.")


@decides("KU-15", "games", "facts")
def better_than_real(games: pd.DataFrame, facts: pd.DataFrame, *, most: float) -> Finding:
    """Decide whether evolved images are nearer to held-out real ones than real ones are."""
    floor = rows_with(facts, fact="floor").groupby("seed")["value"].mean()
    end = horizon(games)
    made = {pair: at(rows_with(games, pair=pair, arm=GA), "distance", end) for pair in PAIRS}
    found = {pair: difference(values.to_numpy(float), floor.to_numpy(float)) for pair, values in made.items()}
    distances = {"real": float(floor.mean()), **{pair: float(values.mean()) for pair, values in made.items()}}
    part = Part("FID of evolved images minus that of real ones", found, most, below=True)
    return decided([part], f"FID: {told(distances, 1)}.")


@decides("KU-29", "games")
def thirty_epochs(games: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether thirty epochs of evolution improve on the first by more than a smallest effect."""
    found, adam = {}, {}
    for pair in PAIRS:
        rows, others = (rows_with(games, pair=pair, arm=arm) for arm in (GA, ADAM))
        found[pair] = over_seeds(logs(rows, 1) - logs(rows, 30))
        adam[pair] = float((logs(others, 1) - logs(others, 30)).mean())
    return decided([Part("fall of log FID from epoch 1 to 30", found, least)], f"Adam's: {told(adam)}.")


@decides("KU-30", "rivals")
def better_than_others(rivals: pd.DataFrame, *, distance: float, quality: float) -> Finding:
    """Decide whether a GAN is nearer, more precise and more diverse than an autoencoder and a Boltzmann machine."""

    def of(model: str, column: str) -> pd.Series:
        return rows_with(rivals, model=model).groupby("seed")[column].mean()

    def log_of(model: str) -> pd.Series:
        return of(model, "distance").map(math.log)

    parts = [
        Part(
            "log FID of the GAN minus that of another model",
            {name: over_seeds(log_of(GAN) - log_of(name)) for name in (VAE, RBM)},
            distance,
            below=True,
        )
    ]
    for column in ("precision", "recall"):
        found = {name: over_seeds(of(GAN, column) - of(name, column)) for name in (VAE, RBM)}
        parts.append(Part(f"{column} of the GAN minus that of another model", found, quality))
    distances = {name: float(of(name, "distance").mean()) for name in (GAN, VAE, RBM)}
    return decided(parts, f"FID: {told(distances, 1)}.")


@decides("KU-31", "facts")
def closer_by_distance(facts: pd.DataFrame, *, least: float) -> Finding:
    """Decide whether the Frechet distance grows with the level of every corruption, to every judge."""
    orders = rows_with(facts, fact="order")
    found = {detail: over_seeds(rows.groupby("seed")["value"].mean()) for detail, rows in orders.groupby("detail")}
    return decided([Part("correlation of FID with the level of a corruption", found, least)], "")
