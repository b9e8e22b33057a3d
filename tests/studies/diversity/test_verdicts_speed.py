"""FE-21 on tables whose outcome is known."""

import numpy as np
import pandas as pd
import pytest
from known_searches import found, outcome

from latentlib.study.findings import TooSmallError

WORKS = {"plain loop, rmse": 0.05, "plain loop, ncc": 0.05, "Gram matrix, rmse": 0.01, "Gram matrix, ncc": 0.01}
WORKS |= {"SSIM": 2.0, "judge features": 3.0, "decoding": 1.0}


def timing(**shares):
    rows = []
    for work, share in (WORKS | shares).items():
        values = np.broadcast_to(share, 20)
        rows += [{"work": work, "repeat": repeat, "took": 0.004 * value} for repeat, value in enumerate(values)]
    return pd.DataFrame(rows).assign(dataset="mnist", replicate=0, seed=0)


@pytest.mark.parametrize("metric", ["rmse", "ncc"])
@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.09, "supported"), (0.11, "contradicted"), (5.0, "contradicted"), (np.linspace(0.02, 0.2, 20), "inconclusive")],
)
def test_fe_21_wants_a_plain_loop_in_a_tenth_of_the_decoding(metric, share, expected):
    assert outcome("FE-21", timing(**{f"plain loop, {metric}": share})) == expected


def test_fe_21_tells_the_faster_ways_and_does_not_count_them():
    result = found("FE-21", timing(**{"Gram matrix, rmse": 0.5}))
    assert result.outcome == "supported"
    assert "Gram matrix, rmse 0.500; Gram matrix, ncc 0.010; SSIM 2.000; judge features 3.000" in result.reading
    assert result.estimate.n == 20


def test_fe_21_is_about_the_shipped_generator_of_digits():
    with pytest.raises(TooSmallError, match="digits"):
        found("FE-21", timing().assign(dataset="celeba"))
