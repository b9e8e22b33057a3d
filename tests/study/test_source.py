"""The digest of code: what changes it, what does not, and what belongs to it."""

import ast
import importlib
import shutil
import sys
from functools import partial
from textwrap import dedent

import pytest
import tiny_sweep

from latentlib.study import source, tables
from latentlib.zoo import storage

FILES = {
    "lab/__init__.py": '"""A package."""\n',
    "lab/work.py": """
        '''A module.'''
        import json
        import torch
        from lab import near
        from latentlib.checks import check_rate

        def work(cell):
            '''A function.'''
            from lab.late import later  # not at once
            return near.step(cell) + later(2.5)
        """,
    "lab/near.py": """
        from .deep import helper

        class Step:
            '''A class.'''

        def step(cell):
            return f"{helper.thing(cell)!r:>10}"
        """,
    "lab/late.py": "def later(x, /, *, y=None): return x if y is None else -x\n",
    "lab/deep/__init__.py": "",
    "lab/deep/helper.py": "def thing(cell): return [cell, *cell] and {**cell}\n",
    "lab/unused.py": "VALUE = 1\n",
}


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A package of experiments; called with a file and a change it gives the digest of `lab.work` after it."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(dedent(text))
    monkeypatch.syspath_prepend(str(tmp_path))

    def digest(name=None, old="", new=""):
        if name:
            text = (tmp_path / name).read_text()
            assert old in text
            (tmp_path / name).write_text(text.replace(old, new))
        forget()
        return source.digest("lab.work")

    yield digest
    for name in [name for name in sys.modules if name.partition(".")[0] == "lab"]:
        del sys.modules[name]
    forget()


def forget():
    for function in (source.digest, source.path_of, source.imported, source.tree):
        function.cache_clear()
    importlib.invalidate_caches()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("lab/work.py", "A module", "Another module"),
        ("lab/work.py", "'A function.'", "'Other words about it.'"),
        ("lab/work.py", "  # not at once", ""),
        ("lab/near.py", "A class", "What a step is"),
        ("lab/work.py", "\n\n", "\n\n\n\n"),
        ("lab/late.py", "def later(x, /, *, y=None): return", "def later(x, /, *, y=None):\n    return"),
        ("lab/late.py", "x if y is None else -x", "(x if (y is None) else -x)"),
        ("lab/unused.py", "1", "2"),
        ("lab/__init__.py", "A package", "The package"),
    ],
)
def test_words_layout_and_what_is_not_imported_change_nothing(lab, name, old, new):
    assert lab() == lab(name, old, new) != tables.UNKNOWN


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("lab/work.py", "2.5", "2.50001"),
        ("lab/work.py", "import json", "import yaml"),
        ("lab/near.py", "!r", "!s"),
        ("lab/near.py", ">10", ">11"),
        ("lab/late.py", "is None", "is not None"),
        ("lab/late.py", "None)", "0)"),
        ("lab/late.py", "-x", "+x"),
        ("lab/late.py", "/, ", ""),
        ("lab/deep/helper.py", "[cell, *cell]", "[*cell, cell]"),
        ("lab/deep/helper.py", " and ", " or "),
        ("lab/deep/helper.py", "{**cell}", "{cell: cell}"),
        ("lab/deep/__init__.py", "", "import os"),
        ("lab/__init__.py", '"""\n', '"""\nSCALE = 2\n'),
    ],
)
def test_whatever_may_change_a_number_changes_the_digest(lab, name, old, new):
    assert lab() != lab(name, old, new) != tables.UNKNOWN


def test_what_a_module_imports_of_the_library_counts(lab, monkeypatch):
    before, plain = lab(), source.content
    monkeypatch.setattr(source, "content", lambda name: plain(name) + "x" * (name == "latentlib.checks"))
    assert lab() != before


def test_packages_of_others_do_not_count(lab):
    lab()
    assert {"lab.work", "lab.near", "lab.late", "lab.deep", "lab.deep.helper", "lab"} <= closure("lab.work")
    assert "lab.unused" not in closure("lab.work")
    assert not {name for name in closure("lab.work") if name.partition(".")[0] not in ("lab", "latentlib")}


def closure(*modules):
    """The modules whose content a digest reads."""
    read = set()
    with pytest.MonkeyPatch.context() as patch:
        source.digest.cache_clear()
        patch.setattr(source, "content", lambda name: read.add(name) or "")
        source.digest(*modules)
    source.digest.cache_clear()
    return read


def test_an_experiment_rests_on_its_settings_models_and_engine_but_not_on_how_sweeps_are_kept():
    read = closure("studies.restoring.experiments.rates")
    assert read >= {
        "studies.restoring.experiments.rates",
        "studies.restoring.experiments.targets",
        "studies.restoring.settings",
        "latentlib.evolution.genetic",
        "latentlib.models.jin_ko",
        "latentlib.fitness.ssim",
        "latentlib.zoo.storage",
    }
    assert not read & source.MACHINERY
    assert not {
        name for name in read if name.startswith(("latentlib.widgets", "latentlib.study.plots", "latentlib.cli"))
    }


def test_machinery_is_there():
    assert all(source.path_of(name) for name in source.MACHINERY)


def test_the_digest_of_a_function_is_that_of_its_module():
    expected = source.digest("tiny_sweep")
    assert len(expected) == 16
    for work in (tiny_sweep.numbers, partial(tiny_sweep.numbers), partial(partial(tiny_sweep.numbers), note=1)):
        assert source.digest_of(work) == expected


@pytest.mark.parametrize("modules", [("nowhere",), ("",), ("__main__",), ("tiny_sweep", "nowhere"), ("math",)])
def test_code_that_cannot_be_read_is_unknown(modules):
    assert source.digest(*modules) == "unknown"


def test_the_order_of_modules_does_not_count():
    assert source.digest("tiny_sweep", "latentlib.ssim_none") == "unknown"
    assert source.digest("tiny_sweep", "latentlib.checks") == source.digest("latentlib.checks", "tiny_sweep")


@pytest.mark.parametrize(
    "code", ["x = None", "x = ()", "x = [None]", "x = 0", "x = 0.0", "x = False", "x = ''", "x = b''"]
)
def test_values_that_are_alike_are_spelled_apart(code):
    others = ["x = None", "x = ()", "x = [None]", "x = 0", "x = 0.0", "x = False", "x = ''", "x = b''"]
    same = [other for other in others if spelled(other) == spelled(code)]
    assert same == [code]


def spelled(code):
    return "".join(source.spelled(ast.parse(code)))


def test_other_weights_are_another_digest_for_what_loads_them_and_for_nothing_else(monkeypatch, tmp_path):
    loading, other = "latentlib.study.assessment", "latentlib.checks"
    before = [source.digest(name) for name in (loading, other)]
    weights = shutil.copytree(storage.WEIGHTS / "judge", tmp_path / "judge")
    monkeypatch.setattr(storage, "WEIGHTS", weights)
    for cached in (source.digest, source.shipped):
        cached.cache_clear()
    after = [source.digest(name) for name in (loading, other)]
    for cached in (source.digest, source.shipped):
        cached.cache_clear()
    assert after[0] != before[0]
    assert after[1] == before[1]
