"""Written wishes that are too long, too deep, or meant to do harm; and the pools that hold them."""

import json
import time

import pytest
import safetensors.torch
import torch

from latentlib.fitness import wishes
from latentlib.pool import Pool

HOSTILE = {
    "fifty thousand ~": "~" * 50_000 + "Smiling",
    "two thousand ~": "~" * 1990 + "Smiling",
    "two hundred ~": "~" * 200 + "Smiling",
    "brackets": "(" * 900 + "Smiling" + ")" * 900,
    "a long chain": " | ".join(["Digit(3)"] * 150),
    "a hundred thousand joins": "Digit(3) |" * 100_000,
    "a power": "9**9**9**9",
    "an import": "__import__('os').system('true')",
    "an attribute": "Smiling.__class__",
    "a null byte": "Smiling\0",
    "a statement": "Smiling; import os",
    "nothing": "",
    "a line break": "Smiling &\nMale",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_wish_is_refused_at_once_in_a_short_line(kind):
    begun = time.process_time()
    with pytest.raises(ValueError, match=r"wish|null bytes") as refused:
        wishes.read(HOSTILE[kind])
    assert len(str(refused.value)) < 250
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("text", [None, 3, b"Smiling", ["Smiling"], {"wish": 1}])
def test_what_is_no_text_is_no_wish(text):
    with pytest.raises(ValueError, match="a wish reads like"):
        wishes.read(text)


def test_a_wish_that_somebody_means_is_not_too_deep():
    names = [f"Attribute_{i}" for i in range(wishes.MOST)]
    assert wishes.read(" & ".join(f"~({name} | Smiling)" for name in names)).names() == {*names, "Smiling"}


@pytest.mark.parametrize(
    "card",
    [
        {"wish": "~" * 50_000 + "Smiling"},
        {"wish": "Digit(12)"},
        {"wish": None},
        {"wish": ["Digit(3)"]},
        {},
        None,
        [1],
    ],
)
def test_a_hostile_pool_is_named(tmp_path, card):
    full = {"generator": "a", "recogniser": "b", "provenance": {}} | card if isinstance(card, dict) else card
    tensors = {"latents": torch.zeros(2, 3)}
    (tmp_path / "a.pool").write_bytes(safetensors.torch.save(tensors, {"card": json.dumps(full)}))
    with pytest.raises(ValueError, match=r"a\.pool is no pool, or damaged: ") as refused:
        Pool.load(tmp_path / "a.pool")
    assert len(str(refused.value)) < 500


def test_a_card_of_a_million_brackets_is_named(tmp_path):
    content = safetensors.torch.save({"latents": torch.zeros(2, 3)}, {"card": "[" * 1_000_000})
    (tmp_path / "a.pool").write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.pool is no pool, or damaged: "):
        Pool.load(tmp_path / "a.pool")
