"""Accuracies with intervals, against the formula and on labels that are partly wrong."""

import json
import shutil

import pytest
import torch

from latentlib import data, zoo
from latentlib.models.classifier import Classifier
from latentlib.study import assessment
from latentlib.zoo import storage


class Given(Classifier):
    """Its images, one pixel a class, are its logits."""

    def forward(self, images):
        return images.flatten(1)


def test_accuracies_are_counted_with_wilson_intervals():
    logits = torch.full((40, 3, 1, 1), -1.0)
    logits[torch.arange(40), torch.arange(40) % 3] = 1
    labels = torch.arange(40) % 3
    labels[:4] = (labels[:4] + 1) % 3  # four are wrong
    found = assessment.accuracies(Given("abc"), logits, labels)
    z, p, n = 1.959964, 0.9, 40
    centre, half = p + z**2 / (2 * n), z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5
    ends = [(centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)]
    assert found == {"accuracy": 0.9, "interval": [pytest.approx(end, abs=1e-4) for end in ends], "images": 40}


def test_attributes_are_counted_each_by_itself():
    logits = torch.randn(40, 2, 1, 1, generator=torch.Generator().manual_seed(0))
    labels = (logits.flatten(1) > 0).long()
    labels[:10, 1] = 1 - labels[:10, 1]
    found = assessment.accuracies(Given("ab", exclusive=False), logits, labels)["accuracies"]
    assert [found[name][0] for name in "ab"] == [1.0, 0.75]
    assert found["b"][1] < 0.75 < found["b"][2]


def test_the_card_of_untouched_weights_stays_as_it_is(tmp_path, monkeypatch):
    shutil.copytree(storage.WEIGHTS / "judge", tmp_path / "judge")
    monkeypatch.setattr(storage, "WEIGHTS", tmp_path)
    monkeypatch.setattr(data, "load", lambda name, split, sample: data.bundled(name, split)[:50])
    card = (tmp_path / "judge" / "mnist.json").read_bytes()
    found = assessment.assess("judge/mnist")
    assert found["images"] == 50
    assert (tmp_path / "judge" / "mnist.json").read_bytes() == card
    facts = json.loads(card)
    del facts["quality"]
    zoo.write_card("judge/mnist", facts)  # as after a training
    assert assessment.assess("judge/mnist") == found == zoo.card("judge/mnist")["quality"]
