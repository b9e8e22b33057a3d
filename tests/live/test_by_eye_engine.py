"""What the browser shows of images bred by eye, against torch: colours, and the words of who names clothes."""

import torch
from test_engine import AGREED, TYPICAL, UNSURE, USUAL, WORST, Rounded, latents, node

from latentlib import zoo


def test_colours_are_torchs():
    """To the byte with the same int8 weights; within the stated error of the trained ones."""
    given = latents(40)
    answer = node(what="seen", dataset="celeba", latents=given.tolist())
    ours = torch.tensor(answer["images"]).view(40, 3, 32, 32)
    assert (ours - 255 * Rounded("celeba")(given)).abs().max() < 0.51
    cost = ours / 255 - zoo.load("restoring/celeba")(given)
    print(f"celeba: worst {cost.abs().max():.4f}, rms {cost.square().mean().sqrt():.5f}")
    assert cost.abs().max() < WORST
    assert cost.square().mean().sqrt() < TYPICAL
    means = ours.double().mean(dim=(0, 2, 3))
    assert means[0] > means[1] > means[2], "skin: red before green before blue"


def test_clothes_are_named_as_torch_does():
    given = latents(500)
    answer = node(what="seen", dataset="fashion_mnist", narrator="judge-fashion_mnist", latents=given.tolist())
    ours = torch.tensor(answer["odds"]).view(500, 10)
    judge = zoo.load_classifier("judge/fashion_mnist")
    expected = judge.log_odds(zoo.load("restoring/fashion_mnist")(given)).sigmoid()
    cost = ours.sigmoid() - expected
    agreed = float((ours.argmax(dim=1) == expected.argmax(dim=1)).double().mean())
    print(f"clothes: worst {cost.abs().max():.4f}, rms {cost.square().mean().sqrt():.5f}, agreed {agreed:.3f}")
    assert cost.abs().max() < UNSURE
    assert cost.square().mean().sqrt() < USUAL
    assert agreed > AGREED
