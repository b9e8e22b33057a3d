"""FE-31, and what FE-28 tells of pools, on tables whose outcome is known; the intervals hold the truth as they say."""

import numpy as np
import pytest
from known_searches import ELITES, GENERATORS, GENETIC, RANDOM, found, outcome, pool, pooled, searches, without

from latentlib.study.findings import TooSmallError
from studies.diversity.verdicts import pools


def with_pool(name, metric, fid, deviation, method=GENETIC):
    table, (dataset, replicate) = pooled().copy(), GENERATORS[name]
    chosen = (table["dataset"] == dataset) & (table["replicate"] == replicate)
    chosen &= (table["metric"] == metric) & (table["method"] == method)
    table.loc[chosen, "fid"] = pool(fid, deviation)
    return table


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
@pytest.mark.parametrize("metric", ["rmse", "ncc"])
@pytest.mark.parametrize(
    ("fid", "deviation", "expected"),
    [
        (10.3, 0.2, "supported"),
        (10.0, 1.0, "inconclusive"),  # as random pools themselves: not biased, and no more certain
        (10.9, 0.2, "inconclusive"),
        (12.0, 0.2, "contradicted"),
        (8.0, 0.2, "contradicted"),
    ],
)
def test_fe_31_wants_no_bias_and_less_spread(name, metric, fid, deviation, expected):
    assert outcome("FE-31", with_pool(name, metric, fid, deviation)) == expected
    for method in (ELITES, RANDOM):
        assert outcome("FE-31", with_pool(name, metric, fid, deviation, method)) == "supported"


def test_fe_31_speaks_of_digits_and_clothes_and_of_ten_sets():
    assert outcome("FE-31", with_pool("celeba", "rmse", 20, 5)) == "supported"
    assert outcome("FE-31", without(pooled(), "fashion_mnist")) == "inconclusive"
    few = found("FE-31", pooled()[pooled()["left_out"] < 9])
    assert few.outcome == "inconclusive"
    assert "9 sets, fewer than the 10" in few.reading
    with pytest.raises(TooSmallError, match="no data set"):
        found("FE-31", pooled()[pooled()["dataset"] == "celeba"])


def test_fe_28_tells_the_distance_of_pooled_sets_beside_random_and_real_images():
    reading = found("FE-28", searches(), with_pool("celeba", "ncc", 30, 1)).reading
    assert "celeba, ncc 30.0" in reading
    assert "Of random images: mnist 10.0" in reading
    assert "Of real images: mnist 2.0" in reading


@pytest.mark.parametrize(("shift", "scale"), [(0.0, 1.0), (2.0, 0.5)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(shift, scale):
    """Of a mean in place of an FID, of which bias and spread are known."""
    random, times = np.random.default_rng(1), 300
    held = np.zeros(2)
    for _ in range(times):
        runs = shift + scale * np.sqrt(10) * random.standard_normal(10)
        without_each = (runs.sum() - runs) / 9
        draws = random.standard_normal(50)
        biased = pools.bias(runs.mean(), without_each, draws)
        share = pools.narrower(without_each, draws)
        held += biased.low <= shift <= biased.high, share.low <= 1 - scale <= share.high
    assert (np.abs(held / times - 0.95) < 0.04).all()
