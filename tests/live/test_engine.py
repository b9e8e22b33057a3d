"""The browser's engine against torch: same images, fitness and gradients within what int8 costs; the same search."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from needs import need
from scipy.stats import mannwhitneyu
from torch import nn

from latentlib import data, pool, zoo
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.recognition import Recognition
from latentlib.fitness.reconstruction import ReconstructionMSE, reconstruction
from latentlib.fitness.wishes import read
from latentlib.widgets.live import export

ROOT = Path(__file__).parents[2]
TARGET = 3
# what int8 may cost a pixel in [0, 1], at worst and as root mean square; measured 0.076 and 0.0053 (fashion_mnist)
WORST, TYPICAL = 0.1, 0.006
# what it may cost a digit's probability, through image and recogniser, at worst and as root mean square, and in how
# many images the likeliest digit agrees; measured 0.174, 0.0069 and 0.986
UNSURE, USUAL, AGREED = 0.25, 0.01, 0.975


def node(**question):
    """The answer of frontend/test/compare.js."""
    script = ROOT / "frontend/test/compare.js"
    done = subprocess.run(
        [need("node"), script], input=json.dumps(question), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def latents(count):
    return torch.randn(count, 100, generator=torch.Generator().manual_seed(0))


class Rounded(nn.Module):
    """The exported network with its int8 weights, in torch."""

    latent_size = 100

    def __init__(self, dataset):
        super().__init__()
        layers = export.fused(zoo.load(f"restoring/{dataset}"))
        packed = [(*export.quantised(weight), bias) for weight, bias in layers]
        self.layers = [(levels * scale[:, None], bias) for levels, scale, bias in packed]
        self.eval()

    def forward(self, latents):
        (one, b1), (two, b2), (three, b3), (four, b4) = self.layers
        pixels = nn.functional.linear(nn.functional.linear(latents, one, b1).relu(), two, b2).relu()
        side = round((pixels.shape[1] / 64) ** 0.5)
        small = pixels.view(-1, side, side, 64).permute(0, 3, 1, 2)
        kernels = (weight.view(len(bias), 4, 4, -1).permute(3, 0, 1, 2) for weight, bias in ((three, b3), (four, b4)))
        options = {"stride": 2, "padding": 1}
        large = nn.functional.conv_transpose2d(small, next(kernels), b3, **options).relu()
        return (nn.functional.conv_transpose2d(large, next(kernels), b4, **options).tanh() + 1) / 2


@pytest.mark.parametrize("dataset", export.DATASETS)
def test_images_and_fitness_are_torchs(dataset):
    """To rounding with the same int8 weights; within the stated error of the trained ones."""
    given = latents(64)
    answer = node(what="images", dataset=dataset, target=TARGET, latents=given.tolist())
    rounded, trained = Rounded(dataset), zoo.load(f"restoring/{dataset}")
    ours = torch.tensor(answer["images"]).view(64, 1, 28, 28)
    assert torch.allclose(ours, rounded(given), atol=1e-5)
    cost = ours - trained(given)
    print(f"{dataset}: worst {cost.abs().max():.4f}, rms {cost.square().mean().sqrt():.5f}")
    assert cost.abs().max() < WORST
    assert cost.square().mean().sqrt() < TYPICAL
    targets = data.bundled(dataset).images[TARGET : TARGET + 1]
    for name, tolerance in {"mse": 5e-3, "ssim": 3e-2}.items():
        for network, close in ((rounded, 1e-5), (trained, tolerance)):
            expected = reconstruction(name, network, targets)(given[None])[0]
            assert torch.allclose(torch.tensor(answer[name]), expected, atol=close), name


@pytest.mark.parametrize("fitness", ["mse", "ssim"])
def test_gradients_are_torchs(fitness):
    given = latents(4).requires_grad_()
    answer = node(what="gradients", dataset="mnist", target=TARGET, latents=given.tolist(), fitness=fitness)
    judge = reconstruction(fitness, Rounded("mnist"), data.bundled("mnist").images[TARGET : TARGET + 1])
    (expected,) = torch.autograd.grad(judge(given[None]).sum(), given)
    assert torch.allclose(torch.tensor([row["gradient"] for row in answer]), expected, atol=1e-5)


def test_the_genetic_algorithm_is_the_librarys():
    """Final fitness of thirty seeds each: a rank test finds no difference; passes agree as well."""
    size = {"population": 60, "generations": 30}
    ours = node(what="runs", dataset="mnist", target=TARGET, seeds=30, matingRate=0.3, mutationRate=0.3, **size)
    target = data.bundled("mnist").images[TARGET : TARGET + 1].repeat(30, 1, 1, 1)
    fitness = ReconstructionMSE(zoo.load_generator("restoring/mnist"), target)
    theirs = GeneticAlgorithm(size["population"]).evolve(fitness, size["generations"], seed=0)
    found = mannwhitneyu([run["best"] for run in ours], theirs.best.fitness.tolist())
    print(f"p = {found.pvalue:.3f}")
    assert found.pvalue > 0.05
    passes = sum(run["passes"] for run in ours) / 30
    assert passes == pytest.approx(float(theirs.passes.float().mean()), rel=0.02)


def rounded_recogniser():
    """The trained recogniser with the int8 weights that are exported, its batch norms before the poolings."""
    layers = export.fused_recogniser(zoo.load("recogniser/mnist"))
    packed = [(*export.quantised(weight), bias) for weight, bias in layers]
    *convolutions, linear = [(levels * scale[:, None], bias) for levels, scale, bias in packed]

    def logits(images):
        for weight, bias in convolutions:
            kernel = weight.view(len(bias), 3, 3, -1).permute(0, 3, 1, 2)
            images = nn.functional.max_pool2d(nn.functional.conv2d(images, kernel, bias, padding=1), 2).relu()
        return nn.functional.linear(images.permute(0, 2, 3, 1).flatten(1), *linear)

    return logits


def test_a_batch_norm_that_turns_the_order_round_is_not_folded_before_the_pooling():
    recogniser = zoo.load("recogniser/mnist")
    recogniser.layers[2].weight[5] *= -1
    with pytest.raises(ValueError, match="negative scale"):
        export.fused_recogniser(recogniser)


def test_the_recogniser_is_torchs():
    """To rounding with the same int8 weights; of generated digits, within the stated error of the trained ones."""
    given = latents(500)
    ours = torch.tensor(node(what="odds", dataset="mnist", latents=given.tolist())).view(500, 10)
    recogniser = zoo.load_classifier("recogniser/mnist")
    logits = rounded_recogniser()(Rounded("mnist")(given))
    same = torch.stack([logits[:, i] - logits[:, torch.arange(10) != i].logsumexp(dim=1) for i in range(10)], dim=1)
    assert torch.allclose(ours, same, atol=1e-3)
    expected = recogniser.probabilities(zoo.load("restoring/mnist")(given))
    cost = ours.sigmoid() - expected
    agreed = float((ours.argmax(dim=1) == expected.argmax(dim=1)).double().mean())
    print(f"recogniser: worst {cost.abs().max():.4f}, rms {cost.square().mean().sqrt():.5f}, agreed {agreed:.3f}")
    assert cost.abs().max() < UNSURE
    assert cost.square().mean().sqrt() < USUAL
    assert agreed > AGREED


@pytest.mark.parametrize("wish", ["Digit(3)", "Digit(4) | Digit(8)"])
def test_algorithm_1_is_the_librarys(wish):
    """Of thirty pools each, share after two generations, and generations until 98 %: a rank test sees no difference."""
    size = {"population": 60, "generations": 40}
    shares = node(what="pools", dataset="mnist", wish=wish, seeds=30, mutationRate=0.2, **size)
    generator, recogniser = zoo.load_generator("restoring/mnist"), zoo.load_classifier("recogniser/mnist")
    fitness = Recognition(generator, recogniser, read(wish), runs=30)
    enough, found = pool.Enough(fitness, 0.98), []
    algorithm = replace(pool.ALGORITHM1, population=size["population"])
    run = pool.evolve(
        fitness,
        0.98,
        size["generations"],
        seed=0,
        algorithm=algorithm,
        callback=lambda state: found.append(enough.shares(state)),
    )
    ends = (run.passes / size["population"] - 1).tolist()
    for name, ours, theirs in [
        ("shares", [course[2] for course in shares], found[2].tolist()),
        ("ends", [len(course) - 1 for course in shares], ends),
    ]:
        p = mannwhitneyu(ours, theirs).pvalue
        print(f"{name}: {sum(ours) / 30:.3f} and {sum(theirs) / 30:.3f}, p = {p:.3f}")
        assert p > 0.05
