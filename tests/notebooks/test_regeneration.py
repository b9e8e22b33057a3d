"""No parameter of a notebook does nothing, and with other tables all that it shows of them is another."""

import ast
import re
from functools import cache
from itertools import count

import pytest
from cells import SOURCES, code, executed, parameters
from traitlets import TraitError

from latentlib.study import repository
from latentlib.study.results import Results
from studies.restoring.experiments import tuning

pytestmark = pytest.mark.usefixtures("one_thread")

SMALL = {"population": 20, "generations": 2, "targets": 2, "repeats": 1, "size": 8, "sets": 6}
OTHER = {
    "seed": 1,
    "population": 24,
    "generations": 3,
    "mating_rate": 0.9,
    "mutation_rate": 0.9,
    "fitness": "ssim",
    "targets": 3,
    "repeats": 2,
    "tables": "smoke",
    "wish": "Digit(4) | Digit(7)",
    "size": 9,
    "sets": 7,
    "metric": "ncc",
}
OTHERS = {"faces": {"wish": "Smiling"}}
NEED_DATA = {"faces": ("census", "recipes", "joining"), "method": ("epochs",)}  # CelebA or CIFAR-10, which do not ship
WITH_TABLES = [source for source in SOURCES if "tables" in parameters(source)]


def small(source):
    """Its parameters, those of size as small as can be."""
    return {name: SMALL.get(name, value) for name, value in parameters(source).items()}


@cache
def usual(source):
    """What the cells show at small parameters, made as far as it is asked for."""
    return {}, executed(source, **small(source))


def shown(source, place):
    """What one cell shows at small parameters."""
    done, rest = usual(source)
    while place not in done:
        done[len(done)] = next(rest)
    return done[place]


def first_change(source, **changed):
    """The first cell that shows something else with other parameters; None where no cell does."""
    for place, text in enumerate(executed(source, **small(source) | changed)):
        if text != shown(source, place):
            return place
    return None


@pytest.fixture(scope="module", autouse=True)
def elsewhere(tmp_path_factory):
    """Tables that are computed are shared by these tests, and begin with nothing."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repository, "runs", lambda chapter, scale: folder / scale / chapter)
        patch.setattr(tuning, "TRIAL_STEPS", 5)
        yield folder


def another(source, name):
    """Another value of a parameter than its default."""
    if name == "dataset":
        return next(dataset for dataset in ("mnist", "fashion_mnist") if dataset != parameters(source)[name])
    return OTHERS.get(source.stem, {}).get(name, OTHER[name])


def cases():
    """Each notebook with each of its parameters, but the device, of which a machine may have one only."""
    for source in SOURCES:
        for name in parameters(source):
            if name != "device" and not (source.parent.name == "desired_images" and name == "dataset"):
                yield pytest.param(source, name, id=f"{source.parent.name}-{source.stem}-{name}")


@pytest.mark.parametrize(("source", "name"), list(cases()))
def test_each_parameter_changes_what_the_notebook_shows(source, name):
    other = another(source, name)
    assert other != small(source)[name]
    assert first_change(source, **{name: other}) is not None, f"{name} does nothing in {source.stem}"


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_same_parameters_show_the_same(source):
    """Else a change would say nothing of a parameter; as far as the tests above have looked."""
    done, _ = usual(source)
    for place, text in zip(range(max(done, default=0) + 1), executed(source, **small(source)), strict=False):
        assert text == shown(source, place), code(source)[place]


def named(name):
    """A notebook by chapter and name."""
    return next(source for source in SOURCES if f"{source.parent.name}/{source.stem}" == name)


@pytest.mark.parametrize(
    ("notebook", "changed", "message"),
    [
        ("restoring/quick_start", {"dataset": "cifar10"}, "dataset must be one of mnist, fashion_mnist, got 'cifar10'"),
        ("restoring/quick_start", {"targets": 3}, "unknown parameter 'targets'; accepted: dataset, seed, population, "),
        ("restoring/method", {"scale": "paper"}, "unknown parameter 'scale'; accepted: dataset, tables, seed, "),
        ("restoring/rates", {"mating_rate": 0.4}, "unknown parameter 'mating_rate'; accepted: dataset, tables, seed, "),
        ("restoring/rates", {"targets": 501}, "targets must be at most 500, got 501"),
        ("restoring/fitnesses", {"targets": 1}, "targets must be at least 2, got 1"),
        ("restoring/explore", {"population": 7}, "population must be even, got 7"),
        ("restoring/cliff", {"tables": "all"}, "tables must be one of stored, smoke, quick, paper, got 'all'"),
        ("desired_images/digits", {"dataset": "celeba64"}, "the recogniser knows Eyeglasses, Male, .*names 3"),
        ("desired_images/either", {"wish": "Digit(3)"}, r"wish must name two classes, such as .*, got 'Digit\(3\)'"),
        ("desired_images/faces", {"dataset": "mnist"}, "unknown parameter 'dataset'; accepted: tables, seed, "),
        ("desired_images/broken", {"repeats": 2}, "unknown parameter 'repeats'; accepted: tables, seed, "),
        ("desired_images/source", {"device": "abacus"}, "device must be one that torch can use here, got 'abacus'"),
        ("diversity/quick_start", {"size": 1}, "size must be at least 8, got 1"),
        ("diversity/quick_start", {"metric": "ssim"}, "metric must be one of rmse, ncc, got 'ssim'"),
        ("diversity/map", {"mutation_rate": 2}, r"mutation_rate must lie in \[0, 1\], got 2"),
        ("diversity/eyes", {"sets": 1}, "sets must be at least 4, got 1"),
        ("diversity/searches", {"population": 2}, "population must be at least 3, got 2"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_that_says_what_is_accepted(notebook, changed, message):
    source = named(notebook)
    with pytest.raises((ValueError, TraitError), match=message) as refused:
        list(executed(source, **small(source) | changed))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("notebook", "changed"),
    [
        ("restoring/method", {"dataset": "celeba", "targets": 1, "fitness": "ssim"}),
        ("restoring/rates", {"targets": 1, "dataset": "cifar10"}),
        ("restoring/fitnesses", {"dataset": "celeba", "population": 7}),
        ("restoring/descent", {"dataset": "cifar10", "targets": 1, "generations": 1}),
        ("restoring/cliff", {"dataset": "mnist", "targets": 2, "population": 7}),
        ("restoring/quick_start", {"population": 7, "generations": 1, "mating_rate": 0.0, "mutation_rate": 0.0}),
        ("desired_images/quick_start", {"dataset": "celeba64", "wish": "Smiling & ~Male", "population": 25}),
        ("desired_images/digits", {"dataset": "celeba64", "wish": "~Male", "population": 7}),
        ("desired_images/either", {"dataset": "celeba64", "wish": "Male | Smiling", "population": 4}),
        ("desired_images/broken", {"wish": "~Digit(1)", "population": 7, "generations": 1}),
        ("diversity/quick_start", {"dataset": "fashion_mnist", "metric": "ncc", "population": 7, "mating_rate": 0}),
        ("diversity/searches", {"dataset": "fashion_mnist", "metric": "ncc", "population": 3}),
        ("diversity/map", {"dataset": "fashion_mnist", "metric": "ncc", "population": 3, "mutation_rate": 1}),
        ("diversity/rivals", {"dataset": "fashion_mnist", "metric": "ncc", "population": 3}),
    ],
)
def test_every_combination_that_is_not_refused_works(notebook, changed):
    source = named(notebook)
    live = next((place for place, cell in enumerate(code(source)) if "results[" in cell), None)
    for _ in zip(range(live + 1) if live else count(), executed(source, **small(source) | changed), strict=False):
        pass


def follows(source):
    """By place, whether a cell follows from tables: it reads results, or what such a cell has given a name."""
    known, found = {"results"}, {}
    for place, cell in enumerate(code(source)):
        plain = "\n".join(line for line in cell.splitlines() if not line.lstrip().startswith(("!", "%")))
        nodes = list(ast.walk(ast.parse(plain)))
        read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        given = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        given |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
        found[place + bool(place)] = bool(read & known)  # papermill's cell comes second
        known = known | given if read & known else known - (given - {"results"})
    return found


@pytest.mark.parametrize("source", WITH_TABLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_with_computed_tables_every_table_figure_and_verdict_is_another(source, elsewhere):
    dependent = follows(source)
    assert any(dependent.values())
    for place, text in enumerate(executed(source, **small(source) | {"tables": "smoke"})):
        if dependent.get(place):
            assert text != shown(source, place) or not text, code(source)[place - 1]
            unbroken = re.sub(r"\s", "", code(source)[place - 1])
            lacking = [name for name in NEED_DATA.get(source.stem, ()) if f'"{name}")' in unbroken]
            assert text.startswith("Left out at smoke scale: table") == bool(lacking), text
        else:
            assert text == shown(source, place)
    assert list((elsewhere / "smoke" / source.parent.name).glob("*.csv"))


def test_what_is_computed_is_taken_up_again(elsewhere):
    first = Results("restoring", "smoke")["details"]
    finished = list((elsewhere / "smoke" / "restoring" / ".cells" / "details").glob("*.csv"))
    written = {path: path.stat().st_mtime_ns for path in finished}
    again = Results("restoring", "smoke")["details"]
    assert again.equals(first)
    assert {path: path.stat().st_mtime_ns for path in finished} == written
    assert set(first["scale"]) == {"smoke"}
