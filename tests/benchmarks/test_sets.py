"""What our searches on sets owe to their form: bounds far inside what is aimed at, since a machine may be busy."""

from functools import cache

import numpy as np
import pytest
import sets
import torch
from compare import rates

pytestmark = pytest.mark.usefixtures("one_thread")


@cache
def rate():
    """Sets a second of every variant."""
    return rates({name: build() for name, build in sets.VARIANTS.items()}, 3)


def test_the_loop_judges_as_we_do():
    genomes = torch.randn(3, sets.SIZE * sets.GENES, generator=torch.Generator().manual_seed(0))
    judge = sets.fitness()
    with torch.no_grad():
        values, places = judge.measured(genomes, torch.zeros(3, dtype=torch.int64))
    found = np.array([sets.judged(judge.generator, genome.numpy()) for genome in genomes])
    assert places.numpy() == pytest.approx(found, abs=1e-6)
    assert values.numpy() == pytest.approx(-found[:, 0], abs=1e-6)


def test_a_batch_is_faster_than_the_loop():
    ratio = rate()["sets: MAP-Elites, 50 children at a time"] / rate()["sets: MAP-Elites, loop"]
    print(f"MAP-Elites in batches, of the loop: {ratio:.1f} times")
    assert ratio > 3


def test_the_algorithms_own_share_of_time_is_small():
    share = rate()["sets: genetic algorithm"] / rate()["sets: genetic algorithm, free fitness"]
    print(f"the genetic algorithm's own share of time: {share:.1%}")
    assert share < 0.25


def test_cost_is_linear_in_images():
    each = rates({str(size): sets.genetic(size=size) for size in (25, 100)}, 3)
    growth = each["25"] / each["100"]
    print(f"sets of four times the images cost {growth:.1f} times as much")
    assert 2 < growth < 8  # with every image decoded anew for each pair it would be 16
