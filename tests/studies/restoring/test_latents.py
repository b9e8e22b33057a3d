"""Experiments on the latents themselves: are they found, edited, guessed; and what seeds and epochs change."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
import torch
from torch import nn

from latentlib import zoo
from latentlib.evolution import Best, GeneticAlgorithm
from latentlib.fitness.reconstruction import reconstruction
from studies.restoring.experiments import details, encoder, epochs, inversion
from studies.restoring.experiments.contest import Contest
from studies.restoring.experiments.targets import drawn, generated, targets_of
from studies.restoring.settings import Settings

TINY = Settings("mnist", "smoke", targets=6, population=20, generations=2)
GA = "genetic algorithm"


@pytest.fixture(scope="module")
def quick():
    """Fewer images teach the directions, no trial chooses a step size, and nobody starts a hundred times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inversion, "SAMPLE", 600)
        patch.setattr(inversion, "STARTS", (1, 5))
        patch.setattr(inversion, "step_size", lambda settings, optimiser: 0.1)
        yield


@pytest.fixture(scope="module")
def perfect(quick):
    """The table of a search that finds the very latents of the targets."""

    class Knowing(Contest):
        @property
        def evolution(self):
            best = Best(generated(self.settings)[0], torch.ones(6))
            return SimpleNamespace(
                evolve=lambda fitness, generations, seed: SimpleNamespace(best=best, passes=torch.ones(6))
            )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inversion, "Contest", Knowing)
        return inversion.inversion(TINY)


def test_a_search_that_finds_the_true_latents_has_cosine_one(perfect):
    evolved = perfect[perfect["method"] == GA]
    assert evolved["target"].tolist() == list(range(6))
    assert evolved["cosine"].to_numpy() == pytest.approx(1, abs=1e-5)
    assert (evolved["distance"] == 0).all()
    assert evolved["edited"].tolist() == evolved["edited_true"].tolist()
    assert set(perfect["method"]) == {GA, "adam, starts 1", "adam, starts 5"}


def test_of_methods_that_search_the_image_is_judged_and_the_latent_compared(quick, one_thread):
    found = inversion.inversion(TINY)
    assert len(found) == 3 * 6
    assert not found.isna().any(axis=None)
    latents, targets = generated(TINY)
    fitness = reconstruction("mse", zoo.load_generator("restoring/mnist"), targets)
    best = GeneticAlgorithm(20, 0.3, 0.3).evolve(fitness, 2, 0).best
    evolved = found[found["method"] == GA]
    assert evolved["one_minus_mse"].to_numpy() == pytest.approx(best.fitness.numpy(), abs=1e-4)
    dot = (best.latents * latents).sum(dim=1) / best.latents.norm(dim=1) / latents.norm(dim=1)
    assert evolved["cosine"].to_numpy() == pytest.approx(dot.numpy(), abs=1e-3)
    apart = ((best.latents - latents) ** 2).sum(dim=1).sqrt() / (latents**2).sum(dim=1).sqrt()
    assert evolved["distance"].to_numpy() == pytest.approx(apart.numpy(), abs=1e-3)
    assert (evolved["distance"] > 0.1).all()


def test_random_pairs_of_latents_are_nearly_at_right_angles(perfect):
    assert perfect["null_cosine"].abs().max() < 0.6
    assert abs(perfect["null_cosine"].mean()) < 0.2


@pytest.fixture(scope="module")
def edit(quick):
    return inversion.Edit(TINY, zoo.load_generator("restoring/mnist"))


def prior(count, seed=99):
    return torch.randn(count, 100, generator=torch.Generator().manual_seed(seed))


def test_directions_are_of_unit_length_one_a_class(edit):
    assert edit.directions.shape == (10, 100)
    assert edit.directions.norm(dim=1).numpy() == pytest.approx(1, abs=1e-5)


@torch.no_grad()
def test_along_the_direction_of_a_class_its_logit_rises_more_than_others(edit):
    latents = prior(100)
    before = edit.judge(edit.generator(latents)).mean(dim=0)
    moved = torch.stack([edit.judge(edit.generator(latents + 3 * way)).mean(dim=0) for way in edit.directions])
    rise = moved - before
    assert (rise.diagonal() > 0).all()
    assert rise.argmax(dim=1).tolist() == list(range(10))


@torch.no_grad()
def test_an_edit_succeeds_where_the_judge_sees_the_class_that_was_wanted(edit, monkeypatch):
    latents = prior(40)
    targets = edit.generator(latents)
    success = edit.succeeds(latents, targets)
    assert success.shape == (40,)
    assert 0.2 < success.float().mean() < 1
    monkeypatch.setattr(inversion, "REACH", 0.0)
    assert not edit.succeeds(latents, targets).any(), "unmoved, they show the target's class, which is never wanted"


def test_half_of_the_guesses_lie_around_the_answer_and_half_come_from_the_prior():
    settings, answer = replace(TINY, population=400), 10 * prior(6)
    initial = encoder.guesses(answer, settings)
    assert initial.shape == (6, 400, 100)
    around, drawn = initial[:, :200] - answer[:, None], initial[:, 200:]
    assert around.std().item() == pytest.approx(0.3, abs=0.01)
    assert around.mean().item() == pytest.approx(0, abs=0.01)
    assert drawn.std().item() == pytest.approx(1, abs=0.02)
    assert drawn.mean().item() == pytest.approx(0, abs=0.02)
    assert torch.equal(initial, encoder.guesses(answer, settings))


def test_an_encoder_is_held_against_evolution_with_and_without_it(one_thread):
    settings, generator = replace(TINY, targets=2), zoo.load_generator("restoring/mnist")
    found, both = encoder.encoder(settings), "encoder, then genetic algorithm"
    assert found.groupby("method")["target"].apply(list).to_dict() == {GA: [0, 1], both: [0, 1], "encoder": [0, 1]}
    targets = targets_of(settings)
    fitness, search = reconstruction("mse", generator, targets), GeneticAlgorithm(20, 0.3, 0.3)
    answer = encoder.trained(generator, (1, 28, 28), settings)(targets)
    guided = search.evolve(fitness, 2, 0, initial=encoder.guesses(answer, settings)).best.fitness
    expected = {GA: search.evolve(fitness, 2, 0).best.fitness, both: guided, "encoder": fitness(answer[:, None])[:, 0]}
    scores = found.set_index("method")["one_minus_mse"]
    for method, best in expected.items():
        assert scores[method].to_numpy() == pytest.approx(best.numpy(), abs=1e-4)
    assert found["encoder_parameters"].nunique() == 1
    assert found["encoder_parameters"].min() > 100_000


def test_an_encoder_learns_the_latents_of_generated_images(monkeypatch):
    monkeypatch.setattr(encoder, "BATCH", 32)
    generator = zoo.load_generator("restoring/mnist")
    settings = replace(TINY, scale="quick")  # 50 steps
    network = encoder.trained(generator, (1, 28, 28), settings)
    latents = prior(200)
    guessed = network(generator(latents))
    assert torch.cosine_similarity(guessed, latents, dim=1).mean() > 0.1
    assert not network.training


class Flat(nn.Module):
    """A judge whose features are the pixels."""

    def features(self, images):
        return images.flatten(1)


def test_the_mean_distance_is_that_of_all_pairs(monkeypatch):
    monkeypatch.setattr(details.zoo, "load_judge", lambda dataset: Flat())
    near, far = torch.zeros(2, 1, 1, 2), torch.zeros(2, 1, 1, 2)
    middle = torch.zeros(2, 1, 1, 2)
    far[0] += torch.tensor([3.0, 4.0])  # 5 from the first, and from the middle
    far[1] += torch.tensor([6.0, 8.0])
    middle[1] += torch.tensor([6.0, 0.0])  # 6 from the first, 8 from the last, which is 10 from the first
    assert details.mean_distance(TINY, [near, middle, far]).numpy() == pytest.approx([10 / 3, 24 / 3])
    assert (details.mean_distance(TINY, [far, far.clone()]) == 0).all()


def test_details_compare_four_rates_with_four_seeds_all_runs_of_their_own(monkeypatch):
    ran = []

    def restored(settings, mating, seed):
        ran.append((mating, seed))
        return torch.full((6, 1, 28, 28), mating + (0.5 if seed >= 9 else 0))

    monkeypatch.setattr(details, "restored", restored)
    monkeypatch.setattr(details.zoo, "load_judge", lambda dataset: Flat())
    found = details.details(replace(TINY, seed=5))
    assert [mating for mating, _ in ran] == [0.2, 0.3, 0.4, 0.5] + [0.3] * 4
    assert [seed for _, seed in ran] == list(range(5, 13))
    assert list(found) == ["target", "between_rates", "between_seeds"]
    assert found["between_rates"].to_numpy() == pytest.approx(28 * (0.1 * 3 + 0.2 * 2 + 0.3) / 6, rel=1e-5)
    assert (found["between_seeds"] == 0).all()


def test_images_are_restored_at_the_rate_and_with_the_seed_that_are_asked_for(one_thread):
    settings = replace(TINY, targets=2)
    fitness = reconstruction("mse", zoo.load_generator("restoring/mnist"), drawn(settings))
    best = GeneticAlgorithm(20, 0.9, 0.3).evolve(fitness, 2, 7).best.latents
    expected = zoo.load_generator("restoring/mnist")(best)
    assert torch.allclose(details.restored(settings, 0.9, 7), expected, atol=1e-4)
    assert not torch.allclose(details.restored(settings, 0.9, 8), expected, atol=1e-2)


def test_targets_are_restored_with_three_young_generators_and_the_one_that_ships(monkeypatch, one_thread):
    ages = []

    def young(name, age, seed, device, images):
        assert (name, seed, device, images) == ("restoring/mnist", TINY.seed, "cpu", "images")
        ages.append(age)
        return zoo.load_generator("restoring/fashion_mnist")  # one that is bad at digits

    monkeypatch.setattr(epochs.training, "young", young)
    monkeypatch.setattr(epochs.training, "training_images", lambda dataset, scale: "images")
    found = epochs.epochs(replace(TINY, scale="paper", targets=2))
    shipped = zoo.card("restoring/mnist")["recipe"]["epochs"]
    assert ages == [1, 4, 16]
    assert shipped > 16
    assert found[["epochs", "target"]].to_numpy().tolist() == [[age, t] for age in (1, 4, 16, shipped) for t in (0, 1)]
    scores = found.pivot_table(index="target", columns="epochs", values="one_minus_mse")
    pd.testing.assert_series_equal(scores[1], scores[16], check_names=False)
    assert (scores[shipped] > scores[16]).all()
