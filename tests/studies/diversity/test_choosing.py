"""Choosing a set from a pool, against plain loops over the whole matrix of similarities."""

import numpy as np
import pytest
import torch

from studies.diversity.experiments import choosing
from studies.diversity.experiments.evaluator import METRICS

IMAGES = torch.rand(30, 1, 5, 5, generator=torch.Generator().manual_seed(0))
BY = pytest.mark.parametrize("metric", METRICS)


def matrix(metric, images=IMAGES):
    return METRICS[metric](images[None])[0].numpy()


@BY
def test_a_row_is_that_of_the_matrix(metric):
    pool = choosing.Pool(IMAGES, metric)
    rows = torch.stack([pool.to(one) for one in range(30)]).numpy()
    assert rows == pytest.approx(matrix(metric), abs=1e-3)
    apart = ~np.eye(30, dtype=bool)
    assert rows[apart] == pytest.approx(matrix(metric)[apart], abs=1e-6)
    halved = choosing.Pool(IMAGES.half(), metric)
    assert torch.stack([halved.to(one) for one in range(30)]).numpy() == pytest.approx(rows, abs=1e-3)


@BY
def test_a_pool_is_compared_in_parts(metric, monkeypatch):
    whole = choosing.Pool(IMAGES, metric).to(3)
    monkeypatch.setattr(choosing, "ROWS", 7)
    assert choosing.Pool(IMAGES, metric).to(3).numpy() == pytest.approx(whole.numpy(), abs=1e-6)


@pytest.mark.parametrize("place", [0, 30])
def test_a_black_image_is_not_chosen_for_a_correlation_that_it_lacks(place):
    images = torch.cat([IMAGES[:place], torch.zeros(1, 1, 5, 5), IMAGES[place:]])
    pool = choosing.Pool(images, "ncc")
    assert (pool.to(place) == 1).all()
    for choose in (choosing.greedy, choosing.farthest_point):
        assert place not in choose(pool, 30)


@BY
@pytest.mark.parametrize(("choose", "joined"), [(choosing.greedy, np.mean), (choosing.farthest_point, np.max)])
def test_each_image_is_the_least_like_those_before(metric, choose, joined):
    similar = matrix(metric)
    chosen = [int(similar[IMAGES.square().sum(dim=(1, 2, 3)).argmax()].argmin())]
    while len(chosen) < 8:
        left = [one for one in range(30) if one not in chosen]
        chosen.append(min(left, key=lambda one: joined([similar[one, other] for other in chosen])))
    assert choose(choosing.Pool(IMAGES, metric), 8) == chosen


@BY
def test_a_whole_pool_can_be_chosen(metric):
    for choose in (choosing.greedy, choosing.farthest_point, choosing.medoids):
        assert sorted(choose(choosing.Pool(IMAGES, metric), 30)) == list(range(30))


@BY
def test_medoids_are_the_middles_of_clusters(metric):
    middles = torch.eye(3).repeat_interleave(7, dim=1).view(3, 1, 3, 7)
    noise = torch.rand(3, 9, 3, 7, generator=torch.Generator().manual_seed(1)) * 0.2
    images = torch.cat([middles[:, None, 0] * 0.8 + 0.1, middles * 0.8 + noise], dim=1).flatten(0, 1)[:, None]
    chosen = choosing.medoids(choosing.Pool(images, metric), 3)
    assert sorted(chosen) == [0, 10, 20], "the one without noise of each ten"


@BY
def test_medoids_do_not_fall_behind_their_first_centres(metric):
    similar, pool = matrix(metric), choosing.Pool(IMAGES, metric)
    first, last = (similar[:, some(pool, 5)].max(axis=1).sum() for some in (choosing.farthest_point, choosing.medoids))
    assert last > first
