"""The map of elites: the same candidates in, the same archive out as in `ribs`."""

import math

import numpy as np
import pytest
import torch
from ribs.archives import GridArchive
from scipy import stats
from toys import Sphere, plain

from latentlib.evolution import Archive, Candidates, Gaussian, Grid, MapElites, PerIndividual, Tournament
from latentlib.priors import Uniform

GRIDS = [
    Grid((5, 4), ((0.0, 1.0), (-1.0, 2.0))),
    Grid((100, 100)),
    Grid((7,), ((-3.0, 0.5),)),
    Grid((3, 4, 5), ((0.0, 1.0), (0.0, 1.0), (10.0, 20.0))),
]
CENTRES = torch.tensor([[1.0, -1.0, 0.5, 0.0], [0.0, 0.0, 0.0, 0.0]])


class Mapped(Sphere):
    """Measures the first two genes, most of which the unit square holds."""

    def measured(self, latents, run):
        return self.rows(latents, run), latents[:, :2].double() / 6 + 0.5


def rival(grid, genes=3):
    return GridArchive(solution_dim=genes, dims=grid.bins, ranges=grid.ranges)


def batches(grid, seed, runs=2, count=40, rounds=6):
    """Candidates with ties, and with measures on edges, within cells, outside the range and anywhere."""
    random = np.random.default_rng(seed)
    low, high = np.array(grid.ranges).T
    for _ in range(rounds):
        shape = (runs, count, len(grid.bins))
        half_steps = random.integers(-3, 2 * np.array(grid.bins) + 4, shape) / (2 * np.array(grid.bins))
        places = low + (high - low) * np.where(random.random(shape) < 0.7, half_steps, random.normal(0.5, 0.5, shape))
        yield random.normal(size=(runs, count, 3)).astype(np.float32), random.integers(-9, 3, (runs, count)), places


def told(search, state, latents, fitness, measures):
    """The archive after one batch of numpy arrays."""
    asked = Candidates(
        torch.tensor(latents),
        torch.ones(fitness.shape, dtype=torch.bool),
        torch.full(fitness.shape, -torch.inf),
        state.random,
    )
    return search.tell(state, asked, torch.tensor(fitness), torch.tensor(measures))


def content(archive, run):
    """Fitness, latents and measures of every elite, by its cell."""
    own = archive.cells[run] >= 0
    parts = (archive.cells, archive.fitness, archive.genomes, archive.measures)
    cells, *rest = (part[run][own].tolist() for part in parts)
    assert len(set(cells)) == len(cells)
    return dict(zip(cells, zip(*rest, strict=True), strict=True))


def content_of_rival(archive):
    data = archive.data()
    names = ("index", "objective", "solution", "measures")
    cells, *rest = (data[name].tolist() for name in names)
    return dict(zip(cells, zip(*rest, strict=True), strict=True))


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: str(grid.bins))
@pytest.mark.parametrize("seed", range(5))
def test_the_same_candidates_make_the_same_archive_as_in_ribs(grid, seed):
    search, rivals = MapElites(grid, 40), [rival(grid) for _ in range(2)]
    state = search.begin(3, 2)
    for number, batch in enumerate(batches(grid, seed)):
        state = told(search, state, *batch)
        for run, other in enumerate(rivals):
            latents, fitness, measures = (part[run] for part in batch)
            other.add(latents, fitness, measures)
            assert content(state, run) == content_of_rival(other)
            assert float(grid.coverage(state)[run]) == other.stats.coverage
            assert float(state.quality_diversity()[run]) == other.stats.qd_score
            assert float(state.best.fitness[run]) == other.stats.obj_max
            assert (other.stats.obj_max, state.best.latents[run].tolist()) in [
                x[:2] for x in content(state, run).values()
            ]
            assert state.history.filled[number, run] == other.stats.num_elites
    assert state.passes.tolist() == [240, 240]


@pytest.mark.parametrize("bins", [1, 7, 20, 29, 100])
@pytest.mark.parametrize("ends", [(0.0, 1.0), (-1.0, 2.0), (0.0, 0.07)])
def test_a_measure_on_an_edge_belongs_to_the_cell_above_as_in_ribs(bins, ends):
    grid = Grid((bins,), (ends,))
    edges = np.linspace(*ends, bins + 1)
    found = grid.cells_of(torch.tensor(edges)[:, None])
    assert found.tolist() == [*range(bins), bins - 1]
    near = np.concatenate([edges + step for step in (0, 1e-10, -1e-10, 1e-5, -1e-5, 1, -1, 1e30, -1e30)])[:, None]
    sane = np.abs(near[:, 0]) < 1e6  # ribs casts others to integers that they do not fit into
    assert grid.cells_of(torch.tensor(near))[sane].tolist() == rival(grid).index_of(near[sane]).tolist()
    assert grid.cells_of(torch.tensor([[1e30], [-1e30]])).tolist() == [bins - 1, 0]


def test_quality_diversity_counts_from_an_offset():
    grid, archive = GRIDS[0], rival(GRIDS[0])
    offset = GridArchive(solution_dim=3, dims=grid.bins, ranges=grid.ranges, qd_score_offset=-9)
    state = (search := MapElites(grid, 40)).begin(3, 1)
    for batch in batches(grid, 0, runs=1):
        state = told(search, state, *batch)
        for other in (archive, offset):
            other.add(*(part[0] for part in batch))
    assert archive.stats.qd_score != offset.stats.qd_score
    assert float(state.quality_diversity(-9)[0]) == offset.stats.qd_score


def test_an_elite_is_replaced_by_a_fitter_one_only_and_the_first_of_equals_stays():
    search = MapElites(Grid((1,), ((0.0, 1.0),)), 2)
    state, kept = search.begin(1, 1), []
    for fitness in ([1.0, 1.0], [1.0, 0.0], [2.0, 2.0], [-5.0, 1.9]):
        latents = np.arange(2, dtype=np.float32).reshape(1, 2, 1) + 10 * len(kept)
        state = told(search, state, latents, np.array([fitness]), np.full((1, 2, 1), 0.5))
        kept.append(float(state.genomes[0, 0, 0]))
    assert kept == [0, 0, 20, 20]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_measure_that_is_no_number_is_refused_as_by_ribs(value):
    grid, measures = GRIDS[0], np.full((1, 4, 2), 0.5)
    measures[0, 2, 1] = value
    search = MapElites(grid, 4)
    batch = np.zeros((1, 4, 3), np.float32), np.zeros((1, 4))
    with pytest.raises(ValueError, match=f"^measures must be finite, got {value} on axis 1$"):
        told(search, search.begin(3, 1), *batch, measures)
    with pytest.raises(ValueError, match="measures must be finite"):
        rival(grid).add(batch[0][0], batch[1][0], measures[0])


def test_the_infeasible_get_no_cell_whatever_their_measures():
    search = MapElites(GRIDS[0], 3)
    fitness, measures = np.array([[1.0, -np.inf, 2.0]]), np.full((1, 3, 2), 0.1)
    measures[0, 1] = np.nan
    state = told(search, search.begin(3, 1), np.eye(3, dtype=np.float32)[None], fitness, measures)
    assert (state.filled.tolist(), state.fitness.tolist()) == ([1], [[2.0]])


def test_where_nobody_is_feasible_all_are_drawn_anew():
    search = MapElites(GRIDS[0], 3, offspring=4, prior=Uniform(5, 6))
    nobody = np.full((2, 3), -np.inf)
    nobody[1, 0] = 1.0
    state = told(search, search.begin(3, 2), np.zeros((2, 3, 3), np.float32), nobody, np.zeros((2, 3, 2)))
    assert state.filled.tolist() == [0, 1]
    assert torch.isneginf(state.best.fitness).tolist() == [True, False]
    asked = search.ask(state)
    assert asked.changed[0].all()
    assert (asked.latents[0] >= 5).all()
    state = told(search, state, asked.latents.numpy(), np.zeros((2, 4)), np.random.default_rng(0).random((2, 4, 2)))
    assert (state.filled >= 1).all()


def test_parents_are_elites_drawn_at_random():
    search = MapElites(Grid((10, 1)), 10, mating_rate=0.0, mutation_rate=0.0, offspring=5000)
    measures = np.full((2, 10, 2), 0.5)
    measures[:, :, 0] = (np.arange(10) + 0.5) / 10
    fitness = np.tile(np.arange(10.0), (2, 1))
    fitness[1, 4:] = -np.inf  # the other run has four elites only
    latents = np.tile(np.arange(10, dtype=np.float32)[None, :, None], (2, 1, 3))
    parents = search.ask(told(search, search.begin(3, 2), latents, fitness, measures)).latents[:, :, 0].long()
    for run, elites in enumerate((10, 4)):
        seen = parents[run].bincount(minlength=elites)
        assert len(seen) == elites
        assert stats.chisquare(seen.numpy()).pvalue > 1e-3


@pytest.mark.parametrize("search", [MapElites(), MapElites(Grid((8, 9)), 30, offspring=7, selection=Tournament(3))])
def test_a_loop_of_ones_own_is_evolve_bit_by_bit(search):
    fitness = Mapped(CENTRES)
    state = search.begin(genes=4, runs=2, seed=7)
    for _ in range(31):
        asked = search.ask(state)
        shape = asked.changed.shape
        run = torch.arange(2).repeat_interleave(shape[1])
        values, measures = fitness.measured(asked.latents.flatten(0, 1), run)
        state = search.tell(state, asked, values.view(shape), measures.view(*shape, 2))
    assert state == search.evolve(Mapped(CENTRES), 30, seed=7).state
    assert state.history.filled[-1].tolist() == state.filled.tolist()


def test_only_those_that_changed_are_judged_in_chunks_of_images():
    search = MapElites(Grid((8, 9)), 30, mating_rate=0.2, mutation_rate=0.1, offspring=20, chunk=7)
    fitness = Mapped(CENTRES)
    fitness.cost = 3
    run = search.evolve(fitness, 20, seed=3)
    assert max(fitness.batches) <= 2
    assert torch.equal(run.passes, 3 * fitness.asked)
    assert (fitness.asked < 30 + 20 * 20).all()
    last = run.history.frame().query("generation == 20")
    assert last["filled"].tolist() == run.state.filled.tolist()


def test_every_elite_lies_in_the_cell_of_its_own_measures_and_fitness():
    fitness, search = Mapped(CENTRES), MapElites(Grid((8, 9)), 30, offspring=10)
    archive = search.evolve(fitness, 50, seed=1).state
    for run in range(2):
        own = archive.cells[run] >= 0
        values, measures = fitness.measured(archive.genomes[run][own], torch.full((int(own.sum()),), run))
        assert torch.equal(archive.fitness[run][own], values)
        assert torch.equal(archive.measures[run][own], measures)
        assert torch.equal(archive.cells[run][own], search.grid.cells_of(measures))


def test_what_is_told_of_one_run_changes_no_other():
    search = MapElites(Grid((6, 6)), 20, offspring=10)
    state = search.begin(4, 2)
    asked, random = search.ask(state), np.random.default_rng(0)
    values, measures = torch.tensor(random.random((2, 20))), torch.tensor(random.random((2, 20, 2)))
    one = search.tell(state, asked, values, measures)
    scale = torch.tensor([1.0, 0.5])
    other = search.tell(state, asked, values * scale[:, None], measures * scale[:, None, None])
    assert content(one, 0) == content(other, 0)
    assert content(one, 1) != content(other, 1)


def test_saved_halfway_and_resumed_is_straight(tmp_path):
    search = MapElites(Grid((8, 9)), 30, offspring=4)
    halfway = search.evolve(Mapped(CENTRES), 30, seed=5).state
    halfway.save(tmp_path / "archive")
    loaded = Archive.load(tmp_path / "archive")
    assert loaded == halfway
    resumed = search.evolve(Mapped(CENTRES), 60, state=loaded)
    assert resumed == search.evolve(Mapped(CENTRES), 60, seed=5)
    with pytest.raises(ValueError, match="the state was made by another algorithm"):
        MapElites(Grid((9, 8)), 30, offspring=4).evolve(Mapped(CENTRES), 60, state=loaded)
    with pytest.raises(ValueError, match="judged by another fitness"):
        search.evolve(Mapped(CENTRES + 1), 60, state=loaded)


def test_what_an_archive_becomes_does_not_change_it():
    search = MapElites(Grid((4, 4)), 10, offspring=10)
    before = search.evolve(Mapped(CENTRES), 3).state
    copies = {name: value.clone() for name, value in vars(before).items() if isinstance(value, torch.Tensor)}
    after = search.evolve(Mapped(CENTRES), 30, state=before).state
    assert after != before
    assert all(torch.equal(getattr(before, name), value) for name, value in copies.items() if name != "measures")


def test_a_callback_sees_every_archive_and_an_interruption_leaves_the_last():
    seen = []
    run = MapElites(Grid((8, 9)), 30).evolve(
        Mapped(CENTRES), 50, callback=lambda archive: seen.append(archive) or len(seen) == 20
    )
    assert run.state is seen[-1]
    assert len(run.history) == 20
    assert isinstance(run.state, Archive)


def test_a_heat_map_shows_the_fitness_of_every_elite():
    search = MapElites(grid := Grid((8, 9)), 30, offspring=10)
    archive = search.evolve(Mapped(CENTRES), 40).state
    image = grid.heat_map(archive)
    assert image.shape == (2, 8, 9)
    for run in range(2):
        shown = {(x, y): float(image[run, x, y]) for x, y in image[run].isfinite().nonzero().tolist()}
        places = {divmod(cell, 9): elite[0] for cell, elite in content(archive, run).items()}
        assert shown == places
    assert torch.equal(image.isfinite().sum(dim=(1, 2)), archive.filled)


def outcomes(offspring, generations, runs=60):
    """Quality diversity and number of cells of independent runs."""
    fitness = Mapped(torch.zeros(runs, 4))
    change = {"mutation": Gaussian(0.5), "mutation_unit": PerIndividual(0.5), "mutation_rate": 1.0}
    search = MapElites(Grid((10, 10)), 20, offspring=offspring, **change)
    archive = search.evolve(fitness, generations, seed=offspring).state
    return archive.quality_diversity(-40).numpy(), archive.filled.numpy()


def test_children_at_once_find_what_children_one_at_a_time_find():
    single, batched, shorter = outcomes(1, 200), outcomes(8, 25), outcomes(8, 15)
    assert min(stats.mannwhitneyu(a, b).pvalue for a, b in zip(single, batched, strict=True)) > 1e-3
    assert max(stats.mannwhitneyu(a, b).pvalue for a, b in zip(single, shorter, strict=True)) < 1e-3


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Grid((0, 3)), "bins must be at least 1, got 0"),
        (lambda: Grid(10), r"a map needs bins and a range for each axis, got 10"),
        (lambda: Grid((5, 5), (0, 1)), "range must be finite, from low to high, got 0"),
        (
            lambda: Grid((5, 5)).cells_of(torch.zeros(3, 1)),
            r"measures must be \(n, 2\), one for each axis, got \(3, 1\)",
        ),
        (lambda: Grid(()), r"a map needs bins and a range for each axis, got \(\)"),
        (lambda: Grid((3,)), r"a map needs bins and a range for each axis, got \(3,\)"),
        (lambda: Grid((3,), ((1.0, 1.0),)), r"range must be finite, from low to high, got \(1.0, 1.0\)"),
        (lambda: Grid((3,), ((0.0, math.nan),)), "range must be finite"),
        (lambda: MapElites(population=0), "population must be at least 1, got 0"),
        (lambda: MapElites(offspring=0), "offspring must be at least 1, got 0"),
        (lambda: MapElites(mating_rate=1.5), r"mating_rate must lie in \[0, 1\], got 1.5"),
        (
            lambda: MapElites(Grid((3,), ((0.0, 1.0),))).evolve(Mapped(CENTRES), 1),
            r"measures must be of shape \(\d+, 1\), got \(\d+, 2\)",
        ),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("fitness", [Sphere(CENTRES), plain(Sphere(CENTRES))])
def test_a_fitness_that_measures_nothing_is_refused(fitness):
    with pytest.raises(TypeError, match="MAP-Elites needs a fitness that measures, see with_measures; got <"):
        MapElites().evolve(fitness, 2, initial=torch.zeros(2, 50, 4))


def test_a_map_that_is_no_grid_is_refused():
    with pytest.raises(TypeError, match=r"grid must be a Grid, got \(100, 100\)"):
        MapElites((100, 100))
