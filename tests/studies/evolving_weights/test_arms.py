"""How each arm changes its networks, what that costs, and that it goes on where it was cut short."""

import copy
from dataclasses import replace

import pytest
import torch
from quick_games import DENSE, RING, SMALL, game_of
from torch.nn.functional import binary_cross_entropy_with_logits

from studies.evolving_weights import arms
from studies.evolving_weights.arms import Descent, arm
from studies.evolving_weights.course import course, played
from studies.evolving_weights.evolved import Duel
from studies.evolving_weights.game import energy
from studies.evolving_weights.settings import (
    ADAM,
    ARMS,
    AT_ONCE,
    BOTH,
    ES,
    FIXED,
    GA,
    HYBRID,
    OF_DISCRIMINATOR,
    OF_GENERATOR,
    OPTIMISER,
    PAIRED,
    PLUS,
    RANDOM,
    SCHEDULE,
)

KINDS = [{"arm": name} for name in ARMS] + [
    {"arm": GA, "play": AT_ONCE},
    {"arm": GA, "play": PAIRED},
    {"arm": GA, "survival": PLUS, "crossover": "layer"},
    {"arm": GA, "goal": FIXED, "crossover": "none"},
    {"arm": ADAM, "goal": FIXED},
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: " ".join(kind.values()))
def test_an_arm_goes_on_where_it_was_cut_short(kind, monkeypatch):
    monkeypatch.setattr(arms, "EVERY", 2)
    game = game_of(RING, **kind)
    whole = arm(game)
    for _ in range(3):
        whole.step()
    state, random, kept = copy.deepcopy(whole.state()), game.random.get_state(), game.kept
    before = whole.best()
    for _ in range(3):
        whole.step()
    assert not torch.equal(whole.best()[0], before[0])
    assert torch.equal(whole.best()[1], before[1]) == (kind.get("goal") == FIXED)
    again = game_of(RING, **kind)
    other = arm(again)
    other.resume(state)
    again.random.set_state(random)
    again.kept = kept
    for _ in range(3):
        other.step()
    assert all(torch.equal(*pair) for pair in zip(whole.best(), other.best(), strict=True))


@pytest.mark.parametrize(
    ("kind", "first", "later"),
    [
        ({"arm": ADAM}, 13 * 8, 13 * 8),  # fakes, both batches and the generator's turn through both with gradients
        ({"arm": ADAM, "goal": FIXED}, 6 * 8, 6 * 8),
        ({"arm": ES}, 8 + 16 * 4 + 16 * 4, 8 + 16 * 4 + 16 * 4),
        ({"arm": GA}, 8 + 16 * 4 + 16 * 4, 8 + 16 * 5 + 16 * 5),  # the elite is judged anew
        ({"arm": RANDOM}, 8 + 16 * 4 + 16 * 4, 8 + 16 * 5 + 16 * 5),
        ({"arm": GA, "survival": PLUS}, 8 + 16 * 4 + 16 * 4, 8 + 16 * 8 + 16 * 8),
        ({"arm": GA, "play": PAIRED}, 8 + 32 * 4, 8 + 32 * 5),
        ({"arm": GA, "play": PAIRED, "objective": OF_GENERATOR}, 8 + 16 * 4, 8 + 16 * 5),
        ({"arm": GA, "goal": FIXED}, 16 * 4, 16 * 5),
    ],
)
def test_passes_are_counted(kind, first, later):
    game = game_of(RING, **kind)
    trained = arm(game)
    trained.step()
    assert (game.passes, game.shown) == (first, 8)
    trained.step()
    assert (game.passes, game.shown) == (first + later, 16)


def test_adam_is_the_thesiss_two_steps_of_descent():
    game = game_of(SMALL, arm=ADAM)
    trained = Descent(game)
    both = [copy.deepcopy(network) for network in (trained.generator, trained.discriminator)]
    twin = game_of(SMALL, arm=ADAM)
    Descent(twin)
    (real, latents), others = twin.batch(), twin.latents()
    trained.step()
    generator, discriminator = both
    optimisers = [torch.optim.Adam(one.parameters(), game.settings.size, (0.5, 0.999)) for one in both]
    ones, zeros = torch.ones(8), torch.zeros(8)
    loss = binary_cross_entropy_with_logits(discriminator(real), ones)
    loss = loss + binary_cross_entropy_with_logits(discriminator(generator(latents).detach()), zeros)
    for optimiser, part in ((optimisers[1], loss), (optimisers[0], None)):
        optimiser.zero_grad()
        (
            part if part is not None else binary_cross_entropy_with_logits(discriminator(generator(others)), ones)
        ).backward()
        optimiser.step()
    for mine, theirs in zip(both, (trained.generator, trained.discriminator), strict=True):
        pairs = zip(mine.parameters(), theirs.parameters(), strict=True)
        assert all(torch.allclose(*pair, atol=1e-6) for pair in pairs)


@pytest.mark.parametrize("name", [ADAM, GA, ES])
def test_a_fixed_goal_is_approached(name):
    # wide enough for the budget of a test
    steps = 300 if name == ADAM else 60
    game = game_of(RING, arm=name, goal=FIXED, hidden=8, batch=64, population=16, step=0.01 if name == ADAM else 0.1)
    trained = arm(game)
    latents = game.latents(200)

    def away():
        return float(energy(game.players.fakes(trained.best()[0], latents), game.images))

    before = away()
    for _ in range(steps):
        trained.step()
    assert away() < 0.6 * before


def test_at_once_the_generators_meet_the_old_discriminator(monkeypatch):
    for changes, new in (({}, True), ({"play": AT_ONCE}, False)):
        game = game_of(RING, **changes)
        trained = arm(game)
        trained.step()
        met, before, original = [], trained.best()[1], game.for_generators

        def recorded(opponent, *rest, met=met, original=original):
            met.append(opponent)
            return original(opponent, *rest)

        monkeypatch.setattr(game, "for_generators", recorded)
        trained.step()
        assert torch.equal(met[0], trained.best()[1] if new else before)


@pytest.mark.parametrize("objective", [BOTH, OF_GENERATOR, OF_DISCRIMINATOR])
def test_pairs_are_judged_by_their_part_of_the_fitness(objective):
    game = game_of(RING, play=PAIRED, objective=objective)
    trained = arm(game)
    trained.step()
    real, latents = game.batch()
    duel = Duel(game, trained.best(), real, latents)
    genomes = trained.states[0].genomes[0]
    cut = game.players.generator.genes
    none = torch.zeros(len(genomes))
    fooling = game.for_generators(trained.best()[1], real, latents).rows(genomes[:, :cut], none)
    telling = game.for_discriminators(trained.best()[0], real, latents).rows(genomes[:, cut:], none)
    expected = fooling * (objective != OF_DISCRIMINATOR) + telling * (objective != OF_GENERATOR)
    assert torch.allclose(duel.rows(genomes, none), expected, atol=1e-6)
    assert duel.genes == genomes.shape[1]


def test_a_generation_on_adam_changes_nothing_for_the_worse(monkeypatch):
    monkeypatch.setattr(arms, "EVERY", 10**9)
    game = game_of(RING, arm=HYBRID, population=16)
    trained = arm(game)
    trained.step()
    real, latents = game.batch()
    opponent, before = trained.best()[1], trained.best()[0]
    fitness = game.for_generators(opponent, real, latents)
    trained.evolve(real, latents)
    was, now = fitness.rows(torch.stack([before, trained.best()[0]]), torch.zeros(2)).tolist()
    assert now > was


def test_the_schedule_ends_at_nothing_and_descent_may_do_without_adam():
    game = game_of(SMALL, arm=ADAM, without="nothing")
    trained = arm(game)
    rates = []
    for _ in range(4):
        trained.step()
        rates.append(trained.optimisers[0].param_groups[0]["lr"] / game.settings.size)
    assert rates == pytest.approx([1, 0.75, 0.5, 0.25])
    constant = arm(game_of(SMALL, arm=ADAM, without=SCHEDULE))
    constant.step()
    constant.step()
    assert constant.optimisers[0].param_groups[0]["lr"] == game.settings.size
    assert isinstance(arm(game_of(SMALL, arm=ADAM, without=OPTIMISER)).optimisers[0], torch.optim.SGD)


NUMBERS = [
    "epoch",
    "passes",
    "shown",
    "took",
    "real_score",
    "fake_score",
    "loss_g",
    "loss_d",
    "fake_change",
    "calibration",
]


@pytest.mark.parametrize(
    ("settings", "measures"),
    [(RING, ["modes", "quality", "distance"]), (DENSE, ["distance", "kid", "fid_0", "fid_1", "fid_2"])],
)
def test_a_course_has_a_row_for_each_mark_and_its_end(settings, measures):
    rows = course(replace(settings, arm=ADAM), (0, 1, 5))
    assert rows["epoch"].tolist() == [0, 1, 2]
    assert list(rows) == NUMBERS + measures
    assert rows.notna().all(axis=None)
    assert rows["took"].is_monotonic_increasing


def test_a_course_goes_on_after_a_kill(monkeypatch):
    settings = replace(RING, scale="paper", arm=GA, epochs=3)
    again = replace(settings, seed=1)
    from studies.evolving_weights import course as module  # the module, not its function

    whole, genomes = played(settings, (0, 1, 2))
    paths = []
    original = module.save

    def killed(path, game, trained, rows, shown):
        original(path, game, trained, rows, shown)
        paths.append(path)
        if len(rows) == 2:
            raise KeyboardInterrupt

    for one in (again, settings):
        path = module.saved_at(one, (0, 1, 2))
        path.unlink(missing_ok=True)
    monkeypatch.setattr(module, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        played(settings, (0, 1, 2))
    assert len(paths) == 2
    monkeypatch.setattr(module, "save", original)
    rows, shown = played(settings, (0, 1, 2))
    assert [row | {"took": 0} for row in rows] == [row | {"took": 0} for row in whole]
    assert all(
        torch.equal(a, b) for pair, other in zip(shown, genomes, strict=True) for a, b in zip(pair, other, strict=True)
    )
