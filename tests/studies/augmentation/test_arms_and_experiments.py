"""What each arm adds, what each network is shown, and what each experiment leaves."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from known_draws import LOOK_ALIKES, found
from small import SIZES, TINY, distinct
from torch import nn

from latentlib.fitness.centroid import NCC, towards_centroid
from studies.augmentation.arms import (
    ARMS,
    BOTH,
    CLASSICAL,
    CONFIDENT,
    DUPLICATED,
    EVOLVED,
    GENERATED,
    NONE,
    RANDOM,
    SELECTIVE,
    SORTED_LIKE,
    SORTED_UNLIKE,
    UNLIKE,
    Source,
)
from studies.augmentation.draws import draw
from studies.augmentation.experiments import amounts, bench, contest, folds, gans, supervision
from studies.augmentation.experiments.bench import Bench
from studies.augmentation.networks import Gan, gan
from studies.augmentation.scores import SCORES

DESCRIBED = ["likeness", "nearest", "agreement", "spread"]


def assert_read_by(rules, table, **cell):
    """The rules find something in a table of an experiment, as if it were that of two draws."""
    twice = pd.concat([table.assign(dataset=LOOK_ALIKES, seed=seed, **cell) for seed in range(2)])
    for claim in rules:
        assert np.isfinite(found(claim, twice).estimate.value)


@pytest.fixture(scope="module")
def drawn():
    return draw(TINY)


@pytest.fixture(scope="module")
def whole(drawn):
    """The bench of a draw."""
    return Bench(TINY, drawn.training, drawn.classes)


@pytest.mark.parametrize("arm", ARMS)
def test_every_arm_adds_as_many_images_or_none(arm, whole):
    added = whole.added(arm)
    count = 0 if arm in (NONE, DUPLICATED, CLASSICAL) else 3
    assert [images.shape for images in added] == [(count, 1, 28, 28)] * 4
    if count:
        assert len(distinct(*added)) > 4
        assert all(torch.equal(one, two) for one, two in zip(added, whole.added(arm), strict=True))


def test_random_images_are_the_first_candidates_and_evolved_ones_are_no_candidates(whole):
    for source, images, both in zip(whole.sources, whole.added(RANDOM), whole.added(BOTH), strict=True):
        assert torch.equal(images, source.candidates[:3])
        assert torch.equal(both, images)
        for arm in EVOLVED:
            assert not distinct(source.evolved(arm)) & distinct(source.candidates)


def test_sorted_images_are_the_extremes(whole):
    for source in whole.sources:
        likeness = towards_centroid(source.candidates[None], source.originals, NCC)[0]
        order = likeness.argsort()
        for arm, places in ((SORTED_UNLIKE, order[:3]), (SORTED_LIKE, order[-3:])):
            assert distinct(GENERATED[arm](source)) == distinct(source.candidates[places])


class Shades(nn.Module):
    """A generator whose images have the shade of the first gene."""

    latent_size = 100

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, latents):
        return latents[:, :1, None, None].sigmoid().expand(-1, 1, 8, 8)


class Brightness(nn.Module):
    def forward(self, images):
        return images.mean(dim=(1, 2, 3))


class Critic:
    """Sure of bright images of class 1, whose only feature is their shade."""

    def probabilities(self, images):
        shade = images.mean(dim=(1, 2, 3))
        return torch.stack([1 - shade, shade], dim=1)

    def features(self, images):
        return images.mean(dim=(2, 3))


def known(label, shade=0.5):
    settings = replace(TINY, candidates=20)
    return Source(settings, label, torch.full((5, 1, 8, 8), shade), Gan(Shades(), Brightness()), Critic())


def test_the_discriminator_chooses_what_it_takes_for_real():
    source = known(0)
    brightest = source.candidates.mean(dim=(1, 2, 3)).topk(3).indices
    assert distinct(GENERATED[CONFIDENT](source)) == distinct(source.candidates[brightest])


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("shade", [0.1, 0.9])
def test_selective_images_are_sure_of_label_and_near_the_originals(label, shade):
    source = known(label, shade)
    shades = source.candidates.mean(dim=(1, 2, 3)).tolist()
    surest = sorted(range(20), key=lambda place: shades[place], reverse=label == 1)[:10]
    nearest = sorted(surest, key=lambda place: abs(shades[place] - shade))[:5]
    expected = source.candidates[sorted(nearest)[:3]]
    assert torch.equal(GENERATED[SELECTIVE](source), expected)


def test_duplicates_have_twice_the_steps_and_are_else_no_addition(drawn, monkeypatch):
    trained = []
    original = bench.classifier

    def recorded(*given):
        trained.append(original(*given))
        return trained[-1]

    monkeypatch.setattr(bench, "classifier", recorded)
    none = tuple(images[:0] for images in drawn.training)
    tests = [(drawn.test, drawn.labels)]
    short, long = (Bench(replace(TINY, fitting=steps), drawn.training, drawn.classes) for steps in (2, 4))
    for one, arm in ((short, NONE), (short, DUPLICATED), (long, NONE)):
        one.fitted(arm, none, tests)
    once, doubled, twice = (network(drawn.test) for network in trained)
    assert torch.equal(doubled, twice)
    assert not torch.equal(doubled, once)


def test_classifiers_see_originals_and_what_was_added_and_classical_arms_vary_it(drawn, whole, monkeypatch):
    shown = {}
    original = bench.classifier
    for arm in ARMS:

        def recorded(images, labels, classes, steps, seed, vary=None, arm=arm):
            shown[arm] = (images, labels, steps, seed, vary)
            return original(images, labels, classes, steps, seed, vary)

        added = whole.added(arm)
        monkeypatch.setattr(bench, "classifier", recorded)
        whole.fitted(arm, added, [(drawn.test, drawn.labels)])
        images, labels, steps, _, vary = shown[arm]
        for label in range(4):
            assert distinct(images[labels == label]) == distinct(drawn.training[label], added[label])
        assert steps == (2 if arm == DUPLICATED else 1)
        assert (vary is not None) == (arm in (CLASSICAL, BOTH))
    assert len({seed for _, _, _, seed, _ in shown.values()}) == 1, "arms are paired by the classifier's first weights"


@pytest.fixture
def seen(monkeypatch):
    """The images that every GAN of a bench is trained on, in order."""
    shown = []

    def recorded(images, steps, seed, augmented=False):
        shown.append(images)
        return gan(images, steps, seed, augmented)

    monkeypatch.setattr(bench, "gan", recorded)
    return shown


def test_no_gan_of_a_fold_sees_a_validation_or_test_image(seen):
    """And the table has a row for every fold and arm."""
    settings = replace(TINY, images=10)
    table, drawn = folds.folds(settings), draw(settings)
    assert len(seen) == 5 * 4
    for place in range(5):
        training, validation = drawn.fold(place)
        own = seen[4 * place : 4 * place + 4]
        for images, allowed in zip(own, training, strict=True):
            assert distinct(images) == distinct(allowed)
        assert not distinct(*own) & distinct(*validation, drawn.test)
    arms = (NONE, RANDOM, UNLIKE)
    assert list(zip(table["fold"], table["arm"], strict=True)) == [(n, arm) for n in range(5) for arm in arms]
    every = [f"{prefix}{name}" for prefix in ("", "small_", "validation_") for name in SCORES]
    assert list(table) == ["fold", "arm", *every, *DESCRIBED, "nearest_validation"]
    assert (table["nearest_validation"].isna() == (table["arm"] == NONE)).all()
    assert_read_by(["FW-11"], table)


@pytest.mark.parametrize(("dose", "leaked"), [(0.0, 0), (0.5, 1), (1.0, 2)])
def test_the_gans_of_a_leak_see_as_many_validation_images_as_its_dose_says(dose, leaked, seen):
    settings = folds.Dosed(**SIZES | {"images": 10}, dose=dose)
    rows = folds.leak(settings)
    drawn = draw(settings)
    training, validation = drawn.fold(settings.seed % 5)
    for images, allowed, held in zip(seen, training, validation, strict=True):
        assert distinct(allowed) <= distinct(images)
        assert len(distinct(images) & distinct(held)) == len(images) - len(allowed) == leaked
    assert not distinct(*seen) & distinct(drawn.test)
    assert rows["fold"].tolist() == [settings.seed % 5] * 3


def test_the_classifiers_of_a_leak_see_no_validation_image(monkeypatch):
    shown = []
    original = bench.classifier
    monkeypatch.setattr(bench, "classifier", lambda *given: shown.append(given[0]) or original(*given))
    settings = folds.Dosed(**SIZES | {"images": 10}, dose=1.0)
    folds.leak(settings)
    _, validation = draw(settings).fold(settings.seed % 5)
    assert len(shown) == 4, "a critic, and one for each arm"
    assert not distinct(*shown) & distinct(*validation)


@pytest.mark.parametrize("known_images", [amounts.FEW, amounts.MANY])
def test_better_gans_see_more_images_but_none_of_the_test(known_images, seen, monkeypatch):
    monkeypatch.setattr(amounts, "KNOWN", 12)
    sizes = SIZES | {"candidates": 160, "added": 20}
    table = amounts.amounts(amounts.Varied(**sizes, gan_data=known_images))
    drawn = draw(TINY)
    assert len(seen) == 4
    for images, own in zip(seen, drawn.training, strict=True):
        assert len(images) == (5 if known_images == amounts.FEW else 12)
        assert distinct(own) <= distinct(images)
    assert not distinct(*seen) & distinct(drawn.test)
    assert list(zip(table["arm"], table["amount"], strict=True)) == [
        (NONE, 0),
        (RANDOM, 20),
        (UNLIKE, 20),
        (RANDOM, 40),
        (RANDOM, 80),
        (RANDOM, 160),
    ]
    assert list(table) == ["arm", "amount", *SCORES]
    assert_read_by(["FW-14"], table, images=40, gan_data=amounts.FEW)


def test_the_contest_has_a_row_for_every_arm_and_classifier(seen):
    table = contest.contest(replace(TINY, classifiers=2))
    assert list(table) == ["arm", "classifier", *SCORES, *DESCRIBED]
    assert list(zip(table["arm"], table["classifier"], strict=True)) == [(arm, n) for arm in ARMS for n in range(2)]
    assert not distinct(*seen) & distinct(draw(TINY).test)
    with_gan = ~table["arm"].isin([NONE, DUPLICATED, CLASSICAL])
    assert table.loc[with_gan, DESCRIBED].notna().all(axis=None)
    assert table.loc[~with_gan, DESCRIBED].isna().all(axis=None)
    assert ((table[list(SCORES)] >= 0) & (table[list(SCORES)] <= 1)).all(axis=None)
    assert_read_by(["FW-09", "FW-10", "FW-12", "FW-17", "FW-18", "FW-20"], table)


def test_copies_of_validation_images_are_found(drawn):
    validation = tuple(images[:2] for images in drawn.training)
    assert folds.beside(validation, validation, drawn) == 0
    real = tuple(drawn.test[drawn.labels == label] for label in range(4))
    assert folds.beside(real, validation, drawn) == pytest.approx(1)
    assert np.isnan(folds.beside(tuple(images[:0] for images in validation), validation, drawn))


def test_supervision_has_a_row_for_every_class_direction_and_stage():
    table = supervision.supervision(supervision.Long(**SIZES, evolved=3))
    stages = (supervision.FIRST, supervision.LAST, supervision.SORTED)
    assert len(table.drop_duplicates(["name", "alike", "stage"])) == len(table) == 4 * 2 * 3
    assert set(table["stage"]) == set(stages)
    assert {stage: set(rows["decodes"]) for stage, rows in table.groupby("stage")} == dict(
        zip(stages, ({9}, {27}, {8}), strict=True)
    )
    assert (table["told_apart"].isna() == (table["stage"] == supervision.FIRST)).all()
    assert table["told_apart"].dropna().between(0, 1).all()
    rest = ["spread_real", "likeness_random", "likeness_deviation", "spread_random", "spread_deviation"]
    assert table[[*DESCRIBED, *rest]].notna().all(axis=None)
    assert_read_by(["FW-08", "FW-13", "FW-15"], table)


def test_images_are_told_apart_only_where_they_differ(drawn):
    """Of 20 images a side, of one class or of two."""
    shirts, other = (drawn.test[drawn.labels == label] for label in (3, 0))
    assert supervision.told_apart("fashion_lookalikes", shirts[:10], shirts[10:20]) < 0.8
    assert supervision.told_apart("fashion_lookalikes", other, shirts) > 0.7
    assert supervision.told_apart("fashion_lookalikes", shirts, 1 - shirts) > 0.95
    assert np.isnan(supervision.told_apart("mhsma", shirts, other)), "of which there are no judges"


def test_gans_have_a_row_for_every_kind_and_class():
    table = gans.gans(TINY)
    kinds = [gans.PER_CLASS, gans.AUGMENTED, gans.CONDITIONAL, gans.UNTRAINED, gans.REAL, gans.OTHERS]
    assert list(table) == ["kind", "name", *DESCRIBED, "fid", "fooled"]
    assert len(table.drop_duplicates(["kind", "name"])) == len(table)
    for kind in kinds:
        assert table.loc[table["kind"] == kind, "name"].tolist() == list(draw(TINY).classes)
    assert set(table["kind"]) - {gans.JOINT} == set(kinds)
    assert np.allclose(table["fooled"], 1 - table["agreement"])
    means = table.groupby("kind")["fid"].mean()
    assert means[gans.REAL] < means[gans.OTHERS] < means[gans.UNTRAINED]
    assert_read_by(["FW-07", "FW-16", "FW-19"], table)


def test_real_images_are_not_compared_with_themselves(drawn):
    count = gans.compared(drawn)
    for label, images in enumerate(gans.real_images(drawn)):
        compared = drawn.test[drawn.labels == label][:count]
        assert len(images) == len(compared) == count
        assert not distinct(images) & distinct(compared)
