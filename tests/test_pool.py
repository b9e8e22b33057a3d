"""Algorithm 1 and its product, on a recogniser that can be computed by hand."""

import json
from dataclasses import replace

import pytest
import safetensors.torch
import torch
from tiny_recogniser import NAMES, Pixels, Plain
from torch import nn

from latentlib import pool, zoo
from latentlib.evolution import OnePoint, Truncation
from latentlib.fitness.recognition import Recognition
from latentlib.fitness.wishes import Digit, Male, Shows, Smiling
from latentlib.pool import ALGORITHM1, Enough, Pool, evolve, offspring
from latentlib.priors import Uniform

THREE = Digit(3)
SMALL = replace(ALGORITHM1, population=40)


def search_for(wish=THREE, runs=1):
    exclusive = wish.names() <= set("0123456789")
    classes = "0123456789" if exclusive else NAMES
    return Recognition(Plain(len(classes)).eval(), Pixels(classes, exclusive, 5.0).eval(), wish, runs)


def drawn(runs, population, genes=10, seed=0):
    return torch.rand(runs, population, genes, generator=torch.Generator().manual_seed(seed))


def a_pool(n=30, wish=THREE, provenance=None):
    latents = drawn(1, n)[0]
    return Pool(latents, wish, "desired_images/mnist", "recogniser/mnist", provenance or {"seed": 7, "made": ["by", 1]})


def test_the_pool_is_the_top_of_old_and_new():
    search, asked, states = search_for(), [], []
    rows = search.rows
    search.rows = lambda latents, run: asked.append(rows(latents, run)) or asked[-1]
    evolve(search, 1.0, 6, seed=3, algorithm=SMALL, callback=states.append)
    evaluated = list(torch.cat(asked))
    old = sorted(evaluated[:40])
    assert sorted(states[0].fitness[0]) == old
    for generation, state in enumerate(states[1:], 1):
        new = evaluated[40 * generation : 40 * (generation + 1)]
        assert len(new) == 40, "N offspring, each of them new"
        old = sorted([*old, *new])[-40:]
        assert sorted(state.fitness[0]) == old
    assert torch.equal(search(states[-1].genomes), states[-1].fitness)


def test_evolution_raises_the_share_to_the_level_and_stops_there():
    search, shares = search_for(runs=3), []
    enough = Enough(search, 0.9)
    run = evolve(search, 0.9, 200, seed=1, algorithm=SMALL, callback=lambda state: shares.append(enough.shares(state)))
    shares = torch.stack(shares)
    likeliest = run.state.genomes.clamp(0, 1).argmax(dim=2)
    assert torch.equal((likeliest == 3).double().mean(dim=1), shares[-1])
    assert (shares[0] < 0.5).all()
    assert (shares[-1] >= 0.9).all()
    assert not run.state.active.any()
    for column in shares.T:
        first = int((column >= 0.9).nonzero()[0])
        assert (column[first:] == column[first]).all(), "a run that has enough no longer changes"
    assert len(shares) < 200


def test_a_share_that_is_reached_exactly_is_enough():
    initial = torch.zeros(1, 10, 10)
    initial[0, torch.arange(10), torch.tensor([3] * 7 + [8, 1, 0])] = 1
    small = replace(SMALL, population=10)
    assert evolve(search_for(), 0.7, 5, algorithm=small, initial=initial).state.generation == 0
    assert evolve(search_for(), 0.8, 5, algorithm=small, initial=initial).state.generation > 0


@pytest.mark.parametrize("wish", [Digit(4) | Digit(8), Smiling & ~Male])
@pytest.mark.parametrize("algorithm", [replace(SMALL, selection=Truncation(0.2)), replace(SMALL, crossover=OnePoint())])
def test_every_wish_is_reached_by_any_operators(wish, algorithm):
    search = search_for(wish)
    run = evolve(search, 0.95, 100, seed=2, algorithm=algorithm)
    assert search.satisfied(run.state.genomes).double().mean() >= 0.95


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan")])
def test_a_share_out_of_range_is_named(share):
    with pytest.raises(ValueError, match=rf"share must lie in \(0, 1\], got {share}"):
        evolve(search_for(), share)


@pytest.mark.parametrize("shape", [(0, 10), (1, 10), (10,), (2, 5, 10)])
def test_an_empty_pool_or_one_of_another_shape_is_named(shape):
    with pytest.raises(ValueError, match="a pool holds latents"):
        Pool(torch.zeros(shape), Digit(3), "desired_images/mnist", "recogniser/mnist")
    with pytest.raises(ValueError, match="a pool holds latents"):
        offspring(torch.zeros(shape), 4)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_pool_that_is_not_finite_is_named(value):
    latents = torch.zeros(3, 10)
    latents[1, 2] = value
    with pytest.raises(ValueError, match="a pool holds finite latents, got NaN or inf"):
        replace(a_pool(), latents=latents)


@pytest.mark.parametrize("shape", [(1, 0, 10), (0, 2, 10), (2, 10)])
def test_evolution_from_an_empty_pool_is_refused(shape):
    with pytest.raises(ValueError, match="initial population must be"):
        evolve(search_for(), algorithm=replace(SMALL, population=2), initial=torch.zeros(shape))
    with pytest.raises(ValueError, match="population must be at least 2, got 0"):
        replace(SMALL, population=0)


def test_without_mutation_every_gene_of_a_sample_is_from_the_pool():
    kept = a_pool()
    made = kept.sample(101, seed=4, variation=replace(ALGORITHM1.variation, mutation_rate=0.0))
    assert made.shape == (101, 10)
    assert (made[:, None] == kept.latents).any(dim=1).all()
    copies = (made[:, None] == kept.latents).all(dim=2).any(dim=1)
    assert copies.float().mean() < 0.3, "crossover makes new vectors"


def test_parents_are_drawn_evenly():
    latents = torch.arange(20.0)[:, None].expand(20, 10)
    made = replace(a_pool(), latents=latents).sample(4000, variation=replace(ALGORITHM1.variation, mutation_rate=0.0))
    counts = made.long().flatten().bincount(minlength=20) / made.numel()
    assert torch.allclose(counts, torch.full((20,), 0.05), atol=0.01)


def test_the_mutation_rate_is_that_of_genes():
    latents = torch.zeros(20, 10)
    made = replace(a_pool(), latents=latents).sample(2000, variation=replace(ALGORITHM1.variation, mutation_rate=0.3))
    assert float((made != 0).float().mean()) == pytest.approx(0.3, abs=0.01)


def test_the_seed_decides_what_is_sampled():
    kept = a_pool()
    before = kept.latents.clone()
    assert torch.equal(kept.sample(5, seed=1), kept.sample(5, seed=1))
    assert not torch.equal(kept.sample(5, seed=1), kept.sample(5, seed=2))
    assert torch.equal(kept.latents, before)
    with pytest.raises(ValueError, match="n must be at least 1, got 0"):
        kept.sample(0)


def test_what_is_saved_is_loaded(tmp_path):
    kept = a_pool(wish=Digit(4) | Digit(8) & ~Digit(3))
    kept.save(tmp_path / "pool.safetensors")
    again = Pool.load(tmp_path / "pool.safetensors")
    assert torch.equal(again.latents, kept.latents)
    assert replace(again, latents=kept.latents) == kept
    assert [path.name for path in tmp_path.iterdir()] == ["pool.safetensors"]


def test_the_card_can_be_read_without_the_library(tmp_path):
    a_pool().save(tmp_path / "pool.safetensors")
    content = (tmp_path / "pool.safetensors").read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    card = json.loads(header["__metadata__"]["card"])
    assert card["wish"] == "Digit(3)"
    assert card["generator"] == "desired_images/mnist"
    assert card["provenance"]["seed"] == 7


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a pool",
        safetensors.torch.save({"latents": torch.zeros(2, 3)}),
        safetensors.torch.save({"other": torch.zeros(2, 3)}, {"card": "{}"}),
        safetensors.torch.save({"latents": torch.zeros(2, 3)}, {"card": "{}"}),
        safetensors.torch.save({"latents": torch.zeros(2, 3)}, {"card": "no json"}),
        safetensors.torch.save({"latents": torch.zeros(2, 3)}, {"card": '{"wish": "Digit(3)"}'}),
    ],
)
def test_what_is_no_pool_is_refused_and_named(tmp_path, content):
    path = tmp_path / "pool.safetensors"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^{path} is no pool, or damaged"):
        Pool.load(path)
    with pytest.raises(FileNotFoundError):
        Pool.load(tmp_path / "nowhere.safetensors")


@pytest.fixture
def toy_zoo(monkeypatch):
    """A zoo whose recogniser reads digits from pixels, and whose judge takes a 3 for an 8."""
    digits, wrong = "0123456789", "0128456739"
    models = {"recogniser/mnist": Pixels(digits, True), "judge/mnist": Pixels(wrong, True)}
    monkeypatch.setattr(zoo, "load_generator", lambda name: Plain(10).eval())
    monkeypatch.setattr(zoo, "load_classifier", lambda name: models[name].eval())


def test_shares_are_counted_by_recogniser_and_judge(toy_zoo):
    kept = a_pool(400, Digit(3))
    likeliest = kept.latents.argmax(dim=1)
    assert kept.share("recogniser/mnist") == float((likeliest == 3).double().mean())
    assert kept.share("judge/mnist") == float((likeliest == 8).double().mean()) != kept.share("recogniser/mnist")
    assert kept.share("recogniser/mnist", wish=Digit(5)) == float((likeliest == 5).double().mean())
    made = kept.sample(50, seed=3)
    expected = {
        "pool by recogniser": kept.share("recogniser/mnist"),
        "pool by judge": kept.share("judge/mnist"),
        "samples by recogniser": float((made.clamp(0, 1).argmax(dim=1) == 3).double().mean()),
        "samples by judge": float((made.clamp(0, 1).argmax(dim=1) == 8).double().mean()),
    }
    assert kept.shares(50, seed=3) == expected
    with pytest.raises(ValueError, match=r"the recogniser knows 0, 1, .*, but Smiling names Smiling"):
        kept.share("recogniser/mnist", wish=Smiling)
    with pytest.raises(ValueError, match="number of latents must be at least 1, got 0"):
        kept.share("recogniser/mnist", torch.zeros(0, 10))


def test_a_pool_grows_from_the_zoo(toy_zoo):
    kept = pool.grow(Digit(3), "mnist", 0.9, seed=5, algorithm=SMALL)
    assert len(kept) == 40
    assert kept.share("recogniser/mnist") >= 0.9
    assert (kept.wish, kept.generator, kept.recogniser) == (Digit(3), "desired_images/mnist", "recogniser/mnist")
    assert kept.provenance.items() >= {"seed": 5, "share": 0.9}.items()
    assert kept.provenance["passes"] == 40 * (kept.provenance["generations"] + 1)
    assert torch.equal(kept.latents, pool.grow(Digit(3), "mnist", 0.9, seed=5, algorithm=SMALL).latents)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((Digit(3) & ~Digit(3), "mnist"), r"Digit\(3\) & ~Digit\(3\) contradicts itself, no image can meet it"),
        ((Shows("Hat"), "mnist"), "the recogniser knows 0, 1, .*, but Hat names Hat"),
        ((Digit(3), "mnist", 1.01), r"share must lie in \(0, 1\], got 1.01"),
        ((Digit(3), "mnist", 0.9, 0), "generations must be at least 1, got 0"),
        ((Digit(3), "cats"), "dataset must be one of mnist, celeba64, got 'cats'"),
        ((Digit(3), "fashion_mnist"), "dataset must be one of mnist, celeba64, got 'fashion_mnist'"),
    ],
)
def test_what_no_pool_can_grow_from_is_named(toy_zoo, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        pool.grow(*arguments)


def test_the_trained_models_grow_a_pool_of_threes_that_the_judge_accepts():
    kept = pool.grow(THREE, "mnist", 0.95, seed=0, algorithm=replace(ALGORITHM1, population=100))
    shares = kept.shares(200)
    assert shares["pool by recogniser"] >= 0.95
    assert shares["pool by judge"] > 0.8
    assert shares["samples by judge"] > 0.3  # a tenth of all digits are threes


def test_a_pool_of_objects_grows_breeds_is_judged_and_kept_and_leaves_them_as_they_are(tmp_path):
    generator, recogniser = zoo.load("desired_images/mnist").train(), zoo.load("recogniser/mnist").train()
    before = [value.clone() for module in (generator, recogniser) for value in module.state_dict().values()]
    small = replace(ALGORITHM1, population=40)
    grown = pool.grow(Digit(3), generator=generator, recogniser=recogniser, generations=3, algorithm=small)
    named = pool.grow(Digit(3), "mnist", generations=3, algorithm=small)
    assert torch.allclose(grown.latents, named.latents)
    shares = grown.shares(20, judge=zoo.load_judge("mnist"))
    assert shares.keys() == {"pool by recogniser", "pool by judge", "samples by recogniser", "samples by judge"}
    assert grown.shares(20).keys() == {"pool by recogniser", "samples by recogniser"}
    after = [value for module in (generator, recogniser) for value in module.state_dict().values()]
    assert all(map(torch.equal, before, after))
    assert generator.training
    assert recogniser.training

    grown.save(str(tmp_path / "pool"))
    with pytest.raises(ValueError, match="models that are not in the zoo: give generator= and recogniser="):
        Pool.load(tmp_path / "pool")
    kept = Pool.load(tmp_path / "pool", generator, recogniser)
    assert torch.equal(kept.latents, grown.latents)
    assert kept.provenance == grown.provenance


def test_samples_keep_to_the_prior_of_the_generator():
    latents = torch.rand(30, 10, generator=torch.Generator().manual_seed(0)) * 2 - 1
    boxed = nn.Identity()
    boxed.prior = Uniform(-1.0, 1.0)
    assert float(replace(a_pool(), latents=latents).sample(200).abs().max()) > 1
    assert float(replace(a_pool(), latents=latents, generator=boxed).sample(200).abs().max()) <= 1
