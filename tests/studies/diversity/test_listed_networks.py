"""What is told of the networks that the paper lists, and the rule that reads it."""

import numpy as np
import pandas as pd
import pytest
import torch
from known_searches import found, outcome

from latentlib import data, zoo
from latentlib.data import loading
from latentlib.study.findings import TooSmallError
from studies.diversity.experiments import listed
from studies.diversity.experiments.judges import ensemble
from studies.diversity.settings import Sets

TINY = Sets("mnist", "diversity", scale="smoke", size=8, sets=40)
NAMES = ("mnist", "fashion_mnist", "lfw")


class Copies(torch.nn.Module):
    """Make of a latent one of the bundled training digits."""

    latent_size = 3

    def forward(self, latents):
        digits = data.bundled("mnist", "train").images
        return digits[(latents[:, 0].abs() * 10_000).long() % len(digits)]


@pytest.fixture(scope="module")
def copying():
    """The images of each kind, and what `usable` tells of them, for a network that copies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LATENTLIB_DATA", raising=False)
        patch.setattr(loading, "downloaded", lambda card: False)
        patch.setattr(zoo, "load_generator", lambda name: Copies())
        return listed.pictures(TINY)[0], listed.usable(TINY)


def test_every_kind_has_as_many_images_and_counts_from_no_judge_to_all(copying):
    kinds = copying[1].groupby("kind")
    assert kinds["images"].sum().to_dict() == {"generated": 320, "real": 320, "untrained": 320}
    assert all(sure.tolist() == [0, 1, 2, 3] for _, sure in kinds["sure"])
    assert set(copying[1]["judges"]) == {3}


@pytest.mark.parametrize("kind", ["generated", "real", "untrained"])
def test_judges_are_sure_where_one_class_is_likelier_than_nine_tenths(copying, kind):
    shown, table = copying
    with torch.no_grad():
        likely = [judge.probabilities(image[None]) for image in shown[kind] for judge in ensemble("mnist").judges]
    votes = [sum(float(one.max()) > 0.9 for one in likely[place : place + 3]) for place in range(0, len(likely), 3)]
    told = table[table["kind"] == kind].set_index("sure")["images"]
    assert {number: votes.count(number) for number in range(4)} == told.to_dict()


def test_copies_of_real_images_are_as_far_as_the_floor_and_untrained_ones_are_not(copying):
    for distances in (copying[1].groupby("kind")[f"fid_{judge}"].first() for judge in (1, 2, 3)):
        assert distances["generated"] < 2 * distances["real"] < distances["untrained"] / 10


def test_networks_before_training_hang_on_the_seed_alone(random):
    latents = torch.randn(3, 100, generator=random)
    one, other = (listed.untrained(TINY)(latents) for _ in range(2))
    assert torch.equal(one, other)
    assert not torch.equal(one, listed.untrained(Sets("mnist", "diversity", scale="smoke", seed=1))(latents))


def test_a_network_that_is_not_trained_is_asked_for(weights):
    with pytest.raises(FileNotFoundError, match="latentlib train diversity/mnist"):
        listed.usable(TINY)


def table(shares, images=1000, names=NAMES, fid=(10.0, 11.0, 12.0)):
    """What `usable` leaves: three judges alike, sure of these shares of generated images and of 0.8 of real ones.

    Their FIDs are given for generated images, 2 for real ones and 102 before training.
    """
    fids = {"generated": fid, "real": (2.0,) * 3, "untrained": (102.0,) * 3}
    rows = []
    for name, share in zip(names, shares, strict=True):
        for kind, value in {"generated": share, "real": 0.8, "untrained": 0.2}.items():
            sure = round(value * images)
            facts = {"dataset": name, "replicate": 0, "kind": kind, "judges": 3}
            facts |= {f"fid_{judge}": distance for judge, distance in enumerate(fids[kind], 1)}
            rows += [facts | {"sure": 0, "images": images - sure}, facts | {"sure": 3, "images": sure}]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("shares", "images", "expected"),
    [
        ((0.6, 0.5, 0.6), 1000, "supported"),
        ((0.6, 0.3, 0.6), 1000, "contradicted"),
        ((0.6, 0.42, 0.6), 100, "inconclusive"),
        ((0.0, 0.6, 0.6), 1000, "contradicted"),
    ],
)
def test_fe_20_wants_half_the_share_of_real_images_of_every_network(shares, images, expected):
    assert outcome("FE-20", table(shares, images)) == expected


def test_fe_20_is_open_while_a_network_is_missing_and_tells_what_it_must():
    some = table((0.6, 0.6), names=NAMES[:2])
    assert outcome("FE-20", some) == "inconclusive"
    reading = found("FE-20", some).reading
    assert "before training: mnist 0.250" in reading
    assert "FID, of that before training: mnist 0.090" in reading
    assert "its floor: mnist 2.0" in reading


@pytest.mark.parametrize(
    ("fid", "expected"),
    [((10.0, 11.0, 12.0), "supported"), ((40.0, 41.0, 42.0), "contradicted"), ((10.0, 26.0, 42.0), "inconclusive")],
)
def test_fe_20_wants_images_that_training_brought_near_to_real_ones(fid, expected):
    assert outcome("FE-20", table((0.6, 0.6, 0.6), fid=fid)) == expected


def test_fe_20_is_not_passed_by_noise_that_judges_are_sure_of():
    assert outcome("FE-20", table((0.8, 0.8, 0.8), fid=(102.0, 101.0, 103.0))) == "contradicted"


def test_fe_20_has_the_interval_of_a_ratio_of_two_shares():
    estimate, made, real = found("FE-20", table((0.5, 0.6, 0.6))).estimate, 0.5, 0.8
    error = made / real * np.sqrt((1 - made) / (1000 * made) + (1 - real) / (1000 * real))
    assert estimate.value == pytest.approx(made / real)
    assert [estimate.low, estimate.high] == pytest.approx(
        [made / real - 1.96 * error, made / real + 1.96 * error], abs=2e-3
    )


def test_fe_20_cannot_compare_with_real_images_that_no_judge_is_sure_of():
    none = table((0.6, 0.6, 0.6))
    none.loc[none["kind"] == "real", "sure"] = 0
    with pytest.raises(TooSmallError):
        found("FE-20", none)
