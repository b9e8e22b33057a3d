"""Seeds: what is accepted, and that nothing draws from a seed by another way."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from latentlib.randomness import seeded

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, np.int64(7), np.uint32(2**32 - 1)])
def test_a_seed_gives_what_torch_gives_for_it(seed):
    expected = torch.rand(5, generator=torch.Generator().manual_seed(int(seed)))
    assert torch.equal(torch.rand(5, generator=seeded(seed)), expected)


@pytest.mark.parametrize("seed", [-1, 2**32, 2**64, 1.0, "1", None, True, float("nan")])
def test_what_torch_takes_for_another_seed_or_none_is_refused(seed):
    with pytest.raises(ValueError, match=r"seed must be a whole number from 0 to 4294967295, got "):
        seeded(seed)


@pytest.mark.parametrize("folder", ["latentlib", "notebooks/studies"])
def test_every_generator_of_the_code_is_seeded_in_one_place(folder):
    pattern = re.compile(r"Generator\([^)]*\)\.manual_seed")
    found = {path.name for path in (ROOT / folder).rglob("*.py") if pattern.search(path.read_text(encoding="utf-8"))}
    assert found == ({"randomness.py"} if folder == "latentlib" else set())
