"""Sets in the browser's engine against the library: similarities, fitness, what a judge sees, and the same searches."""

import pytest
import torch
from scipy.stats import mannwhitneyu
from test_engine import Rounded, node

from latentlib import zoo
from latentlib.evolution import Generational, GeneticAlgorithm, MapElites, PerGene, RandomSearch, Reset, Tournament
from latentlib.evolution.archive import Grid
from latentlib.fitness.diversity import Average, Diversity, Maximum, Similarity
from latentlib.widgets.live import export

METRICS = {"rmse": Similarity("rmse"), "ncc": Similarity("cross_correlation")}
SIZE = 17  # the engine draws 16 images at a time
COST = 1e-3  # of int8 in a mean similarity; measured 0.00024 and 0.00023
SPREAD, AGREED = (
    0.01,
    0.975,
)  # of int8 in a mean distance, as a share; of images whose digit stays; measured 0.0018 and 1
RUNS = {"size": 16, "population": 10, "generations": 8, "matingRate": 0.7, "mutationRate": 0.02}


def sets(count, size=SIZE):
    return torch.randn(count, size, 100, generator=torch.Generator().manual_seed(1))


def asked(given, metric):
    return node(what="sets", dataset="mnist", metric=metric, size=given.shape[1], latents=given.tolist())


@pytest.mark.parametrize("metric", METRICS)
def test_similarities_and_fitness_are_the_librarys(metric):
    """To 1e-5 of the same images; within the stated error of those by the weights that are not rounded."""
    given, similarity = sets(6), METRICS[metric]
    given[0, 3] = given[0, 9] + 1e-4  # nearly equal images
    answer = asked(given, metric)
    rounded = Rounded("mnist")(given.flatten(0, 1)).unflatten(0, (6, SIZE))
    pairs = torch.triu_indices(SIZE, SIZE, offset=1)
    alike = torch.tensor([one["alike"] for one in answer]).view(6, SIZE, SIZE)[:, pairs[0], pairs[1]]
    assert torch.allclose(alike.double(), similarity.pairs(rounded), atol=1e-5)
    fitness, most = (torch.tensor([one[name] for one in answer]).double() for name in ("fitness", "maximum"))
    assert torch.allclose(-fitness, Average(similarity)(rounded), atol=1e-5)
    assert torch.allclose(most, Maximum(similarity)(rounded), atol=1e-5)
    trained = Diversity(zoo.load_generator("restoring/mnist"), SIZE, similarity)(given.flatten(1)[None])[0].double()
    print(f"{metric}: {(fitness - trained).abs().max():.5f}")
    assert torch.allclose(fitness, trained, atol=COST)


def rounded_judge(images):
    """Log-odds and features by the judge with the int8 weights that are exported."""
    packed = [(*export.quantised(weight), bias) for weight, bias in export.fused_judge(zoo.load("judge/mnist"))]
    *convolutions, embed, classify = [(levels * scale[:, None], bias) for levels, scale, bias in packed]
    for weight, bias in convolutions:
        kernel = weight.view(len(bias), 3, 3, -1).permute(0, 3, 1, 2)
        images = torch.nn.functional.max_pool2d(torch.nn.functional.conv2d(images, kernel, bias, padding=1), 2).relu()
    features = torch.nn.functional.linear(images.permute(0, 2, 3, 1).flatten(1), *embed).relu()
    logits = torch.nn.functional.linear(features, *classify)
    rest = [logits[:, torch.arange(10) != i].logsumexp(dim=1) for i in range(10)]
    return logits - torch.stack(rest, dim=1), features


def test_the_judge_is_torchs():
    given, judge = sets(20), zoo.load("judge/mnist")
    answer = asked(given, "rmse")
    odds = torch.tensor([one["odds"] for one in answer]).view(-1, 10)
    features = torch.tensor([one["features"] for one in answer]).view(-1, judge.num_features)
    images = Rounded("mnist")(given.flatten(0, 1))
    expected_odds, expected_features = rounded_judge(images)
    assert torch.allclose(odds, expected_odds, atol=2e-3)
    assert torch.allclose(features, expected_features, atol=2e-3)
    exact = zoo.load("restoring/mnist")(given.flatten(0, 1))
    agreed = float((odds.argmax(dim=1) == judge(exact).argmax(dim=1)).double().mean())
    by_set = judge.features(exact).unflatten(0, (20, SIZE))
    spread = torch.stack([torch.pdist(some).mean() for some in by_set])
    cost = float((torch.tensor([one["spread"] for one in answer]) / spread - 1).abs().max())
    print(f"judge: agreed {agreed:.3f}, spread {cost:.4f}")
    assert agreed > AGREED
    assert cost < SPREAD


@pytest.mark.parametrize(("algorithm", "metric"), [("genetic", "rmse"), ("map_elites", "ncc")])
def test_the_searches_are_the_librarys(algorithm, metric):
    """Of ten seeds each, a rank test sees no difference in the best, random sampling's best, and cells filled."""
    ours = node(what="diverse", dataset="mnist", algorithm=algorithm, metric=metric, bins=100, seeds=10, **RUNS)
    fitness = Diversity(zoo.load_generator("restoring/mnist"), RUNS["size"], METRICS[metric], runs=10)
    count, generations = RUNS["population"], RUNS["generations"]
    rates = {"mating_rate": 0.7, "mutation_rate": 0.02, "mutation": Reset(), "mutation_unit": PerGene()}
    if algorithm == "genetic":
        search = GeneticAlgorithm(count, selection=Tournament(3), survival=Generational(1), **rates)
    else:
        search = MapElites(Grid(), count, offspring=count, **rates)
        fitness = fitness.with_measures(*(kind(METRICS[metric]) for kind in (Average, Maximum)))
    theirs = search.evolve(fitness, generations, seed=0)
    total = count * (generations + 1) * RUNS["size"]
    compared = {"best": theirs.best.fitness, "rival": RandomSearch(count).search(fitness, total, 1).best.fitness}
    if algorithm == "map_elites":
        compared["filled"] = theirs.state.filled
    for name, values in compared.items():
        p = mannwhitneyu([one[name] for one in ours], values.tolist()).pvalue
        print(f"{name}: p = {p:.3f}")
        assert p > 0.05, name
    spent = sum(one["sets"] for one in ours) / len(ours)
    assert spent == pytest.approx(float(theirs.passes.double().mean()) / RUNS["size"], rel=0.02)
