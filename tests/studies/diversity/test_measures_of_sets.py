"""Measures of maps, images and judges on what can be worked out by hand, or by another library."""

import numpy as np
import pytest
import torch
from scipy import ndimage

from latentlib.models.judge import Judge
from studies.diversity.experiments import equations, maps, measures, random_sets
from studies.diversity.experiments.judges import Ensemble, View, ensemble, real_images, vendi
from studies.diversity.settings import Sets


def told(*means, maximum=0.5):
    return torch.tensor([[mean, maximum] for mean in means], dtype=torch.float64)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.4, 0.6])
@pytest.mark.parametrize("seed", range(3))
def test_the_largest_cluster_is_that_of_scipy(share, seed):
    filled = np.random.default_rng(seed).random((100, 100)) < share
    labels, _ = ndimage.label(filled, np.ones((3, 3)))
    expected = np.bincount(labels[filled]).max() / filled.sum()
    cells = torch.from_numpy(np.flatnonzero(filled))
    assert maps.largest_share(cells) == pytest.approx(expected)


def test_a_cluster_does_not_reach_round_the_edge_of_the_map():
    assert maps.largest_share(torch.tensor([99, 100])) == 0.5


def test_an_undefined_set_fills_no_cell():
    cells = maps.cells_of(told(0.5, float("nan"), 0.5, 0.7))
    assert cells.tolist() == [5050, -1, 5050, 7050]
    assert maps.firsts(cells).tolist() == [True, False, False, True]


def test_the_less_fit_side_counts_new_cells_farther_out_than_any_first_set():
    firsts = (0.50, 0.52, 0.54)  # median 0.52, bound 0.02
    assert maps.less_fit_share(told(*firsts, 0.56, 0.58, 0.56, 0.47, 0.53), 3) == pytest.approx(2 / 3)
    assert maps.less_fit_share(told(*firsts, 0.47), 3) == 0
    assert np.isnan(maps.less_fit_share(told(*firsts, 0.53), 3))


def test_a_run_tells_first_cells_and_how_many_children_stay():
    found = maps.of_run(told(0.5, 0.501, 0.6, 0.5, 0.7, 0.7), 3)
    assert found["first_filled"] == 2
    assert found["stayed"] == pytest.approx(2 / 3)


def test_overlap_is_intersection_over_union_of_what_is_bright():
    images = torch.zeros(1, 3, 1, 2, 2)
    images[0, 0, 0, 0] = 1.0  # two pixels above
    images[0, 1, 0, :, 0] = 0.6  # two at the left
    images[0, 2] = 0.4  # nothing bright
    assert measures.overlap(images).tolist() == [pytest.approx(1 / 3 / 3)]


def test_measures_of_pixels_by_hand():
    images = torch.zeros(2, 2, 1, 4, 4)
    images[0, 0, 0, 1:3, 1:3] = 1.0  # the border stays dark
    images[0, 1, 0, 0, 0] = 1.0
    images[1] = torch.rand(1, 1, 4, 4).expand(2, 1, 4, 4)
    found = measures.of_pixels(images)
    assert found["brightness"][0] == pytest.approx(5 / 32)
    assert found["brightness_spread"][0] == pytest.approx(np.std([4 / 16, 1 / 16], ddof=1))
    assert found["border"][0] == pytest.approx(np.std([0, 1 / 12], ddof=1))
    assert found["by_ncc"].tolist() == [0, pytest.approx(-1)]
    assert found["by_rmse"][0] == pytest.approx(-(1 - np.sqrt(5 / 16)))
    first, second = (image.flatten().numpy() for image in images[0])
    assert found["contrast"].tolist() == pytest.approx([1 - np.corrcoef(first, second)[0, 1], 0])


def test_latents_of_the_prior_have_length_one():
    latents = torch.randn(2, 5000, 30, generator=torch.Generator().manual_seed(0))
    assert measures.length(latents * torch.tensor([1.0, 2.0])[:, None, None]).tolist() == pytest.approx(
        [1, 2], rel=0.01
    )


def test_the_vendi_score_counts_different_directions():
    assert vendi(torch.ones(5, 3)) == pytest.approx(1)
    assert vendi(torch.eye(4) * torch.arange(1, 5)) == pytest.approx(4)
    assert vendi(torch.eye(2).repeat(3, 1)) == pytest.approx(2)


def view(features, classes=(0, 1, 1, 1), sure=None):
    decided = torch.nn.functional.one_hot(torch.tensor(classes), 10).bool()
    return View((features,), decided, torch.ones(1, 4, dtype=torch.bool) if sure is None else sure, True)


def test_what_judges_say_of_a_set_by_hand():
    features = torch.tensor([[0.0, 3.0], [4.0, 0.0], [4.0, 0.05], [0.0, -3.0]])
    sure = torch.tensor([[True, True, False, False], [True, False, True, False]])
    found = view(features, sure=sure).measures()
    assert found["classes"] == 2
    assert found["evenness"] == pytest.approx((0.25 * np.log(4) + 0.75 * np.log(4 / 3)) / np.log(4))
    assert found["sure"] == 0.5
    assert found["unsure"] == 0.25
    assert found["near"] == 0.5
    pairs = [np.linalg.norm(a - b) for i, a in enumerate(features.numpy()) for b in features.numpy()[:i]]
    assert found["spread"] == pytest.approx(np.mean(pairs))


def test_the_distance_of_sets_does_not_hang_on_the_order_of_images():
    features = torch.randn(4, 6, generator=torch.Generator().manual_seed(1))
    assert view(features).distance(view(features[[2, 0, 3, 1]])) == pytest.approx(0, abs=1e-6)
    away = torch.zeros(4, 6)
    away[:, 0] = 100
    assert view(torch.zeros(4, 6)).distance(view(away)) == pytest.approx(100)


def test_attributes_count_by_their_combinations():
    decided = torch.tensor([[1, 0], [1, 0], [0, 1], [1, 1]]).bool()
    found = View((torch.randn(4, 2),), decided, torch.ones(1, 4, dtype=torch.bool), False).measures()
    assert found["classes"] == 3
    assert found["evenness"] == pytest.approx((2 * 0.25 * np.log(4) + 0.5 * np.log(2)) / np.log(4))


def test_a_spread_of_one_is_that_of_real_images_in_every_judge():
    jury = ensemble("mnist")
    assert len(jury.judges) == 3
    assert jury.of(real_images("mnist")).spread == pytest.approx(1, abs=1e-5)
    random = torch.Generator().manual_seed(0)
    fifties = torch.randperm(500, generator=random).view(10, 50)
    some = np.mean([jury.of(real_images("mnist")[rows]).spread for rows in fifties])
    assert some == pytest.approx(1, abs=0.02), "and of fifty of them, on average"


def test_statements_are_averaged_over_judges():
    judge = Judge().eval()
    one, double = Ensemble((judge,), (1.0,)), Ensemble((judge, judge), (1.0, 2.0))
    images = torch.rand(4, 1, 28, 28)
    assert double.of(images).spread == pytest.approx(one.of(images).spread * 0.75)


def test_random_sets_have_every_reading_and_measure():
    table = random_sets.random_sets(Sets(scale="smoke", size=8, sets=12))
    assert table["set"].tolist() == list(range(12))
    assert not table.isna().any(axis=None)
    assert table["rmse_mean"].to_numpy() == pytest.approx(-table["by_rmse"].to_numpy(), abs=1e-6)
    assert table["ncc_mean"].to_numpy() == pytest.approx(-table["by_ncc"].to_numpy(), abs=1e-6)
    assert (table["rmse_maximum"] > table["rmse_mean"]).all()
    assert table["brightness"].nunique() == 12
    controls = random_sets.controls(Sets(scale="smoke", size=8, sets=12))
    assert list(controls) == ["set", "brightness", "overlap", "border"]
    assert not set(controls["brightness"]) & set(table["brightness"]), "other sets"


def test_equation_2_as_printed_is_a_dissimilarity():
    table = equations.pairs(Sets(sets=50))
    assert (table["itself"] < 1e-6).all()
    assert (table["printed"] > 0.1).all()
    one, other = (image.double().numpy().ravel() for image in real_images("mnist")[:2])
    assert ((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum())) < 1
    assert table["true"].between(0, 1).all()


def test_equation_1_leaves_its_bounds_between_an_image_and_its_inverse():
    found = equations.bounds(Sets()).iloc[0]
    assert found["pairs"] == 200 * 199 / 2
    assert found["least"] < 0 < found["outside"]


def test_the_listed_network_makes_64_pixels():
    assert equations.listed().set_index("network")["height"].to_dict() == {"listed": 64, "repaired": 128}
