"""JK-08 and JK-09: each verdict follows its written rule on tables whose outcome is known."""

import pandas as pd
import pytest
from known import COLOUR, EVERY, about, rows
from tables import outcome, put


def sure(shares, real=0.9):
    """What the cards say: the share of 1,000 generated images of whose class the judge is sure, by data set."""
    facts = {"confident_share_real": real, "images": 1000, "fid": 3.0, "fid_real": 1.0}
    return pd.DataFrame([{"dataset": name, "confident_share": share} for name, share in shares.items()]).assign(**facts)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0.9, 0.8, 0.5, 0.4), "supported"),
        ((0.9, 0.6, 0.5, 0.4), "supported"),
        ((0.9, 0.4, 0.5, 0.4), "contradicted"),  # one colour set above one grey set
        ((0.4, 0.8, 0.3, 0.5), "contradicted"),
        ((0.9, 0.50, 0.49, 0.4), "inconclusive"),
        ((0.5, 0.5, 0.5, 0.5), "inconclusive"),
    ],
)
def test_jk_08_compares_every_colour_set_with_every_grey_one(shares, expected):
    assert outcome("JK-08", sure(dict(zip(EVERY, shares, strict=True)))) == expected


def test_jk_08_divides_by_the_share_of_real_images():
    table = sure(dict(zip(EVERY, (0.6, 0.6, 0.5, 0.5), strict=True)))
    assert outcome("JK-08", table) == "supported"
    harder = table.assign(confident_share_real=[0.95, 0.95, 0.55, 0.55])  # 0.63 of the real ones against 0.91
    assert outcome("JK-08", harder) == "contradicted"


def test_jk_08_is_not_supported_before_both_colour_sets_are_there():
    assert outcome("JK-08", sure({"mnist": 0.9, "fashion_mnist": 0.9, "celeba": 0.3})) == "inconclusive"


def course(slope):
    """Scores after 1, 4, 16 and 60 epochs that rise by `slope`, one a target, from each stage to the next."""
    table = rows(dataset=COLOUR, epochs=[1, 4, 16, 60]).assign(one_minus_mse=0.9)
    for stage, age in enumerate((1, 4, 16, 60)):
        table = put(table, "one_minus_mse", 0.9 + stage * about(slope), epochs=age)
    return table


@pytest.mark.parametrize(
    ("on_celeba", "expected"),
    [
        (about(0.01), "supported"),
        (about(0.0001), "contradicted"),  # a thousandth is the least that matters
        (about(-0.01), "contradicted"),
        (about(0.0, 0.01), "inconclusive"),  # half of the targets rise, half fall
    ],
)
def test_jk_09_wants_scores_to_rise_with_the_epochs_on_every_colour_set(on_celeba, expected):
    table = pd.concat([course(0.01).query("dataset == 'cifar10'"), course(on_celeba).query("dataset == 'celeba'")])
    assert outcome("JK-09", table) == expected
