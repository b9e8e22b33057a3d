import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latentlib.evolution import Generational, MuPlusLambda

SEEDS, RUNS, POPULATIONS = st.integers(0, 2**31), st.integers(1, 4), st.integers(2, 20)


def group(seed, runs, population):
    """Genomes that carry their fitness as their first gene, so that a mix-up shows."""
    fitness = torch.randn(runs, population, generator=torch.Generator().manual_seed(seed))
    return torch.stack([fitness, 2 * fitness], dim=2), fitness


def values(group):
    return np.sort(group[1].numpy(), axis=1)


@given(seed=SEEDS, runs=RUNS, population=POPULATIONS, data=st.data())
def test_generational_is_the_best_parents_and_the_best_children(seed, runs, population, data):
    elites = data.draw(st.integers(1, population))
    parents, children = group(seed, runs, population), group(seed + 1, runs, population)
    survivors = Generational(elites)(parents, children, population)
    kept = [values(parents)[:, population - elites :], values(children)[:, elites:]]
    assert np.array_equal(values(survivors), np.sort(np.concatenate(kept, axis=1), axis=1))
    assert torch.equal(survivors[0][:, :, 0], survivors[1])
    assert (survivors[1].amax(dim=1) >= parents[1].amax(dim=1)).all()


@given(seed=SEEDS, runs=RUNS, population=POPULATIONS)
def test_without_elites_only_the_children_live_on(seed, runs, population):
    parents, children = group(seed, runs, population), group(seed + 1, runs, population)
    genomes, fitness = Generational(0)(parents, children, population)
    assert torch.equal(genomes, children[0])
    assert torch.equal(fitness, children[1])


@given(seed=SEEDS, runs=RUNS, population=POPULATIONS, data=st.data())
def test_few_children_replace_the_worst_parents(seed, runs, population, data):
    few = data.draw(st.integers(1, population - 1))
    parents, children = group(seed, runs, population), group(seed + 1, runs, few)
    survivors = Generational(0)(parents, children, population)
    kept = [values(parents)[:, few:], values(children)]
    assert np.array_equal(values(survivors), np.sort(np.concatenate(kept, axis=1), axis=1))
    assert torch.equal(survivors[0][:, :, 0], survivors[1])


@given(seed=SEEDS, runs=RUNS, population=POPULATIONS, more=st.integers(1, 30))
def test_of_more_children_than_places_the_best_live_on(seed, runs, population, more):
    parents, children = group(seed, runs, population), group(seed + 1, runs, population + more)
    assert np.array_equal(values(Generational(0)(parents, children, population)), values(children)[:, more:])


@given(seed=SEEDS, runs=RUNS, before=POPULATIONS, born=POPULATIONS, data=st.data())
def test_mu_plus_lambda_is_the_best_of_both_as_many_as_there_are_places(seed, runs, before, born, data):
    places = data.draw(st.integers(1, before + born))
    parents, children = group(seed, runs, before), group(seed + 1, runs, born)
    survivors = MuPlusLambda()(parents, children, places)
    both = np.sort(np.concatenate([parents[1], children[1]], axis=1), axis=1)
    assert np.array_equal(values(survivors), both[:, before + born - places :])
    assert torch.equal(survivors[0][:, :, 1], 2 * survivors[1])


def test_negative_elites_are_named():
    with pytest.raises(ValueError, match="elites must be at least 0, got -1"):
        Generational(-1)
