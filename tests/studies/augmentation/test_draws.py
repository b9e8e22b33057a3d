"""Settings, seeds, and what is to train and to test in a draw."""

from dataclasses import replace

import pytest
import torch
from small import TINY, distinct, numbered

from latentlib import data
from latentlib.data import Images
from latentlib.randomness import LARGEST, seeded
from studies.augmentation import draws
from studies.augmentation.experiments.amounts import Varied
from studies.augmentation.experiments.folds import Dosed, small
from studies.augmentation.experiments.supervision import Long
from studies.augmentation.plan import plan
from studies.augmentation.settings import FOLDS, PURPOSES, Settings


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"dataset": "mnist"}, "dataset must be one of fashion_lookalikes, mhsma, hushem, got 'mnist'"),
        ({"scale": "large"}, "scale must be one of smoke, quick, paper, got 'large'"),
        ({"images": 4}, "images must be at least 5, got 4"),
        ({"added": 40, "candidates": 39}, r"candidates must be at least added \(40\), got 39"),
        ({"added": -1}, "added must be at least 0, got -1"),
        ({"population": 2}, "population must be at least 3, got 2"),
        ({"generations": 1}, "generations must be at least 2, got 1"),
        ({"classifiers": 0}, "classifiers must be at least 1, got 0"),
        ({"steps": 1.5}, "steps must be a whole number, got 1.5"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"seed": LARGEST + 1}, f"seed must be at most {LARGEST}, got {LARGEST + 1}"),
        ({"device": "abacus"}, "device must be one that torch can use here, got 'abacus'"),
    ],
)
def test_settings_out_of_range_are_named(wrong, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        Settings(**wrong)


def test_settings_of_experiments_have_bounds_of_their_own():
    for kind, wrong in ((Varied, {"gan_data": "all"}), (Dosed, {"dose": 1.01}), (Dosed, {"dose": -0.1})):
        with pytest.raises(ValueError, match=f"^{next(iter(wrong))} must"):
            kind(**wrong)
    with pytest.raises(ValueError, match="evolved must be at least 2, got 1"):
        Long(evolved=1)


def test_seeds_fit_torch_and_no_two_things_share_one():
    found = {
        Settings(seed=seed).seed_of(purpose, label, place)
        for seed in (0, 1, 2, 1000, LARGEST)
        for purpose in PURPOSES
        for label in range(4)
        for place in range(5)
    }
    assert len(found) == 5 * len(PURPOSES) * 4 * 5
    assert all(0 <= seed <= LARGEST for seed in found)
    assert max(found) > LARGEST / 2
    seeded(max(found))


def test_seeds_of_a_draw_are_always_the_same_and_unknown_purposes_have_none():
    assert Settings(seed=3).seed_of("gan", 1) == Settings(seed=3, images=10).seed_of("gan", 1)
    with pytest.raises(ValueError, match=r"^purpose must be one of fold, .*, got 'tea'$"):
        Settings().seed_of("tea")


def test_a_draw_has_no_test_image_in_training_and_no_image_twice():
    drawn = draws.draw(TINY)
    training = distinct(*drawn.training)
    assert len(training) == 4 * 5
    assert not training & distinct(draws.pooled("fashion_lookalikes").test)
    assert drawn.test.shape == (80, 1, 28, 28)
    assert drawn.classes == ("T-shirt", "pullover", "coat", "shirt")


def test_draws_hold_images_of_their_class_and_hang_on_the_seed():
    shipped = data.bundled("fashion_lookalikes", "train")
    by_class = [distinct(shipped.images[shipped.labels == label]) for label in range(4)]
    one, again, other = (draws.draw(replace(TINY, seed=seed)) for seed in (1, 1, 2))
    for label in range(4):
        assert distinct(one.training[label]) < by_class[label]
        assert torch.equal(one.training[label], again.training[label])
        assert distinct(one.training[label]) != distinct(other.training[label])
    assert torch.equal(one.test, other.test)


def test_more_images_of_a_draw_are_those_of_fewer_and_others():
    few, many = (draws.draw(replace(TINY, images=count)) for count in (5, 12))
    for some, more in zip(few.training, many.training, strict=True):
        assert torch.equal(some, more[:5])


def test_training_images_that_are_test_images_as_well_are_not_drawn(monkeypatch):
    images, labels = numbered(40, 28), torch.arange(40) % 4
    card = data.card("fashion_lookalikes")
    sets = {"train": images, "test": images[:8]}
    monkeypatch.setattr(
        draws.data,
        "load",
        lambda name, split: Images(
            sets[split], labels[: len(sets[split])], torch.arange(len(sets[split])), card, split, "here"
        ),
    )
    pool = draws.pooled.__wrapped__("fashion_lookalikes")
    assert torch.equal(pool.images, images[8:])
    assert torch.equal(pool.labels, labels[8:])


def heads(name, count, labels):
    """What a data set of sperm heads holds, in the place of its files: train, then test."""
    card = data.card(name)
    images = torch.rand(count, *card.shape, generator=torch.Generator().manual_seed(0))
    half = count // 2
    parts = {"train": slice(None, half), "test": slice(half, None)}
    every = {s: Images(images[p], labels[p], torch.arange(count)[p], card, s, "here") for s, p in parts.items()}
    return every, images


def test_what_a_draw_of_hushem_leaves_is_its_test_set(monkeypatch):
    labels = torch.arange(4).repeat(8)
    sets, images = heads("hushem", 32, labels)
    monkeypatch.setattr(draws.data, "load", lambda name, split: sets[split])
    pool = draws.pooled.__wrapped__("hushem")
    assert pool.images.shape == (32, 1, 32, 32)
    expected = images.mean(dim=(2, 3)) @ torch.tensor([[0.299], [0.587], [0.114]])
    assert torch.allclose(pool.images.mean(dim=(2, 3)), expected, atol=1e-5)
    monkeypatch.setattr(draws, "pooled", lambda dataset: pool)
    drawn = draws.draw(replace(TINY, dataset="hushem"))
    assert (len(drawn.test), drawn.labels.bincount().tolist()) == (12, [3, 3, 3, 3])
    assert not distinct(drawn.test) & distinct(*drawn.training)
    assert distinct(drawn.test, *drawn.training) == distinct(pool.images)
    with pytest.raises(ValueError, match="class 'normal' has 8 images, of which 8 to train and one to test cannot"):
        draws.draw(replace(TINY, dataset="hushem", images=8))


def test_heads_of_mhsma_are_normal_or_not(monkeypatch):
    labels = torch.randint(0, 2, (40, 4), generator=torch.Generator().manual_seed(1))
    sets, _ = heads("mhsma", 40, labels)
    monkeypatch.setattr(draws.data, "load", lambda name, split: sets[split])
    pool = draws.pooled.__wrapped__("mhsma")
    assert pool.images.shape == (40, 1, 32, 32)
    assert torch.equal(pool.labels, labels[:, data.card("mhsma").classes.index("head")])
    assert pool.classes == ("normal head", "abnormal head")


def test_folds_part_the_training_images():
    parts = (numbered(10), numbered(12, first=50))
    drawn = draws.Draw(parts, numbered(3, first=90), torch.zeros(3, dtype=torch.long), ("one", "other"))
    held_out = []
    for place in range(FOLDS):
        training, validation = drawn.fold(place)
        for every, some, held in zip(parts, training, validation, strict=True):
            assert len(held) in (2, 3)
            assert not distinct(some) & distinct(held)
            assert distinct(some, held) == distinct(every)
        held_out += [*distinct(*validation)]
    assert len(held_out) == len(set(held_out)) == 22, "every image is held out once"


def test_a_test_set_of_the_page_s_size_has_fifty_six_images():
    drawn = draws.draw(replace(TINY, tested=400))
    images, labels = small(drawn, 3)
    assert labels.bincount().tolist() == [14, 13, 17, 12]
    for label in range(4):
        assert distinct(images[labels == label]) < distinct(drawn.test[drawn.labels == label])
    assert torch.equal(small(drawn, 3)[0], images)
    assert not torch.equal(small(drawn, 4)[0], images)


PAPER = {"contest": 60, "supervision": 5, "gans": 10, "folds": 5, "leak": 30, "amounts": 80}
QUICK = {"contest": 3, "supervision": 1, "gans": 1, "folds": 1, "leak": 3, "amounts": 2}
SMOKE = {"contest": 4, "supervision": 2, "gans": 2, "folds": 2, "leak": 6, "amounts": 4}


@pytest.mark.parametrize(("scale", "counts", "more"), [("paper", PAPER, 20), ("quick", QUICK, 1), ("smoke", SMOKE, 2)])
def test_every_sweep_has_its_cells_and_hushem_where_it_is_found(scale, counts, more, monkeypatch):
    planned = {item.name: list(item.cells) for item in plan(scale)}
    assert {name: len(some) for name, some in planned.items()} == counts
    assert all(len(set(map(repr, some))) == len(some) for some in planned.values())
    assert {cell.scale for some in planned.values() for cell in some} == {scale}
    assert {cell.dataset for some in planned.values() for cell in some} == {"fashion_lookalikes", "mhsma"}
    monkeypatch.setattr(data, "extent", lambda name: "whole")
    contest = next(item.cells for item in plan(scale) if item.name == "contest")
    assert [cell.dataset for cell in contest].count("hushem") == len(contest) - counts["contest"] == more


def test_the_standard_draw_is_that_of_the_rules():
    planned = {item.name: list(item.cells) for item in plan("paper")}
    some = [cell for cells in planned.values() for cell in cells if cell.images == 40]
    assert {(cell.added, cell.steps, cell.fitting, cell.classifiers, cell.tested) for cell in some} == {
        (40, 2000, 400, 2, 4000)
    }
    assert {(cell.population, cell.generations, cell.candidates) for cell in some} == {(50, 25, 5000)}
    assert {cell.evolved for cell in planned["supervision"]} == {501}
    for name in ("contest", "supervision", "gans", "folds"):
        seeds = [cell.seed for cell in planned[name] if cell.dataset == "fashion_lookalikes"]
        assert seeds == list(range(len(seeds)))
    assert {(cell.dose, cell.seed) for cell in planned["leak"]} == {(d, s) for d in (0.0, 0.5, 1.0) for s in range(10)}
