"""What populations of networks owe to their form: bounds far inside what is aimed at, since a machine may be busy."""

from functools import cache

import populations
import pytest
import torch
from compare import rates

pytestmark = pytest.mark.usefixtures("one_thread")
ALL = list(populations.PAIRS)


@cache
def rate(name):
    """Images a second of a pair's passes, of the loop, and of a generation's variation."""
    found = rates(populations.variants(name), 3)
    return tuple(found[f"{name}: {kind}"] for kind in ("passes", "loop", "variation"))


@pytest.mark.parametrize("name", ALL)
def test_the_loop_makes_what_we_make(name):
    pair = populations.Pair(name)
    for side, genomes, inputs in zip(pair.sides, pair.genomes, pair.inputs, strict=True):
        with torch.no_grad():
            looped = torch.stack([side.network(genome)(inputs) for genome in genomes])
        assert side.outputs(genomes, inputs).numpy() == pytest.approx(looped.numpy(), abs=1e-4)


@pytest.mark.parametrize("name", ALL)
def test_passes_take_about_as_long_as_a_plain_loop(name):
    passes, loop, _ = rate(name)
    print(f"{name}: {loop / passes:.2f} of the loop's time, {passes:,.0f} images a second")
    assert loop / passes < 2


def test_fully_connected_networks_pass_faster_than_convolutions():
    ratio = rate("MLP pair")[0] / rate("small convolutions")[0]
    print(f"MLP pair: {ratio:.0f} times as many images a second as small convolutions")
    assert ratio > 4


@pytest.mark.parametrize("name", ALL)
def test_variation_costs_no_more_than_a_few_passes(name):
    passes, _, variation = rate(name)
    share = passes / (passes + variation)
    print(f"{name}: {share:.0%} of a generation is variation")
    assert share < 0.85
