"""From the chapter's tables to its verdicts, by the rules in `book/claims/restoring.toml`."""

from typing import Any

import numpy as np
import pandas as pd

from latentlib.claims import Outcome, Verdict, above
from latentlib.provenance import provenance
from latentlib.statistics import Estimate, mean, paired_difference, proportion

Tables = dict[str, pd.DataFrame]
RIVALS = ("random search", "mean image", "nearest image")
ROUNDING = 0.001  # of a mean of four rounded scores against a rounded score


def decide(tables: Tables, scale: str) -> list[Verdict]:
    """Every verdict that the tables decide."""
    return [
        jk_01(tables["restoration"], scale),
        jk_02(tables["known_latents"], scale),
        jk_14(tables["ranges"], scale),
        jk_15(tables["ranges"], scale),
        jk_40(tables["averages"], scale),
    ]


def origin(table: pd.DataFrame) -> dict[str, Any]:
    """The provenance of a table's rows, seconds summed over its cells."""
    facts = {key: sorted(map(str, table[key].unique())) for key in ("seed", "device", "date", "commit", "torch")}
    seconds = table.drop_duplicates(["dataset", "seed"])["seconds"].sum()
    return {key: ", ".join(values) for key, values in facts.items()} | {"seconds": round(float(seconds), 1)}


def gains(table: pd.DataFrame, rival: str, score: str = "one_minus_mse") -> dict[str, Estimate]:
    """Paired difference, genetic algorithm minus rival, by data set; the unit is a target, its seeds averaged."""
    wide = table.pivot_table(index=["dataset", "target"], columns="method", values=score)
    return {
        str(name): paired_difference(part["genetic algorithm"].to_numpy(), part[rival].to_numpy())
        for name, part in wide.groupby(level="dataset")
    }


def levels(table: pd.DataFrame, method: str) -> str:
    """A method's mean score by data set, in words."""
    means = table[table["method"] == method].groupby("dataset")["one_minus_mse"].mean()
    return ", ".join(f"{name} {value:.3f}" for name, value in means.items())


def jk_01(table: pd.DataFrame, scale: str) -> Verdict:
    """A genetic algorithm restores images similar to the target."""
    by_rival = {rival: gains(table, rival) for rival in RIVALS}
    every = [estimate for found in by_rival.values() for estimate in found.values()]
    weakest = min(every, key=lambda estimate: estimate.low)
    reading = (
        f"Mean 1 - MSE: {levels(table, 'genetic algorithm')}. The interval is that of the narrowest lead over any "
    )
    reading += (
        f"rival. Gradient descent, no rival by this rule, reaches {levels(table, 'gradient descent')} at equal cost."
    )
    return Verdict(
        "JK-01", above(*every), "smallest paired gain in 1 - MSE over a rival", weakest, reading, scale, origin(table)
    )


def jk_02(table: pd.DataFrame, scale: str) -> Verdict:
    """It finds the latent vector itself."""
    found = {str(name): mean(part["cosine"].to_numpy()) for name, part in table.groupby("dataset")}
    outcome: Outcome = "inconclusive"
    if all(estimate.low > 0.9 for estimate in found.values()):
        outcome = "supported"
    elif any(estimate.high < 0.5 for estimate in found.values()):
        outcome = "contradicted"
    worst = min(found.values(), key=lambda estimate: estimate.value)
    reading = (
        f"The restored images score {table['one_minus_mse'].mean():.3f} in 1 - MSE, but their latents lie "
        f"{table['distance'].mean():.2f} of the true vector's length away; random pairs have cosine "
        f"{table['null_cosine'].mean():.3f}. The data set with the lowest cosine is shown."
    )
    return Verdict("JK-02", outcome, "mean cosine of restored and true latent", worst, reading, scale, origin(table))


def outside(table: pd.DataFrame, column: str) -> tuple[Outcome, Estimate]:
    """The share of pairs out of range: one counterexample contradicts, none supports."""
    share = proportion(int(table[column].sum()), int(table["n"].sum()))
    return ("contradicted" if share.value > 0 else "supported"), share


def jk_14(table: pd.DataFrame, scale: str) -> Verdict:
    """SSIM lies between 0 and 1."""
    outcome, share = outside(table, "ssim_outside")
    lowest, highest = table["ssim_min"].min(), table["ssim_max"].max()
    reading = f"Observed from {lowest:.3f} to {highest:.3f}; the definition allows [-1, 1]."
    statistic = "share of image pairs with SSIM outside [0, 1]"
    return Verdict("JK-14", outcome, statistic, share, reading, scale, origin(table))


def jk_15(table: pd.DataFrame, scale: str) -> Verdict:
    """MSE lies between 0 and 1."""
    outcome, share = outside(table, "mse_outside")
    lowest, highest, tanh = table["mse_min"].min(), table["mse_max"].max(), table["tanh_mse_max"].max()
    reading = f"Observed from {lowest:.3f} to {highest:.3f} for images in [0, 1]. "
    reading += f"For the same images in [-1, 1], as tanh gives them, up to {tanh:.2f}."
    return Verdict(
        "JK-15", outcome, "share of image pairs with MSE outside [0, 1]", share, reading, scale, origin(table)
    )


def jk_40(averages: pd.DataFrame, scale: str) -> Verdict:
    """Tables 1 and 2 average the four data sets."""
    worst = averages.assign(size=averages["deviation"].abs()).groupby("iteration")["size"].max()
    at, value = int(worst.index.to_numpy()[worst.argmin()]), float(worst.min())
    exact = Estimate(value, value, value, int((averages["iteration"] == at).sum()))
    outcome: Outcome = "supported" if value <= ROUNDING + 1e-9 else "contradicted"
    reading = f"At iteration {at}, which the paper does not name, every cell agrees; the next best iteration is off by "
    reading += f"{float(np.sort(worst.to_numpy())[1]):.4f}. Exact arithmetic on published numbers, hence no interval."
    facts = provenance(seed=0, device="cpu")
    return Verdict("JK-40", outcome, "largest deviation at the best iteration", exact, reading, scale, facts)
