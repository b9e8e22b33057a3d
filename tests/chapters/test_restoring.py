"""Verdicts on tables whose outcome is known, and the experiments' own arithmetic."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from latentlib.chapters.restoring import Settings, experiments, verdicts

PUBLISHED = Path(__file__).parents[2] / "book" / "published"
ORIGIN = {"seed": 0, "device": "cpu", "date": "2026-01-01", "commit": "abc", "torch": "2", "seconds": 1.0}


def restoration(leads: dict[str, float]) -> pd.DataFrame:
    """Thirty targets a data set, on which the genetic algorithm leads each rival by that much, give or take."""
    noise = np.random.default_rng(0).normal(0, 0.001, 30)
    rows = [
        {"dataset": name, "target": t, "method": method, "one_minus_mse": 0.95 - lead + (noise[t] if lead else 0)}
        for name in ("mnist", "fashion_mnist")
        for method, lead in {"genetic algorithm": 0.0, "gradient descent": 0.0, **leads}.items()
        for t in range(30)
    ]
    return pd.DataFrame(rows).assign(**ORIGIN)


@pytest.mark.parametrize(
    ("leads", "outcome"),
    [
        ({"random search": 0.01, "mean image": 0.03, "nearest image": 0.02}, "supported"),
        ({"random search": 0.01, "mean image": 0.03, "nearest image": -0.02}, "contradicted"),
        ({"random search": 1e-5, "mean image": 0.03, "nearest image": 0.02}, "inconclusive"),
    ],
)
def test_jk_01_needs_a_lead_over_every_rival(leads, outcome):
    assert verdicts.jk_01(restoration(leads), "quick").outcome == outcome


@pytest.mark.parametrize(("cosine", "outcome"), [(0.95, "supported"), (0.7, "inconclusive"), (0.2, "contradicted")])
def test_jk_02_follows_the_cosine(cosine, outcome):
    spread = np.random.default_rng(0).normal(0, 0.01, 30)
    table = pd.DataFrame({"dataset": "mnist", "cosine": cosine + spread, "null_cosine": spread, "distance": 0.5})
    assert verdicts.jk_02(table.assign(one_minus_mse=0.99, **ORIGIN), "quick").outcome == outcome


def test_jk_14_and_15_on_real_pairs_agree_with_numpy():
    table = experiments.ranges(Settings("mnist"))
    images = experiments.held_out_targets(Settings("mnist", scale="paper")).numpy()[:, 0]
    inverted = ((images[:, None] - (1 - images[None])) ** 2).mean(axis=(2, 3))
    row = table.set_index("pairs").loc["inverted"]
    assert row["mse_max"] >= inverted.max() - 1e-6, "64 of the 100 images cannot hold a larger maximum"
    assert row["ssim_min"] < -0.5
    assert table["mse_outside"].sum() == 0


def test_jk_40_the_published_tables_are_averages_at_iteration_200():
    averages = experiments.published_averages(PUBLISHED)
    assert set(averages["size"]) == {4}
    verdict = verdicts.jk_40(averages, "quick")
    assert verdict.outcome == "supported"
    assert "iteration 200" in verdict.reading
    assert verdict.estimate.n == 14


def test_the_baseline_of_the_nearest_image_is_the_nearest():
    settings = Settings("mnist", scale="smoke")
    targets = experiments.held_out_targets(settings)
    baselines = experiments.baseline_images(settings, targets)
    scores = {name: experiments.scores(images, targets)["one_minus_mse"] for name, images in baselines.items()}
    assert (scores["nearest image"] > scores["mean image"] - 0.05).all()
    training = experiments.data.bundled("mnist", "train").images
    best = [float((1 - (training - target).square().mean(dim=(1, 2, 3))).max()) for target in targets]
    assert scores["nearest image"].to_numpy() == pytest.approx(best, abs=1e-6)
