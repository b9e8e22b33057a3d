"""What tuning says: the step of each arm that serves best on seeds set aside."""

import pandas as pd


def best_steps(tuning: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return by pair and arm the step with the least mean distance at the end, as `settings.TUNED` is to have it."""
    ends = tuning.sort_values("epoch").groupby(["pair", "arm", "step", "seed"])["distance"].last()
    means = ends.groupby(["pair", "arm", "step"]).mean().reset_index()
    found: dict[str, dict[str, float]] = {}
    for best in means.loc[means.groupby(["pair", "arm"])["distance"].idxmin()].to_dict("records"):
        found.setdefault(best["pair"], {})[best["arm"]] = float(best["step"])
    return found
