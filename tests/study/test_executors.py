"""Sweeps over processes, with real workers and real kills."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import dask
import pandas as pd
import pytest
import tiny_sweep
from distributed import LocalCluster

from latentlib.study import executors
from latentlib.study.sweep import Sweep

ONCE = dict.fromkeys(range(6), 1)
MANY = {"distributed.scheduler.allowed-failures": 3}  # Dask's own default


@pytest.fixture(scope="module")
def cluster():
    """A cluster that runs already."""
    patience = {"distributed.scheduler.allowed-failures": 0, "distributed.scheduler.worker-saturation": 1.0}
    with dask.config.set(patience), LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as running:
        yield running


@pytest.fixture
def cells(tmp_path):
    return tiny_sweep.trials(tmp_path / "calls")


@pytest.fixture
def sweep(tmp_path):
    return Sweep("trial", tiny_sweep.numbers, tmp_path / "results")


def as_in_one_process(sweep, cells):
    return replace(sweep, work=tiny_sweep.numbers, folder=sweep.folder / "serial").run(cells)


def assert_alike(table, other):
    hidden = ["seconds", "date"]
    pd.testing.assert_frame_equal(table.drop(columns=hidden), other.drop(columns=hidden))


def soon(condition):
    """What the condition gives once it is true."""
    deadline = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


@pytest.mark.usefixtures("one_thread")
def test_a_worker_killed_in_the_middle_loses_only_its_cell(sweep, cells, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")  # of this machine; workers take one all the same
    sweep = replace(sweep, work=tiny_sweep.waiting_to_be_killed)
    calls = tmp_path / "calls"
    with executors.choose(workers=2) as executor, ThreadPoolExecutor(1) as aside:
        running = aside.submit(sweep.run, cells, executor)
        victim = soon(lambda: [text for path in calls.glob(f"{tiny_sweep.ODD_ONE}.*") if (text := path.read_text())])
        soon(lambda: sweep.path(cells[0]).exists())  # written while others are at work
        assert not running.done()
        os.kill(int(victim[0]), signal.SIGKILL)
        table = running.result(timeout=60)
    assert tiny_sweep.calls_by_seed(calls) == ONCE | {tiny_sweep.ODD_ONE: 2}
    assert_alike(table, as_in_one_process(sweep, cells))


@pytest.mark.usefixtures("one_thread")
def test_a_cluster_that_runs_already_is_used_and_left_running(cluster, sweep, cells, tmp_path):
    for more in (3, 6):
        with executors.choose(scheduler=cluster.scheduler_address) as executor:
            table = sweep.run(cells[:more], executor)
    assert tiny_sweep.calls_by_seed(tmp_path / "calls") == ONCE
    assert str(os.getpid()) not in {path.read_text() for path in (tmp_path / "calls").iterdir()}
    assert_alike(table, as_in_one_process(sweep, cells))


def test_a_cell_that_fails_is_named_and_the_others_are_finished(cluster, sweep, cells, tmp_path, capsys):
    with (
        executors.choose(scheduler=cluster.scheduler_address) as executor,
        pytest.raises(
            ValueError, match=r"this rate cannot be\nin the cell Trial\(seed=2.*\n1 of 6 cells failed"
        ) as told,
    ):
        replace(sweep, work=tiny_sweep.failing).run(cells, executor)
    assert "failed: this rate cannot be; in the cell Trial(seed=2" in capsys.readouterr().err
    assert told.traceback[-1].name == "failing", "the traceback leads to where it happened, in another process"
    sweep.run(cells)
    assert tiny_sweep.calls_by_seed(tmp_path / "calls") == ONCE


def test_a_cell_that_kills_its_workers_is_named_and_the_others_are_kept(cluster, sweep, cells, tmp_path):
    with (
        executors.choose(scheduler=cluster.scheduler_address) as executor,
        pytest.raises(
            ChildProcessError, match=r"each worker that took it up died, 1 in all\nin the cell Trial\(seed=2"
        ),
    ):
        replace(sweep, work=tiny_sweep.deadly).run(cells, executor)
    sweep.run(cells)
    assert tiny_sweep.calls_by_seed(tmp_path / "calls") == ONCE


def test_a_cluster_without_workers_is_waited_for_aloud(capsys):
    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as empty,
        executors.choose(scheduler=empty.scheduler_address),
    ):
        assert "no worker has joined tcp://127.0.0.1:" in capsys.readouterr().err


def test_a_scheduler_lost_on_the_way_is_told(sweep, cells, monkeypatch):
    monkeypatch.setitem(dask.config.config["distributed"]["comm"]["timeouts"], "connect", "1s")
    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as lost,
        executors.choose(scheduler=lost.scheduler_address) as executor,
        ThreadPoolExecutor(1) as aside,
    ):
        running = aside.submit(sweep.run, cells, executor)
        time.sleep(0.5)
        lost.close()
        with pytest.raises(ConnectionError, match=r"the Dask scheduler is lost"):
            running.result(timeout=30)


@pytest.mark.parametrize(
    ("address", "reason"),
    [("tcp://127.0.0.1:{port}", "no greeting"), ("tcp://127.0.0.1:1", "Timed out"), ("x", "missing port")],
)
def test_what_is_no_scheduler_is_told_in_time(address, reason, monkeypatch):
    monkeypatch.setattr(executors, "PATIENCE", 1)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(ConnectionError, match=f"no Dask scheduler answers at .*{reason}"),
        executors.choose(scheduler=address.format(port=silent.getsockname()[1])),
    ):
        pass


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers must be at least 1, got 0"),
        ({"workers": 2, "scheduler": "tcp://127.0.0.1:8786"}, "give workers or a scheduler, not both"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message), executors.choose(**options):
        pass


def test_without_dask_one_learns_how_to_get_it(monkeypatch):
    monkeypatch.setattr(executors, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"pip install 'latentlib\[cluster\]'"), executors.choose(workers=2):
        pass


@pytest.fixture
def lone_scheduler():
    with LocalCluster(n_workers=0, dashboard_address=":0") as cluster:
        yield cluster.scheduler_address


@contextmanager
def lone_worker(scheduler, folder, *options):
    """A worker of one thread without a nanny, in a process of its own."""
    path = os.pathsep.join([str(Path(tiny_sweep.__file__).parent), *sys.path])
    command = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        scheduler,
        "--nthreads",
        "1",
        "--no-nanny",
        *options,
    ]
    with (folder / "worker.log").open("w") as log:
        worker = subprocess.Popen(command, cwd=folder, stderr=log, stdout=log, env=os.environ | {"PYTHONPATH": path})
        yield worker
        worker.kill()
        worker.wait()


LACKING = """
import sys

class Lacking:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("latentlib", "tiny_sweep"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Lacking())
"""


def test_a_worker_that_lacks_the_library_ends_the_sweep_and_says_what_to_install(
    lone_scheduler, sweep, cells, tmp_path
):
    (tmp_path / "lacking.py").write_text(LACKING)
    with (
        lone_worker(lone_scheduler, tmp_path, "--preload", str(tmp_path / "lacking.py")),
        executors.choose(scheduler=lone_scheduler) as executor,
        ThreadPoolExecutor(1) as aside,
        pytest.raises(ChildProcessError, match=r"lacks a package \(No module named 'latentlib'\): install latentlib"),
    ):
        aside.submit(sweep.run, cells, executor).result(timeout=60)


def test_a_sweep_that_lost_its_last_worker_ends_and_a_rerun_does_the_rest(
    lone_scheduler, sweep, cells, tmp_path, monkeypatch
):
    monkeypatch.setattr(executors, "ELSEWHERE", 1)
    monkeypatch.setattr(executors, "LOOK", 0.2)
    waiting, calls = replace(sweep, work=tiny_sweep.waiting_to_be_killed), tmp_path / "calls"
    with (
        lone_worker(lone_scheduler, tmp_path) as worker,
        executors.choose(scheduler=lone_scheduler) as executor,
        ThreadPoolExecutor(1) as aside,
    ):
        soon(executor.args[0].nthreads)
        running = aside.submit(waiting.run, cells, executor)
        soon(lambda: list(calls.glob(f"{tiny_sweep.ODD_ONE}.*")))
        worker.kill()
        with pytest.raises(ChildProcessError, match="no worker has been there for 1 seconds"):
            running.result(timeout=60)
    sweep.run(cells)
    assert tiny_sweep.calls_by_seed(calls) == ONCE | {tiny_sweep.ODD_ONE: 2}


@pytest.mark.usefixtures("one_thread")
def test_a_worker_that_is_late_in_coming_back_is_waited_for(sweep, cells, tmp_path):
    """By default Dask sends a worker's nanny away 15 s after a death if it is not back just then, for ever."""
    sweep, calls = replace(sweep, work=tiny_sweep.waiting_to_be_killed), tmp_path / "calls"
    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "1ms", **MANY}),
        executors.choose(workers=1) as executor,
        ThreadPoolExecutor(1) as aside,
    ):
        running = aside.submit(sweep.run, cells, executor)
        victim = soon(lambda: [text for path in calls.glob(f"{tiny_sweep.ODD_ONE}.*") if (text := path.read_text())])
        os.kill(int(victim[0]), signal.SIGKILL)
        running.result(timeout=100)
    assert tiny_sweep.calls_by_seed(calls) == ONCE | {tiny_sweep.ODD_ONE: 2}


def test_work_that_is_in_no_module_travels(cluster, sweep, cells):
    with executors.choose(scheduler=cluster.scheduler_address) as executor:
        table = replace(sweep, work=lambda cell: tiny_sweep.numbers(cell)[:1]).run(cells, executor)
    assert len(table) == 6


def test_a_cell_without_rows_is_named_by_its_worker(cluster, sweep, cells):
    with (
        executors.choose(scheduler=cluster.scheduler_address) as executor,
        pytest.raises(ValueError, match="work must return a table with rows, got an empty table for the cell"),
    ):
        replace(sweep, work=lambda cell: tiny_sweep.numbers(cell)[: cell.seed]).run(cells, executor)
