"""What the plan holds, and what the experiments besides courses leave."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from known_courses import CLAIMS
from quick_games import DENSE, RING
from scipy import stats
from torch import nn

from latentlib.models import kumar
from latentlib.study.findings import RULES
from studies.evolving_weights.course import course, played
from studies.evolving_weights.data import Real, centres, real, ring
from studies.evolving_weights.experiments import costs, facts, rivals, tournament
from studies.evolving_weights.game import scores
from studies.evolving_weights.measures import of_points
from studies.evolving_weights.networks import players
from studies.evolving_weights.plan import ASIDE, SEEDS, plan
from studies.evolving_weights.settings import ADAM, ARMS, GA, HYBRID, TUNED
from studies.evolving_weights.tuned import best_steps


@pytest.mark.parametrize("scale", ["smoke", "quick", "paper"])
def test_every_cell_of_a_plan_is_its_own(scale):
    for planned in plan(scale):
        assert len(set(map(repr, planned.cells))) == len(planned.cells) > 0
        assert {cell.scale for cell in planned.cells} == {scale}


def test_no_seed_of_tuning_is_used_elsewhere():
    tuning, *others = plan("paper")
    assert tuning.name == "tuning"
    assert min(cell.seed for cell in tuning.cells) == ASIDE > max(cell.seed for p in others for cell in p.cells)
    assert all(cell.step == 0 for p in others for cell in p.cells), "others take what tuning found"
    assert min(SEEDS["paper"][name] for name in SEEDS["paper"] if name != "tuning") >= 5


def test_the_best_step_is_that_of_the_least_distance_at_the_end():
    rows = []
    for pair, step, end in (("ring", 0.1, 3.0), ("ring", 0.2, 1.0), ("ring", 0.4, 2.0), ("dense", 0.1, 7.0)):
        for seed, away in ((0, -0.5), (1, 0.5)):
            rows += [{"pair": pair, "arm": GA, "step": step, "seed": seed, "epoch": 9, "distance": end + away}]
            rows += [{"pair": pair, "arm": GA, "step": step, "seed": seed, "epoch": 1, "distance": -end}]
    assert best_steps(pd.DataFrame(rows)) == {"ring": {GA: 0.2}, "dense": {GA: 0.1}}
    tuned = {(cell.pair, cell.arm) for cell in plan("paper")[0].cells}
    assert tuned == {(pair, arm) for pair, steps in TUNED.items() for arm in steps}


def test_the_plan_makes_every_table_that_a_rule_reads():
    made = {planned.name for planned in plan("smoke")}
    assert {name for claim in CLAIMS for name in RULES[claim][1]} <= made


def test_arms_have_about_equal_passes_at_paper_scale():
    """By the passes of a step, see `test_passes_are_counted`: 13 batches by gradients, 133 by populations of 32."""
    games = next(planned for planned in plan("paper") if planned.name == "games")
    per_step = {name: 13 if name in (ADAM, HYBRID) else 1 + 4 * 33 for name in ARMS}
    for pair in ("dense", "small"):
        cells = {cell.arm: cell for cell in games.cells if cell.pair == pair and cell.seed == 0}
        assert set(cells) == set(ARMS)
        passes = [per_step[name] * cell.epochs * cell.steps for name, cell in cells.items()]
        assert max(passes) < 1.05 * min(passes)
        assert cells[GA].epochs == 30


def test_a_tournament_has_a_meeting_for_each_two_ages(monkeypatch):
    monkeypatch.setattr(tournament, "AGES", (0, 1))
    settings = replace(RING, epochs=2)
    table = tournament.tournament(settings)
    ages = [0, 1, 2]
    assert list(zip(table["age"], table["rival"], strict=True)) == [(a, b) for a in ages for b in ages]
    _, shown = played(settings, (0, 1))
    both, random = players(settings), torch.Generator().manual_seed(settings.seed_of("scores"))
    latents = torch.randn(512, 2, generator=random)
    expected = scores(both, shown[2][0], shown[1][1], real(settings).held_out, latents)
    met = table[(table["age"] == 2) & (table["rival"] == 1)].iloc[0]
    assert met["fake_score"] == pytest.approx(expected["fake_score"], abs=1e-6)
    assert met["loss_d"] == pytest.approx(expected["loss_d"], abs=1e-6)
    assert table.groupby("rival")["real_score"].nunique().max() == 1, "real images do not depend on a generator"


def test_costs_grow_with_the_population(monkeypatch):
    monkeypatch.setattr(costs, "POPULATIONS", (4, 8))
    table = costs.costs(replace(RING, steps=1)).set_index("members")
    assert table["passes"].tolist() == [13 * 8, 8 * (1 + 4 * 5), 8 * (1 + 4 * 9)]
    assert (table["per_step"] > 0).all()
    weights = sum(one.genes for one in vars(players(RING)).values())
    assert table["held"][[4, 8]].tolist() == [8 * weights, 16 * weights]
    assert table["held"][1] > 4 * weights, "gradients need activations, too"


@pytest.fixture(scope="module")
def found():
    return facts.facts(replace(DENSE, compared=50)).set_index(["fact", "detail"])["value"]


def test_facts_of_the_listed_networks(found):
    assert found["sizes", ""] == 1
    assert found["stated size", ""] == 0
    assert [found["seven convolutions", f"kernel {kernel}"] for kernel in (3, 4, 5)] == [0, 0, 0]
    assert found["attainable", ""] == 1
    assert -1 <= found["lowest", ""] < found["highest", ""] <= 1
    assert abs(found["correlation", "white noise"]) < 0.01 < found["correlation", "untrained"]


def test_as_many_halvings_fit_as_torch_says():
    layers = nn.Sequential(*(nn.Conv2d(1, 1, 4, 2, 1) for _ in range(7)))
    with pytest.raises(RuntimeError, match="Kernel size"):
        layers(torch.zeros(1, 1, 64, 64))
    assert not facts.seven(4)


def test_neighbours_correlate_as_numpy_says(random):
    images = torch.rand(3, 2, 6, 6, generator=random)
    images[0, 0] = torch.linspace(0, 1, 6)  # along a row
    expected = []
    for channel in images.flatten(0, 1).numpy():
        away = channel - channel.mean()
        left, right = away[:, :-1].ravel(), away[:, 1:].ravel()
        expected.append(left @ right / np.sqrt((left @ left) * (right @ right)))
    assert facts.neighbours(images) == pytest.approx(float(np.mean(expected)), abs=1e-5)


def test_corruptions_grow_with_their_level(random):
    images = torch.rand(20, 1, 28, 28, generator=random)
    for name, corrupted in facts.CORRUPTIONS.items():
        away = [float((corrupted(images, level, random) - images).square().mean()) for level in facts.LEVELS]
        assert away[0] == 0
        assert stats.spearmanr(facts.LEVELS, away).statistic == pytest.approx(1), name


def test_orders_are_told_for_each_corruption_and_judge(found):
    assert len(found["order"]) == 4 * 3
    assert found["order"].between(-1, 1).all()
    assert found["order"].median() > 0.5
    assert found["floor", ""] > 0


def test_rivals_have_distances_precision_and_recall(monkeypatch):
    monkeypatch.setattr(rivals, "CHAIN", 3)
    table = rivals.rivals(replace(DENSE, arm=ADAM, epochs=1)).set_index("model")
    assert list(table.index) == [rivals.GAN, rivals.VAE, rivals.RBM]
    assert table["precision"].between(0, 1).all()
    assert table["recall"].between(0, 1).all()
    assert table.notna().all(axis=None)


def test_an_autoencoder_and_a_boltzmann_machine_learn_their_images(monkeypatch):
    """Of two images of independent pixels, each draws one of the two."""
    monkeypatch.setattr(rivals, "CHAIN", 30)
    monkeypatch.setattr(rivals, "RATE", 0.02)
    two = (torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(1)) > 0.7).float()
    images = Real(two.repeat(4, 1, 1, 1), two.repeat(5, 1, 1, 1))
    for make, near in ((rivals.vae, 0.15), (rivals.rbm, 0.01)):
        away = []
        for batches in (1, 50):
            made = make(DENSE, images, batches)
            away.append(float((made[:, None] - two[None]).abs().mean(dim=(2, 3, 4)).amin(dim=1).mean()))
        assert away[1] < near < away[0]


def test_a_sample_covers_what_lies_within_its_neighbours():
    line = torch.arange(6.0)[:, None]
    assert rivals.covered(line, line) == 1
    assert rivals.covered(line + 100, line) == 0
    assert rivals.covered(torch.tensor([[2.4], [7.9], [8.2], [-3.0]]), line) == 0.75  # ends reach three further


def test_modes_are_covered_by_a_share_of_points():
    held_out = ring(100, seed=1)
    three = centres()[:3].repeat_interleave(torch.tensor([96, 3, 1]), dim=0)
    far = torch.zeros(100, 2)
    assert of_points(three, held_out) | {"distance": 0} == {"modes": 2, "quality": 1.0, "distance": 0}
    half = torch.cat([three, far])
    assert of_points(half, held_out)["quality"] == 0.5
    assert of_points(half, held_out)["modes"] == 1, "three of two hundred are too few"
    perfect = of_points(ring(4000, seed=2), held_out)
    assert perfect["modes"] == 8
    assert perfect["quality"] > 0.97
    assert abs(perfect["distance"]) < 0.05 < of_points(far, held_out)["distance"]


def test_every_kind_of_cell_in_the_plan_is_a_course(monkeypatch):
    """One cell of each kind that differs in more than a seed, a step or a width, with the least there is to do."""
    kinds = {}
    for planned in plan("smoke"):
        for cell in planned.cells if planned.work is course else ():
            kind = (cell.pair, cell.arm, cell.play, cell.goal, cell.objective, cell.without, cell.crossover)
            kinds.setdefault(kind, cell)
    small = [cell for cell in kinds.values() if cell.dataset == "ring"]
    assert len(small) >= 9
    for cell in small:
        assert np.isfinite(course(replace(cell, epochs=1), ())["distance"]).all()
    others = list(itertools.chain(kinds))
    assert {kind[5] for kind in others} >= {
        "nothing",
        "batch norm",
        "augmentation",
        "normalisation",
        "schedule",
        "Adam",
    }


def test_listed_and_quarter_networks_play(random):
    cell = replace(DENSE, dataset="anime", pair="quarter")
    both = players(cell)
    made = both.fakes(torch.randn(both.generator.genes, generator=random), torch.randn(3, 128, generator=random))
    assert made.shape == (3, 3, 64, 64)
    assert both.judged(torch.randn(both.discriminator.genes, generator=random), made[None]).shape == (1, 3)
    listed = players(replace(cell, pair="listed"))
    assert listed.generator.genes == sum(p.numel() for p in kumar.Generator().parameters()) == 3_806_080
