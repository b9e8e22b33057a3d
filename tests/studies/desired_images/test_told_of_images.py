"""What is measured of images and latents, and what a sure latent costs, against independent computations."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from scipy import ndimage, stats
from scipy.spatial.distance import pdist
from tiny_recogniser import NAMES, Pixels, Plain, Smooth

from latentlib import data, zoo
from latentlib.fitness import wishes
from latentlib.fitness.recognition import Recognition
from latentlib.pool import ALGORITHM1
from studies.desired_images.experiments import images, sure
from studies.desired_images.experiments import measures as measuring
from studies.desired_images.experiments.search import Search
from studies.desired_images.settings import Settings

TINY = Settings("mnist", "smoke", population=20, generations=2, repeats=2)
DIGITS = "0123456789"
REAL = 2.0  # the distance of real images, where a test says so
pytestmark = pytest.mark.usefixtures("one_thread")


class Looking(Pixels):
    """A judge whose features are the pixels, and which takes each class for the next, or for another."""

    def __init__(self, classes, exclusive, by=1):
        super().__init__(classes, exclusive)
        self.by = by

    def features(self, images):
        return images.flatten(1)

    def classify(self, features):
        return 3 * features.roll(self.by, dims=1)

    def forward(self, images):
        return self.classify(self.features(images))


def toy(wish, runs=2, generator=Plain, population=20, generations=3, judges=(1,)):
    """A search that can be recomputed by hand: images are latents, the recogniser reads classes from pixels."""
    wish = wishes.read(wish)
    exclusive = wish.names() <= set(DIGITS)
    classes = tuple(DIGITS) if exclusive else NAMES
    made, recogniser = generator(len(classes)).eval(), Pixels(classes, exclusive).eval()
    first = torch.rand(runs, population, len(classes), generator=torch.Generator().manual_seed(3))
    return SimpleNamespace(
        wish=wish,
        settings=SimpleNamespace(dataset="toy", population=population, generations=generations, repeats=runs, seed=0),
        generator=made,
        recogniser=recogniser,
        judge=Looking(classes, exclusive).eval(),
        judges=tuple(Looking(classes, exclusive, by).eval() for by in judges),
        fitness=Recognition(made, recogniser, wish, runs),
        algorithm=replace(ALGORITHM1, population=population),
        first_pools=lambda: first,
        seed=lambda run: 1000 + run,
    )


@pytest.fixture
def known_distance(monkeypatch):
    monkeypatch.setattr(measuring, "real_distance", lambda dataset, wish: REAL)


@pytest.mark.parametrize("known", [True, False], ids=["known fitness", "unknown fitness"])
def test_measures_of_digits_are_those_of_numpy_and_scipy(known_distance, known):
    search = toy("Digit(4) | Digit(8)")
    pools = search.first_pools()
    table = measuring.measures(search, pools, search.fitness(pools) if known else None)
    assert table["run"].tolist() == [0, 1]
    for latents, row in zip(pools.double().numpy(), table.itertuples(), strict=True):
        wanted = np.isin(latents.argmax(axis=1), [4, 8])
        theirs = (latents.argmax(axis=1) + 1) % 10
        odds = np.exp(3 * latents)
        assert 0 < wanted.sum() < 20
        assert row.accuracy == pytest.approx(wanted.mean())
        assert row.judged == pytest.approx(np.isin(theirs, [4, 8]).mean())
        assert row.agreed == pytest.approx(np.isin(theirs, [4, 8])[wanted].mean())
        assert (row.first_judged, row.second_judged) == pytest.approx(((theirs == 4).mean(), (theirs == 8).mean()))
        assert row.likeliest == pytest.approx((odds.max(axis=1) / odds.sum(axis=1)).mean(), rel=1e-5)
        assert row.diversity == pytest.approx(pdist(latents[wanted]).mean() / REAL, rel=1e-5)


@pytest.mark.parametrize("wish", ["Smiling & ~Male", "~Smiling"])
def test_measures_of_attributes_are_those_of_numpy_and_scipy(known_distance, wish):
    search = toy(wish)
    table = measuring.measures(search, search.first_pools())
    assert ("second_judged" in table) == ("Male" in wish)
    for latents, row in zip(search.first_pools().double().numpy(), table.itertuples(), strict=True):
        likely = 1 / (1 + np.exp(-3 * np.roll(latents, 1, axis=1)))
        has, seen = (dict(zip(NAMES, (some > 0.5).T, strict=True)) for some in (latents, likely))
        wanted, judged = (
            some["Smiling"] & ~some["Male"] if "Male" in wish else ~some["Smiling"] for some in (has, seen)
        )
        assert row.accuracy == pytest.approx(wanted.mean())
        assert row.judged == pytest.approx(judged.mean())
        assert row.first_judged == pytest.approx(seen["Male" if "Male" in wish else "Smiling"].mean())
        assert row.likeliest == pytest.approx(np.maximum(likely, 1 - likely).mean(), rel=1e-5)
        assert row.diversity == pytest.approx(pdist(latents[wanted]).mean() / REAL, rel=1e-5)


def test_of_no_wanted_image_nobody_agrees_and_of_one_there_is_no_distance(known_distance):
    search = toy("Digit(3)")
    pools = torch.zeros(2, 5, 10)
    pools[:, torch.arange(5), torch.tensor([0, 1, 2, 4, 5])] = 1
    pools[1, 0] = torch.eye(10)[3]
    none, one = measuring.measures(search, pools).to_dict("records")
    assert (none["accuracy"], one["accuracy"]) == (0, 0.2)
    assert np.isnan([none["agreed"], none["diversity"], one["diversity"]]).all()
    assert one["agreed"] == 0


def test_latents_are_told_as_scipy_tells_them(random):
    latents = 0.3 + 1.5 * torch.randn(40, 25, generator=random)
    row, known = measuring.of_latents(latents), latents.double().numpy()
    assert row["cosine"] == pytest.approx(1 - pdist(known, "cosine").mean(), abs=1e-5)
    assert row["length"] == pytest.approx(np.linalg.norm(known, axis=1).mean() / stats.chi(25).mean(), rel=1e-5)
    assert row["mean"] == pytest.approx(known.mean(), rel=1e-4)
    assert row["variance"] == pytest.approx(known.var(ddof=1), rel=1e-4)
    assert row["repeated"] == 0


def test_repeated_are_all_that_equal_another():
    latents = torch.eye(8)[torch.tensor([0, 1, 2, 0, 0, 3, 2, 4])]
    assert measuring.of_latents(latents)["repeated"] == 5 / 8


def test_two_classes_of_a_wish_are_counted_by_the_recogniser(known_distance):
    search = toy("Digit(8) | Digit(4)")
    found = measuring.measures(search, search.first_pools())[["first", "second"]]
    for latents, row in zip(search.first_pools().numpy(), found.itertuples(index=False), strict=True):
        seen = latents.argmax(axis=1)
        assert tuple(row) == pytest.approx(((seen == 4).mean(), (seen == 8).mean()))


@pytest.mark.parametrize("wish", ["Digit(4) | Digit(8)", "Smiling & ~Male"])
def test_the_mean_of_several_judges_decides_and_the_least_and_most_of_one_are_told(known_distance, wish):
    search = toy(wish, judges=(0, 1, 2))
    table = measuring.measures(search, search.first_pools())
    for latents, row in zip(search.first_pools().double().numpy(), table.itertuples(), strict=True):
        raw = [np.exp(3 * np.roll(latents, by, axis=1)) for by in (0, 1, 2)]
        if "Digit" in wish:
            votes = [some / some.sum(axis=1, keepdims=True) for some in raw]
            judged = [np.isin(some.argmax(axis=1), [4, 8]).mean() for some in (*votes, np.mean(votes, axis=0))]
        else:
            votes = [some / (1 + some) for some in raw]
            place = {name: NAMES.index(name) for name in ("Smiling", "Male")}
            judged = [
                ((some[:, place["Smiling"]] > 0.5) & (some[:, place["Male"]] <= 0.5)).mean()
                for some in (*votes, np.mean(votes, axis=0))
            ]
        assert (row.judged, row.judged_low, row.judged_high) == pytest.approx(
            (judged[3], min(judged[:3]), max(judged[:3]))
        )


@pytest.mark.parametrize("wish", ["Digit(3)", "Digit(4) | Digit(8)", "~Digit(1)"])
def test_the_distance_of_real_images_is_that_of_held_out_ones_that_meet_the_wish(wish, monkeypatch):
    sample, read = data.bundled("mnist", "test"), wishes.read(wish)
    chosen = {"Digit(3)": [3], "Digit(4) | Digit(8)": [4, 8], "~Digit(1)": [0, 2, 3, 4, 5, 6, 7, 8, 9]}[wish]
    real = sample.images[torch.isin(sample.labels, torch.tensor(chosen))]
    assert torch.equal(measuring.real("mnist", read), real)
    features = zoo.load_judge("mnist").features(real).double().numpy()
    assert measuring.real_distance("mnist", read) == pytest.approx(pdist(features).mean(), rel=1e-4)


def test_attributes_of_real_images_are_read_from_their_labels(monkeypatch):
    labels = torch.tensor([[1, 0, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]])
    known = SimpleNamespace(images=torch.arange(4), labels=labels, card=data.card("celeba64"))
    monkeypatch.setattr(measuring.data, "load", lambda name, split: known)
    assert measuring.real("celeba64", wishes.read("Eyeglasses & ~Male")).tolist() == [0, 3]
    assert measuring.real("celeba64", wishes.read("~Smiling")).tolist() == [1, 3]


def counted_by_hand(start, step_size, target=3, steps=60):
    """Passes of one ascent by Adam, written out, and whether it comes above 0.98."""
    z, m, v = start.astype(np.float64), 0.0, 0.0
    passes = 0
    for step in range(steps + 1):
        pixel = 1 / (1 + np.exp(-z))
        odds = np.exp(20 * (pixel - 0.5))
        likely = odds / odds.sum()
        passes += 1
        if likely[target] > 0.98:
            return passes, True
        if step < steps:
            passes += 2
            gradient = (likely - np.eye(10)[target]) * 20 * pixel * (1 - pixel)  # of minus log R
            m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
            z = z - step_size * (m / (1 - 0.9 ** (step + 1))) / (np.sqrt(v / (1 - 0.999 ** (step + 1))) + 1e-8)
    return passes, False


@pytest.mark.parametrize("step_size", [0.01, 0.1])
def test_an_ascent_counts_three_passes_a_step_and_one_to_see_that_it_is_sure(step_size):
    search = toy("Digit(3)", generator=Smooth)
    found = sure.ascent(search, step_size)
    for run, starts in enumerate(search.first_pools().numpy()):
        counts = [counted_by_hand(start, step_size) for start in starts]
        assert found["passes"][run] == sum(passes for passes, _ in counts)
        assert found["found"][run] == sum(done for _, done in counts)
    assert (found["found"] == 20).all() == (step_size == 0.1)


def test_a_hundred_latents_of_a_larger_pool_ascend():
    search = toy("Digit(3)", generator=Smooth, population=120)
    found, some = sure.ascent(search, 0.1), toy("Digit(3)", generator=Smooth, population=120)
    some.first_pools = lambda: search.first_pools()[:, :100]
    pd.testing.assert_frame_equal(found, sure.ascent(some, 0.1))
    assert found["found"].max() == 100


def test_evolution_goes_on_until_every_member_is_sure(monkeypatch):
    search = toy("Digit(3)")
    found = sure.evolution(search)
    generations = found["passes"] / 20 - 1
    assert (found["found"] == 20).all()
    assert (generations == generations.round()).all()
    assert generations.between(1, 59).all()
    one_less = int(generations.min()) - 1
    monkeypatch.setattr(sure, "LONGEST", one_less)
    stopped = sure.evolution(search)
    assert (stopped["passes"] == 20 * (one_less + 1)).all()
    assert (stopped["found"] < 20).any()


def test_rejection_counts_the_sure_among_as_many_draws_as_all_generations_see():
    search = toy("Digit(3)", generations=29)
    found = sure.rejection(search)
    assert found["passes"].tolist() == [600, 600]
    for run in (0, 1):
        drawn = torch.randn(600, 10, generator=torch.Generator().manual_seed(1000 + run)).clamp(0, 1)
        assert found["found"][run] == int(((20 * drawn).softmax(dim=1)[:, 3] > 0.98).sum()) > 0


def test_the_price_is_that_of_a_sure_latent():
    assert sure.price(pd.DataFrame({"passes": [100, 300], "found": [5, 15]})) == 20
    assert sure.price(pd.DataFrame({"passes": [100, 300], "found": [0, 0]})) == float("inf")


def test_all_methods_are_told_and_the_step_size_is_the_cheapest_elsewhere(monkeypatch):
    monkeypatch.setattr(sure, "LONGEST", 3)
    tried = []

    def ascent(search, step_size):
        repeats = search.settings.repeats
        tried.append((search.settings.seed, repeats, step_size))
        return sure.table(torch.full((repeats,), 100), torch.full((repeats,), int(10 * step_size)))

    monkeypatch.setattr(sure, "ascent", ascent)
    monkeypatch.setattr(sure, "STEP_SIZES", {"smoke": (0.1, 1.0, 0.3)})
    found = sure.sure(TINY)
    assert tried == [(1, 1, 0.1), (1, 1, 1.0), (1, 1, 0.3), (0, 2, 1.0)]
    assert set(found) == {"run", "passes", "found", "step_size", "method"}
    assert list(zip(found["method"], found["run"], strict=True)) == [
        (method, run) for method in ("evolution", "gradient ascent", "rejection") for run in (0, 1)
    ]
    assert found.loc[found["method"] == "gradient ascent", "step_size"].tolist() == [1.0, 1.0]


def test_sharpness_is_the_variance_of_scipys_laplacian(monkeypatch):
    monkeypatch.setattr(images, "SHARP", {"smoke": 30})
    found = images.sharpness(TINY)
    latents = torch.randn(30, 100, generator=torch.Generator().manual_seed(1001))
    pictures = zoo.load_generator("desired_images/mnist")(latents)
    likely = zoo.load_classifier("recogniser/mnist")(pictures).softmax(dim=1).double().numpy()
    assert found["confidence"].to_numpy() == pytest.approx(likely.max(axis=1), abs=1e-5)
    assert found["class"].tolist() == likely.argmax(axis=1).tolist()
    edges = [ndimage.laplace(picture[0].double().numpy())[1:-1, 1:-1] for picture in pictures]
    assert found["sharpness"].to_numpy() == pytest.approx([some.var(ddof=1) for some in edges], rel=1e-3)


def brute_force(scores, hits):
    """The share of pairs of a hit and a miss where the hit scores more, a tie half."""
    pairs = [(a > b) + 0.5 * (a == b) for a in scores[hits] for b in scores[~hits]]
    return float(np.mean(pairs))


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order():
    random = np.random.default_rng(0)
    for _ in range(5):
        scores, hits = random.integers(0, 8, 40).astype(float), random.random(40) < 0.3
        assert images.area(scores, hits) == pytest.approx(brute_force(scores, hits))
    assert images.area(np.array([1.0, 2.0, 3.0]), np.array([False, False, True])) == 1


def test_a_linear_function_of_latents_is_fitted_on_some_and_tested_on_others(monkeypatch):
    for name, value in {"FITTED": 300, "TESTED": 80, "RESAMPLES": 2}.items():
        monkeypatch.setattr(images, name, value)
    found = images.linear(TINY)
    assert set(found) == {"resample", "class", "area"}
    assert found["resample"].unique().tolist() == [0, 1, 2]
    generator, recogniser = zoo.load_generator("desired_images/mnist"), zoo.load_classifier("recogniser/mnist")
    sets = []
    for count, seed in ((300, 1002), (80, 1003)):
        latents = torch.randn(count, 100, generator=torch.Generator().manual_seed(seed))
        seen = recogniser(generator(latents)).argmax(dim=1).numpy()
        sets.append((np.c_[latents.double().numpy(), np.ones(count)], seen))
    (fitted, known), (tested, truth) = sets
    weights = np.linalg.lstsq(fitted, np.eye(10)[known], rcond=None)[0]
    scores = tested @ weights
    assert set(found.query("resample == 0")["class"]) == {str(digit) for digit in set(truth)}
    chosen = {0: np.arange(80), 2: np.random.default_rng(2).integers(80, size=80)}
    for resample, rows in chosen.items():
        for row in found[found["resample"] == resample].itertuples():
            digit = int(row[2])
            assert row.area == pytest.approx(brute_force(scores[rows, digit], truth[rows] == digit), abs=5e-3)


def test_a_census_counts_each_class_by_both_networks_and_among_real_images(monkeypatch):
    monkeypatch.setattr(images, "CENSUS", {"smoke": 60})
    found = images.census(TINY)
    assert not set(found) & set(vars(TINY)), "a sweep adds the cell's own values"
    found = found.set_index(["counted", "class"])
    latents = torch.randn(60, 100, generator=torch.Generator().manual_seed(1000))
    pictures = zoo.load_generator("desired_images/mnist")(latents)
    for name, network in (("recogniser", zoo.load_classifier("recogniser/mnist")), ("judge", zoo.load_judge("mnist"))):
        counts = network(pictures).argmax(dim=1).bincount(minlength=10).tolist()
        assert found.loc[name, "hits"].tolist() == counts
        assert set(found.loc[name, "images"]) == {60}
    for name in ("training images", "held-out images"):
        assert found.loc[name].to_numpy().tolist() == [[50, 500]] * 10


def test_streams_of_random_latents_differ_and_are_drawn_again_alike():
    search = Search(TINY)
    first, again, other = (images.drawn(search, 5, stream) for stream in (0, 0, 1))
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[0], other[0])
    assert first[1].shape == (5, 1, 28, 28)
