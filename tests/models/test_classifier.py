"""What a classifier makes of logits, against SciPy and NumPy in double precision."""

import numpy as np
import pytest
import torch
from scipy import special
from torch import nn

from latentlib.models.classifier import Classifier, Recogniser


class Given(Classifier):
    """Its images are its logits."""

    def forward(self, images):
        return images


EXCLUSIVE, EACH = Given("abcde"), Given("abcde", exclusive=False)
LOGITS = 4 * torch.randn(50, 5, generator=torch.Generator().manual_seed(0))


def test_probabilities_are_softmax_or_sigmoid():
    logits = LOGITS.double().numpy()
    assert np.allclose(EXCLUSIVE.probabilities(LOGITS), special.softmax(logits, axis=1), atol=1e-6)
    assert np.allclose(EACH.probabilities(LOGITS), special.expit(logits), atol=1e-6)


@pytest.mark.parametrize("classifier", [EXCLUSIVE, EACH])
def test_log_odds_are_those_of_the_probabilities(classifier):
    chances = classifier.probabilities(LOGITS.double())
    assert np.allclose(classifier.log_odds(LOGITS), special.logit(chances.numpy()), atol=1e-4)


def test_log_odds_are_exact_where_probabilities_round_to_one():
    odds = EXCLUSIVE.log_odds(torch.tensor([[100.0, 0, 0, -50, 30]]))
    assert float(odds[0, 0]) == pytest.approx(70, abs=1e-3)
    assert float(odds[0, 3]) == pytest.approx(-150, abs=1e-3)


def test_the_likeliest_of_exclusive_classes_is_decided_and_each_attribute_by_itself():
    decided = EXCLUSIVE.decided(EXCLUSIVE.probabilities(LOGITS))
    assert decided.dtype == torch.bool
    assert np.array_equal(decided, np.eye(5, dtype=bool)[LOGITS.numpy().argmax(axis=1)])
    assert np.array_equal(EACH.decided(EACH.probabilities(LOGITS)), LOGITS.numpy() > 0)


def test_the_loss_is_the_cross_entropy_of_the_labels():
    labels = np.arange(50) % 5
    expected = -special.log_softmax(LOGITS.double().numpy(), axis=1)[np.arange(50), labels].mean()
    assert float(EXCLUSIVE.loss(LOGITS, torch.from_numpy(labels))) == pytest.approx(expected, rel=1e-5)
    holds = np.arange(250).reshape(50, 5) % 3 == 0
    signed = np.where(holds, 1, -1) * LOGITS.double().numpy()
    expected = -special.log_expit(signed).mean()
    assert float(EACH.loss(LOGITS, torch.from_numpy(holds).long())) == pytest.approx(expected, rel=1e-5)


def test_a_text_is_no_list_of_class_names():
    with pytest.raises(TypeError, match="classes must be a list of names, got the text 'cat'"):
        Recogniser(nn.Identity(), "cat")
