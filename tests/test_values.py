import subprocess
import sys
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn

from latentlib.evolution import GeneticAlgorithm, PerGene
from latentlib.priors import Normal
from latentlib.randomness import seeded
from latentlib.values import ByValue, fingerprint, same


@dataclass(frozen=True, eq=False)
class Pair(ByValue):
    first: object
    second: object


def test_equal_content_is_equal_whatever_holds_it():
    ones = torch.ones(3)
    assert Pair(ones, {"a": 1}) == Pair(torch.ones(3), {"a": 1})
    assert Pair(ones, 1) != Pair(ones.double(), 1)
    assert Pair(ones, 1) != Pair(torch.ones(4), 1)
    assert Pair(ones, 1) != (ones, 1)
    assert not same({"a": ones}, {"b": ones})
    assert not same(ones, 1.0)


def test_fingerprints_tell_contents_apart():
    values = [Pair(1, 2), Pair(1, torch.tensor(2)), Pair(1, 2.0), Pair(len, 2), Pair(max, 2), Pair(None, (1, "1"))]
    assert len({fingerprint(value) for value in values}) == len(values)
    assert fingerprint(Pair(1, 2)) == fingerprint(Pair(1, 2))
    assert fingerprint(Pair(1, 2), "second") == fingerprint(Pair(1, 3), "second")


def test_a_fingerprint_is_the_same_in_every_process():
    code = (
        "import torch; from latentlib.evolution import *; from latentlib.priors import Normal;"
        "print(GeneticAlgorithm(mutation_rate=torch.tensor([0.1]), mutation_unit=PerGene(),"
        " prior=Normal(torch.ones(2))).fingerprint)"
    )
    told = {subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()}
    search = GeneticAlgorithm(mutation_rate=torch.tensor([0.1]), mutation_unit=PerGene(), prior=Normal(torch.ones(2)))
    assert told == {search.fingerprint}


def test_seeds_are_apart_up_to_the_last_one_accepted():
    drawn = [torch.rand(4, generator=seeded(seed)) for seed in (0, 1, 2**31, 2**32 - 1)]
    assert len({tuple(values.tolist()) for values in drawn}) == 4


def test_functions_of_one_name_are_told_apart_by_code_and_closure():
    def adding(number):
        return lambda value: value + number

    def step(size):
        return partial(max, size)

    pairs = [(adding(1), adding(2)), (step(1), step(9)), (lambda value: value, lambda value: -value)]
    assert all(fingerprint(first) != fingerprint(other) for first, other in pairs)
    assert fingerprint(adding(1)) == fingerprint(adding(1))


def test_modules_are_known_by_class_and_weights():
    first, same_weights = nn.Linear(3, 2), nn.Linear(3, 2)
    same_weights.load_state_dict(first.state_dict())
    assert fingerprint(first) == fingerprint(same_weights) != fingerprint(nn.Linear(3, 2))
    assert fingerprint(nn.ReLU()) != fingerprint(nn.Tanh())


def test_what_refers_to_itself_has_a_fingerprint():
    class Ring:
        pass

    ring = Ring()
    ring.next = ring
    assert fingerprint(ring) == fingerprint(ring)
