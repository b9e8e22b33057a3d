"""Pools through their generations: what is counted of them, and what is had from them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from scipy import stats

from latentlib import data, pool, priors, zoo
from latentlib.evolution import Blend, OnePoint, PerGene, PerIndividual, Tournament, TwoPoint
from latentlib.fitness.wishes import Digit
from latentlib.models import gagan
from latentlib.pool import ALGORITHM1
from latentlib.study import realism
from studies.desired_images.experiments import ages, broken, pools, timing
from studies.desired_images.experiments.measures import measures
from studies.desired_images.experiments.search import Search, founders
from studies.desired_images.operators import OPERATORS, algorithm
from studies.desired_images.settings import Settings

TINY = Settings("mnist", "smoke", population=20, generations=3, repeats=2)
COMMON = "Digit(0) | Digit(1) | Digit(2) | Digit(3) | Digit(7) | Digit(9)"  # soon nearly all of a pool
COUNTED = {"run", "accuracy", "judged", "judged_low", "judged_high", "agreed", "likeliest", "diversity"}
COUNTED |= {"first_judged", "first"}
DRAWS = {"uniform": "rand", "normal": "randn"}
LATENT = {"cosine", "length", "mean", "variance", "repeated"}
pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def search():
    return Search(TINY)


@pytest.fixture(scope="module")
def course(search):
    """The states of the cell's evolution, done by the engine itself."""
    states = []
    initial = torch.randn(2, 20, 100, generator=torch.Generator().manual_seed(0))
    replace(ALGORITHM1, population=20).evolve(search.fitness, 3, 0, initial=initial, callback=states.append)
    return states


@pytest.fixture(scope="module")
def table():
    return pools.pools(TINY)


def digits(model, latents):
    """The likeliest digit (n,) by a recogniser, or by the mean of the judges, on the images of latents (n, genes)."""
    judges = [name for name in zoo.ENTRIES if name.startswith("judge/mnist")]
    images = zoo.load_generator("desired_images/mnist")(latents)
    networks = [zoo.load(name) for name in (judges if model == "judges" else [model])]
    return torch.stack([network(images).softmax(dim=1) for network in networks]).mean(dim=0).argmax(dim=1)


def test_a_pool_is_told_generation_by_generation_and_run_by_run(table):
    assert table[["generation", "run"]].to_numpy().tolist() == [[g, run] for g in range(4) for run in (0, 1)]
    assert set(table) == COUNTED | LATENT | {"generation", "passes"}
    assert table["passes"].tolist() == [20, 20, 40, 40, 60, 60, 80, 80]


def test_accuracy_is_the_recognisers_share_of_the_wanted_digit_and_judged_the_judges(table, course):
    for (generation, run), row in table.set_index(["generation", "run"]).iterrows():
        latents = course[generation].genomes[run]
        ours, theirs = digits("recogniser/mnist", latents) == 3, digits("judges", latents) == 3
        assert row["accuracy"] == pytest.approx(float(ours.double().mean()))
        assert row["judged"] == row["first_judged"] == pytest.approx(float(theirs.double().mean()))
        assert row["mean"] == pytest.approx(float(latents.mean()), abs=1e-5)
        if ours.any():
            assert row["agreed"] == pytest.approx(float(theirs[ours].double().mean()))


def test_a_cell_gives_the_same_rows_again_and_another_seed_others(table):
    pd.testing.assert_frame_equal(pools.pools(TINY), table)
    other = pools.pools(replace(TINY, seed=1, generations=1))
    assert (other["mean"].to_numpy() != table["mean"].head(4).to_numpy()).all()


@pytest.mark.parametrize("population", [4, 20, 40, 100, 200, 500, 1000])  # those that are planned
def test_the_first_runs_of_more_repeats_have_the_same_first_pools(population):
    few, many = (Search(replace(TINY, population=population, repeats=count)).first_pools() for count in (2, 5))
    assert torch.equal(few, many[:2])
    assert many.shape == (5, population, 100)
    assert not torch.equal(many[0], many[1])


def test_first_pools_are_alike_whatever_the_wish_and_the_operators(search):
    other = Search(replace(TINY, wish="Digit(8)", operators="copies", mutation_rate=0.9, generations=1))
    assert torch.equal(search.first_pools(), other.first_pools())
    assert not torch.equal(search.first_pools(), Search(replace(TINY, seed=1)).first_pools())


def test_a_gene_comes_from_the_founder_whose_gene_it_is_or_from_none():
    first = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    later = torch.tensor([[1.0, 5.0, 3.0], [4.0, 2.5, 6.0], [2.0, 1.0, 6.0]])
    assert founders(later, first).tolist() == [[0, 1, 0], [1, -1, 1], [-1, -1, 1]]


def test_copies_cost_nothing_but_the_first_pool_and_fresh_draws_a_pool_each_generation():
    copied = pools.pools(replace(TINY, operators="copies"))
    assert set(copied["passes"]) == {20}
    assert copied.groupby("run")["accuracy"].apply(lambda shares: shares.is_monotonic_increasing).all()
    assert copied.query("generation == 3")["repeated"].min() > 0
    drawn = pools.pools(replace(TINY, operators="fresh draws"))
    assert drawn["passes"].tolist() == [20, 20, 40, 40, 60, 60, 80, 80]
    assert set(drawn["repeated"]) == {0.0}


def test_courses_are_those_of_pools_up_to_98_per_cent_and_then_stand_still():
    settings = replace(TINY, wish=COMMON, generations=8)
    whole, short = (work(settings).set_index(["generation", "run"]) for work in (pools.pools, pools.courses))
    assert set(short) == {"accuracy", "passes"}
    for run in (0, 1):
        mine, full = short.xs(run, level="run"), whole.xs(run, level="run")
        enough = mine["accuracy"][mine["accuracy"] >= 0.98]
        assert len(enough), "the wish is too rare for this test"
        stop = enough.index[0]
        assert mine.loc[:stop, "accuracy"].tolist() == full.loc[:stop, "accuracy"].tolist()
        assert (mine.loc[stop:, ["accuracy", "passes"]] == mine.loc[stop]).all(axis=None)
        assert mine.loc[stop, "passes"] == 20 * (stop + 1)
    assert (short.xs(short.index[-1][0])["accuracy"] >= 0.98).all(), "and it ends when all have enough"


def test_either_counts_two_classes_by_recogniser_and_judge_in_every_generation():
    settings = replace(TINY, wish="Digit(8) | Digit(4)", generations=1)
    found = pools.either(settings)
    assert set(found) == COUNTED | LATENT | {"second_judged", "second", "generation"}
    assert found[["generation", "run"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    for run, latents in enumerate(Search(settings).first_pools()):
        for names, model in (
            (("first", "second"), "recogniser/mnist"),
            (("first_judged", "second_judged"), "judges"),
        ):
            seen, row = digits(model, latents), found.iloc[run]
            assert row[names[0]] == pytest.approx(float((seen == 4).double().mean())), "in the order of the classes"
            assert row[names[1]] == pytest.approx(float((seen == 8).double().mean()))
    assert found["accuracy"].to_numpy() == pytest.approx(found["first"] + found["second"])
    assert found["judged"].to_numpy() == pytest.approx(found["first_judged"] + found["second_judged"])


@pytest.fixture(scope="module")
def harvested():
    """The table, and the latents of which distances were taken."""
    latents = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pools, "SAMPLES", 30)
        distance = pools.fid
        patch.setattr(pools, "fid", lambda search, some: latents.append(some) or distance(search, some))
        return pools.harvest(TINY), latents


def test_a_harvest_has_pool_samples_and_random_latents_of_every_run(harvested, course):
    table, latents = harvested
    groups = [(run, group) for run in (0, 1) for group in ("pool", "samples", "random")]
    assert list(zip(table["run"], table["group"], strict=True)) == groups
    assert table["latents"].tolist() == [len(some) for some in latents] == [20, 30, 20] * 2
    assert set(table) == COUNTED | LATENT | {"group", "latents", "fid", "stopped"}
    assert torch.equal(latents[0], course[-1].genomes[0])
    assert torch.equal(latents[3], course[-1].genomes[1])


def test_random_latents_of_a_harvest_are_draws_from_the_prior_that_the_recogniser_accepts(harvested):
    table, latents = harvested
    assert (table.loc[table["group"] == "random", "accuracy"] == 1).all()
    random = torch.stack([latents[2], latents[5]])
    assert (digits("recogniser/mnist", random.flatten(0, 1)) == 3).all()
    assert float(random.std()) == pytest.approx(1, abs=0.05)
    assert abs(float(random.mean())) < 0.05
    assert not torch.equal(*random)


def test_samples_are_bred_from_the_last_pool_and_not_selected(harvested):
    latents = harvested[1]
    for kept, made in ((latents[0], latents[1]), (latents[3], latents[4])):
        inherited = (made[:, None] == kept).any(dim=1).float().mean(dim=1)  # genes a pool member has in that place
        assert float(inherited.mean()) == pytest.approx(0.8, abs=0.03)  # all but those that mutate
        assert float(inherited.max()) < 1
    assert not torch.equal(latents[1], latents[4])


def test_the_distance_of_a_harvest_is_to_held_out_images_of_the_digit(harvested):
    table, latents = harvested
    sample = data.bundled("mnist", "test")
    threes = sample.images[sample.labels == 3]
    for row, some in zip(table.itertuples(), latents, strict=True):
        images = zoo.load_generator("desired_images/mnist")(some)
        assert row.fid == pytest.approx(realism.fid(zoo.load_judge("mnist"), threes, images), rel=1e-3)


def test_samples_repeat_what_they_have_in_common_with_the_pool(monkeypatch):
    monkeypatch.setattr(pools, "bred", lambda pool, search, run: torch.cat([pool[:3], pool[:1], pool[:6] + 1]))
    found = pools.harvest(replace(TINY, generations=1)).set_index(["run", "group"])["repeated"]
    assert found.xs("samples", level="group").tolist() == [0.4, 0.4]
    assert found.xs("pool", level="group").tolist() == [0.0, 0.0]


def test_what_no_random_image_shows_is_looked_for_in_vain_but_not_for_ever(monkeypatch):
    monkeypatch.setattr(pools, "DRAWS", 2)
    monkeypatch.setattr(pools, "SAMPLES", 30)
    spent = []

    def accepted(fitness, count, passes, seed):
        spent.append((count, passes))
        return torch.empty(1, 100), passes

    monkeypatch.setattr(pools.baselines, "accepted", accepted)
    found = pools.harvest(replace(TINY, generations=1))
    assert spent == [(20, 40)] * 2
    assert set(found["group"]) == {"pool", "samples"}, "of one image nothing can be measured"


def test_a_harvest_of_every_age_comes_from_a_generator_of_that_age(monkeypatch):
    asked = []

    def young(name, age, seed, device, images):
        assert images == "images"
        asked.append((name, age, seed, device))
        generator = zoo.load_generator("desired_images/mnist")
        generator.age = age
        return generator

    monkeypatch.setattr(ages, "young", young)
    monkeypatch.setattr(ages, "training_images", lambda dataset, scale: "images")
    monkeypatch.setattr(
        ages, "harvested", lambda search: pd.DataFrame({"wish": [str(search.wish)], "seen": search.generator.age})
    )
    found = ages.ages(replace(TINY, scale="paper", seed=4, wish="Digit(5)"))
    assert asked == [("desired_images/mnist", age, 4, "cpu") for age in (1, 2, 4, 8)]
    assert found.to_numpy().tolist() == [["Digit(5)", age, age] for age in (1, 2, 4, 8)]
    assert list(found)[2] == "epochs"


def test_a_search_may_have_another_generator():
    other = zoo.load_generator("restoring/mnist")
    search = Search(TINY, other)
    assert search.generator is search.fitness.generator.generator is other
    assert search.fitness.genes == 100


def test_from_the_unit_interval_the_clipped_search_never_leaves_it_and_the_printed_one_does():
    for operators, stays in (("clipped", True), ("as printed", False)):
        search = Search(replace(TINY, operators=operators))
        first = broken.uniform(search, 20)
        assert first.shape == (2, 20, 100)
        assert 0 <= float(first.min()) < 0.01
        assert 0.99 < float(first.max()) <= 1
        states = []
        search.evolve(states.append, first)
        assert torch.equal(states[0].genomes, first)
        last = states[-1].genomes
        assert ((last >= 0) & (last <= 1)).all() == stays
        assert not torch.equal(last, first)


def test_broken_pools_are_told_like_others_from_their_first_on(table):
    found = broken.broken(replace(TINY, operators="clipped", generations=1))
    assert list(found) == [*table, "learnt_from"]
    first = found[found["generation"] == 0]
    assert first["learnt_from"].tolist() == ["N(0, 1)"] * 2 + ["U[0, 1]"] * 2
    assert first["mean"].to_numpy() == pytest.approx(0.5, abs=0.03)
    assert first["variance"].to_numpy() == pytest.approx(1 / 12, abs=0.01)


def test_a_generator_that_learnt_from_the_unit_interval_is_fed_from_it_or_ranks_first():
    ranking, direct = zoo.load_generator("desired_images/mnist_uniform"), broken.learnt_from_uniform(TINY)
    latents = torch.randn(20, 100, generator=torch.Generator().manual_seed(1))
    shares = torch.from_numpy(stats.norm.cdf(latents.double().numpy())).float()
    assert torch.allclose(ranking(latents), direct(shares), atol=1e-5)


def test_a_generator_may_rank_its_latents_and_then_be_fed_with_ranks(random):
    network = gagan.Generator(channels=(6, 4), uniform=True).eval()
    assert isinstance(network.layers[0], gagan.Ranks)
    latents = torch.randn(5, 100, generator=random)
    ranks = torch.from_numpy(stats.norm.cdf(latents.double().numpy())).float()
    assert torch.allclose(network(latents), broken.unranked(network)(ranks), atol=1e-6)
    assert isinstance(network.layers[0], gagan.Ranks), "the network itself stays as it is"
    with pytest.raises(ValueError, match="must rank its genes first, got one that begins with Unflatten"):
        broken.unranked(gagan.Generator(channels=(6, 4)))


def test_damage_is_the_distance_of_images_from_each_draw_and_of_images_redrawn(monkeypatch):
    monkeypatch.setattr(broken, "IMAGES", 150)
    monkeypatch.setattr(broken, "RESAMPLES", 2)
    found = broken.damage(TINY)
    assert found["resample"].tolist() == [0, 1, 2]
    judge, generator, random = zoo.load_judge("mnist"), zoo.load_generator("desired_images/mnist"), torch.Generator()
    random.manual_seed(1000)
    box, prior = torch.rand(150, 100, generator=random), torch.randn(150, 100, generator=random)
    made = {
        "fid_uniform": generator(box),
        "fid_normal": generator(prior),
        "fid_learnt": broken.learnt_from_uniform(TINY)(box),
    }
    real = data.bundled("mnist", "test").images[:150]
    for name, images in made.items():
        assert found[name][0] == pytest.approx(realism.fid(judge, real, images), rel=1e-3)
        chosen = np.random.default_rng(2).integers(150, size=150)
        assert found[name][2] == pytest.approx(realism.fid(judge, real, images[chosen]), rel=1e-3)


def test_timing_tells_the_generations_of_the_search_and_gives_the_threads_back(monkeypatch):
    torch.set_num_threads(2)
    used, evolve = [], timing.evolve
    monkeypatch.setattr(timing, "evolve", lambda *a, **k: used.append(torch.get_num_threads()) or evolve(*a, **k))
    settings = replace(TINY, wish=COMMON)
    found = timing.timing(settings)
    assert used == [1, 1]
    assert torch.get_num_threads() == 2
    torch.set_num_threads(1)
    assert list(found) == ["run", "evolving_seconds", "generation"]
    assert (found["evolving_seconds"] > 0).all()
    search = Search(replace(settings, repeats=1))
    for run, first in enumerate(Search(settings).first_pools()):
        done = pool.evolve(search.fitness, 0.98, 50, 1000 + run, algorithm=search.algorithm, initial=first[None])
        assert found["generation"][run] == done.state.generation < 50
        assert float(search.fitness.satisfied(done.state.genomes).double().mean()) >= 0.98


def test_threads_are_given_back_after_an_error_too(monkeypatch):
    torch.set_num_threads(2)
    monkeypatch.setattr(timing, "evolve", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        timing.timing(TINY)
    assert torch.get_num_threads() == 2


def changed(name):
    """The fields in which a search differs from Algorithm 1 with a pool of 40 and a rate of 0.3."""
    usual, other = replace(ALGORITHM1, population=40, mutation_rate=0.3), algorithm(name, 40, 0.3)
    return {field: value for field, value in vars(other).items() if value != vars(usual)[field]}


def test_operators_change_what_their_name_says_and_nothing_else():
    assert {name: changed(name) for name in OPERATORS} == {
        "as printed": {},
        "rate per individual": {"mutation_unit": PerIndividual()},
        "parents by tournament": {"selection": Tournament(3)},
        "no crossover": {"mating_rate": 0.0},
        "one point": {"crossover": OnePoint()},
        "two points": {"crossover": TwoPoint()},
        "blend": {"crossover": Blend()},
        "clipped": {"prior": priors.Uniform(0.0, 1.0)},
        "copies": {"mating_rate": 0.0, "mutation_rate": 0.0},
        "fresh draws": {"mating_rate": 0.0, "mutation_rate": 0.0, "immigrants": 1.0},
    }
    assert (ALGORITHM1.mutation_unit, ALGORITHM1.selection) == (PerGene(), Tournament(1))


def test_evolving_a_pool_reads_no_image_of_a_data_set(monkeypatch):
    """LI-38."""

    def read(*arguments, **options):
        pytest.fail("a data set was read")

    for name in ("load", "bundled", "training_images", "read"):
        monkeypatch.setattr(data.loading, name, read)
    for name in ("load", "bundled", "training_images"):
        monkeypatch.setattr(data, name, read)
    monkeypatch.setattr("latentlib.data.loading.np.load", read)
    kept = pool.grow(Digit(3), "mnist", 0.98, generations=2, algorithm=replace(ALGORITHM1, population=20))
    assert kept.latents.shape == (20, 100)
    search = Search(TINY)
    evolved = search.evolve(lambda _: None).state
    search.fitness.satisfied(evolved.genomes, evolved.fitness)


def test_without_any_real_image_only_diversity_is_lacking(monkeypatch, search):
    def nowhere(name, split):
        raise FileNotFoundError(name)

    monkeypatch.setattr("studies.desired_images.experiments.measures.data.load", nowhere)
    monkeypatch.setattr(search, "wish", Digit(7))  # whose distance no other test has asked for
    found = measures(search, search.first_pools())
    assert found["diversity"].isna().all()
    assert not found.drop(columns=["diversity", "agreed"]).isna().any(axis=None)
