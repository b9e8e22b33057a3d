"""What each goal asks for, what each experiment leaves, and the plan of all."""

import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.measure import blur_effect

from latentlib import zoo
from latentlib.fitness.reconstruction import ReconstructionMSE
from latentlib.models import adapt
from latentlib.study.sweep import serial
from studies.beyond import goals, plan, players
from studies.beyond.course import problem_of, search
from studies.beyond.experiments import contest, cost, sets, tuning
from studies.beyond.goals import brightness, contrast, fitness_of, jpeg_size, sharpness, targets_of
from studies.beyond.players import ADAM, DESCENDING, GENETIC, PLAYERS, RANDOM, SEP_CMA
from studies.beyond.rivals.own import Chance, Genetic
from studies.beyond.settings import BLUR, DIGIT, JPEG, LABEL, RESTORING, WISHES, WOMEN, Sets, Settings, Sized
from studies.diversity.experiments.evaluator import METRICS

SMALL = Settings(scale="smoke", runs=2, trials=1, passes=210)
IMAGES = torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(0))
COLUMNS = {f"after_{part}" for part in contest.PARTS} | {"timely", "sure", "judged", "length", "took", "sampling"}


@pytest.fixture
def few(monkeypatch):
    """Two settings of a few searches, so that tuning chooses, and everything takes a second."""
    chosen = {
        name: replace(PLAYERS[name], choices=dict(list(PLAYERS[name].choices.items())[3:5]))
        for name in (GENETIC, SEP_CMA, ADAM)
    }
    monkeypatch.setattr(tuning, "PLAYERS", chosen | {RANDOM: PLAYERS[RANDOM]})


def test_targets_are_drawn_and_those_for_tuning_are_others():
    many = replace(SMALL, runs=32, trials=8)
    targets, aside = targets_of(many), targets_of(many, aside=True)
    assert (len(targets), len(aside)) == (32, 8)
    assert not torch.equal(targets[:8], targets_of(replace(many, seed=1))[:8])
    assert float(torch.cdist(targets.flatten(1), aside.flatten(1)).min()) > 0.1


def test_another_label_wants_the_next_digit_first_and_likeness_then():
    fitness = fitness_of(replace(SMALL, goal=LABEL))
    recogniser = zoo.load_classifier("recogniser/mnist")
    with torch.no_grad():
        seen = recogniser(fitness.targets).argmax(dim=1)
        given = torch.cat([fitness.targets[:1], IMAGES[:3]])
        labels = recogniser(given).argmax(dim=1)
    assert fitness.wanted.tolist() == ((seen + 1) % 10).tolist()
    scores = fitness.score(given, torch.zeros(4, dtype=torch.int64))
    likeness = 1 - (given - fitness.targets[0]).square().mean(dim=(1, 2, 3))
    assert scores.numpy() == pytest.approx((likeness - (labels != fitness.wanted[0]).float()).numpy(), abs=1e-6)
    assert float(scores[0]) == 0  # the target itself is wrong


@pytest.mark.parametrize("channels", [1, 3])
def test_a_jpeg_is_as_large_as_its_file(channels):
    images = IMAGES.expand(4, channels, 28, 28)
    for image, size in zip(images, jpeg_size(images), strict=True):
        array = np.round(image.numpy() * 255).astype(np.uint8).transpose(1, 2, 0)
        file = BytesIO()
        Image.fromarray(array.squeeze()).save(file, "jpeg", quality=75)
        assert size == len(file.getvalue())
    assert jpeg_size(torch.zeros(1, channels, 28, 28))[0] < min(jpeg_size(images))


def test_sharpness_is_that_of_scikit_image_and_a_blank_image_has_none():
    smooth = torch.nn.functional.avg_pool2d(IMAGES, 5, 1, 2)
    found = sharpness(torch.cat([IMAGES[:1], smooth[:1], torch.zeros(1, 1, 28, 28)]))
    assert found[0] == pytest.approx(1 - blur_effect(IMAGES[0, 0].double().numpy(), h_size=5))
    assert found[0] > found[1] > found[2] == 0
    assert sharpness(IMAGES[:1].expand(1, 3, 28, 28)) == pytest.approx(found[:1])


def test_measures_lie_on_the_map():
    extreme = torch.stack([torch.zeros(1, 8, 8), torch.ones(1, 8, 8), (torch.arange(64) % 2).float().view(1, 8, 8)])
    assert brightness(extreme).tolist() == [0, 1, 0.5]
    assert contrast(extreme).tolist() == [0, 0, 0.5]


@pytest.mark.parametrize("genes", [16, 512])
def test_latents_of_another_size_reach_the_generator_as_normal_numbers(genes):
    generator = zoo.load_generator("restoring/mnist")
    turned = goals.projected(generator, genes, seed=3)[0]
    latents = torch.randn(4000, genes, generator=torch.Generator().manual_seed(0))
    own = turned(latents)
    assert own.std(dim=0).numpy() == pytest.approx(np.ones(100), abs=0.06)
    fitness = fitness_of(Sized(**{**vars(SMALL), "genes": genes, "seed": 3}))
    assert fitness.genes == genes
    images = fitness.outputs(latents[:5], torch.zeros(5, dtype=torch.int64))
    assert images.numpy() == pytest.approx(generator(own[:5]).detach().numpy(), abs=1e-5)


def test_tuning_tries_every_setting_on_what_is_set_aside_and_the_contest_takes_the_best(few, monkeypatch):
    table = tuning.tuning(replace(SMALL, trials=2))
    assert set(table["player"]) == {GENETIC, SEP_CMA, ADAM, RANDOM}
    for name, rows in table.groupby("player"):
        means = rows.groupby("choice")["merit"].mean()
        assert set(rows[rows["chosen"]]["choice"]) == {means.idxmax()}
        assert tuning.chosen(replace(SMALL, trials=2, runs=7, replicate=1), name)[0] == means.idxmax()
        assert (rows.groupby("choice")["run"].nunique() == 2).all()
    first = table[(table["player"] == SEP_CMA) & table["chosen"]]
    start = tuning.PLAYERS[SEP_CMA].choices[first["choice"].iloc[0]]
    fitness = fitness_of(replace(SMALL, trials=2), aside=True)
    known = search(fitness, start(problem_of(fitness, 210, goals.ASIDE)), 210).best.fitness
    assert first["merit"].to_numpy() == pytest.approx(known.numpy(), abs=1e-6)
    monkeypatch.setattr(tuning, "search", None)  # from the cache
    assert tuning.tuning(replace(SMALL, trials=2)).equals(table)


@pytest.mark.parametrize(
    ("goal", "dataset"),
    [
        (RESTORING, "mnist"),
        (RESTORING, "celeba"),
        (LABEL, "mnist"),
        (JPEG, "mnist"),
        (BLUR, "celeba"),
        (DIGIT, "mnist"),
        (WOMEN, "celeba64"),
    ],
)
def test_a_contest_leaves_a_row_for_every_player_and_run(few, goal, dataset):
    table = contest.contest(replace(SMALL, goal=goal, dataset=dataset))
    free = goal in goals.FREE
    names = {GENETIC, SEP_CMA, RANDOM} | ({ADAM} if not free else set())
    names |= {"nearest image", "mean image"} if goal == RESTORING else set()
    assert sorted(zip(table["player"], table["run"], strict=True)) == sorted((n, r) for n in names for r in range(2))
    assert set(table) == COLUMNS | {"player", "choice", "run"}
    searched = table[table["choice"] != "no search"]
    after = searched[[f"after_{part}" for part in contest.PARTS]].to_numpy()
    assert (np.diff(after, axis=1) >= 0).all()
    assert searched["sampling"].between(0, 1).all()
    assert searched["sure"].notna().all() == (goal in (DIGIT, WOMEN))
    assert searched["judged"].notna().all() == (goal not in (JPEG, BLUR))
    genetic = searched[searched["player"] == GENETIC]
    assert (genetic["timely"] >= genetic["after_1"]).all()  # its own time, with what it asked for last


def test_faces_with_glasses_are_sought_with_the_chapters_networks():
    fitness = fitness_of(replace(SMALL, goal=WOMEN, dataset="celeba64"))
    assert fitness.wish.names() == {"Eyeglasses", "Male"}
    assert fitness.generator.latent_size == fitness.genes


def test_wishes_are_tuned_for_the_first_sure_image():
    wish = replace(SMALL, goal=DIGIT, trials=2)
    fitness = fitness_of(wish, aside=True)
    course = search(fitness, PLAYERS[RANDOM].choices["draws from the prior"](problem_of(fitness, 210, 0)), 210)
    first = [course.passes[(course.run == run) & (course.values > np.log(0.98))].tolist() for run in range(2)]
    expected = [-np.log(min([*hits, 210])) for hits in first]
    assert tuning.merit(wish, course).tolist() == pytest.approx(expected)
    assert torch.equal(tuning.merit(SMALL, course), course.best.fitness)


def test_a_search_with_latents_of_another_size_is_tuned_for_the_generators_own(few, monkeypatch):
    monkeypatch.setattr(contest, "OF_SIZES", (GENETIC, RANDOM))
    sized = Sized(**{**vars(SMALL), "genes": 16})
    table = contest.sizes(sized)
    assert set(table["player"]) == {GENETIC, RANDOM}
    assert tuning.kept(Settings(**vars(SMALL)), GENETIC).exists()


def test_sets_are_judged_alike_and_the_pool_has_as_many_images():
    small = Sets(scale="smoke", runs=2, passes=600, size=8)
    table = sets.sets(small)
    assert set(table["player"]) == {*sets.SET_PLAYERS, sets.GREEDY}
    assert table.groupby("player")["run"].apply(sorted).map(lambda runs: runs == [0, 1]).all()
    fitness = fitness_of(small)
    latents = sets.picked(small, fitness, 1)
    images = zoo.load_generator("restoring/mnist")(latents)
    known = -METRICS["rmse"].pairs(images[None]).mean()
    row = table[(table["player"] == sets.GREEDY) & (table["run"] == 1)].iloc[0]
    assert row["best"] == pytest.approx(float(known), abs=1e-6)
    best = table.groupby("player")["best"].mean()
    assert best[sets.GREEDY] > best[RANDOM]


def test_throughput_is_told_by_batch(monkeypatch):
    monkeypatch.setattr(cost, "REPEATS", 2)
    table = cost.throughput(SMALL)
    assert sorted(zip(table["repeat"], table["batch"], strict=True)) == [(r, b) for r in (0, 1) for b in cost.BATCHES]
    assert (table[["forward", "step"]] > 0).all(axis=None)


def test_workers_share_the_cells_that_one_process_does_alone(monkeypatch):
    asked = []

    @contextmanager
    def choose(count):
        def spread(work, cells):
            asked.append((count, [cell.seed for cell in cells]))
            return serial(work, cells)

        yield spread

    monkeypatch.setattr(cost, "choose", choose)
    table = cost.workers(replace(SMALL, runs=1, passes=100, seed=5))
    assert table["workers"].tolist() == [1, 2]
    assert asked == [(1, [5]), (1, [5, 6, 7, 8]), (2, [5, 6]), (2, [5, 6, 7, 8])]
    assert (table[["wall", "alone"]] > 0).all(axis=None)


def test_what_a_search_loads_at_first_use_takes_no_time_of_the_contest(few, monkeypatch):
    warmed = []
    monkeypatch.setattr(contest, "warm", lambda fitness, rival: warmed.append(type(rival)) or rival.close())
    contest.played(SMALL, [RANDOM, GENETIC])
    assert warmed == [Genetic, Chance]


@pytest.mark.parametrize("side", [32, 256])
def test_a_styled_generator_gives_images_of_its_side(side):
    generator = cost.Styled(side)
    images = generator(torch.randn(1, cost.STYLE, generator=torch.Generator().manual_seed(0)))
    assert images.shape == (1, 3, side, side)
    assert torch.equal(generator.colour.weight, cost.Styled(side).colour.weight)


def test_a_styled_generator_is_adapted_and_its_memory_is_measured():
    fitness = ReconstructionMSE(adapt(cost.Styled(32), cost.STYLE), torch.zeros(1, 3, 32, 32))
    assert fitness.genes == cost.STYLE
    measured = cost.occupied(32, 32, gradient=True)
    assert np.isnan(measured["megabytes"]) or 0 < measured["megabytes"] < 2000


def test_the_plan_names_every_table_of_a_rule_and_fits_its_scales():
    named = {item.name: item for item in plan.plan("paper")}
    assert set(named) == {item.name for item in plan.plan("smoke")} == {item.name for item in plan.plan("quick")}
    assert len(named["restoring"].cells) == 6
    assert {cell.runs for cell in named["restoring"].cells} == {32}
    assert {cell.goal for cell in named["free"].cells} == set(goals.FREE)
    assert sorted({cell.genes for cell in named["sizes"].cells}) == [16, 32, 64, 128, 256, 512]
    for item in named.values():
        assert len({repr(cell) for cell in item.cells}) == len(item.cells)
        for goal in {cell.goal for cell in item.cells} - set(WISHES):
            pairs = {(cell.dataset, cell.replicate) for cell in item.cells if cell.goal == goal}
            assert len(pairs) >= 2 or item.name in ("tuning", "workers", "memory")


def test_every_contest_finds_its_tuning():
    for scale in ("smoke", "paper"):
        named = {item.name: item for item in plan.plan(scale)}
        tuned = {tuning.kept(cell, GENETIC) for cell in named["tuning"].cells}
        for name in ("restoring", "free", "wanted"):
            assert {tuning.kept(replace(cell, replicate=0), GENETIC) for cell in named[name].cells} <= tuned


def test_goals_without_a_gradient_have_no_players_that_need_one():
    for goal in goals.FREE:
        assert not set(tuning.players_of(replace(SMALL, goal=goal))) & set(DESCENDING)
    assert set(tuning.players_of(SMALL)) == set(PLAYERS)
    assert set(players.EVOLVING) < set(PLAYERS)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"goal": "fame"}, "goal must be one of restoring, another label"),
        ({"dataset": "lfw"}, "dataset must be one of mnist"),
        ({"passes": 0}, "passes must be at least 1, got 0"),
        ({"trials": 0}, "trials must be at least 1, got 0"),
        ({"replicate": 7}, "model must be one of"),
    ],
)
def test_settings_out_of_range_are_named(values, message):
    with pytest.raises(ValueError, match=message):
        Settings(**values)


def test_sets_have_a_goal_and_a_size_of_their_own():
    with pytest.raises(ValueError, match="goal must be one of a diverse set, got 'restoring'"):
        Sets(goal=RESTORING)
    with pytest.raises(ValueError, match="size must be at least 2, got 1"):
        Sets(size=1)


def test_a_sweep_of_the_chapter_loads_no_library_that_only_rivals_need():
    report = "import studies.beyond.chapter, sys; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, timeout=120, check=True)
    unwanted = {"cma", "ribs", "skimage", "scipy", "matplotlib", "torchvision", "typer", "distributed"}
    assert not set(done.stdout.split()) & unwanted


def test_tables_have_no_column_of_the_settings(few):
    table = contest.contest(SMALL)
    assert not set(table) & set(vars(SMALL))
