"""Executors of the cells of a sweep: processes and machines, through Dask, which is imported only where it is used."""

import asyncio
import logging
import pickle
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pandas as pd
import torch
from tqdm.auto import tqdm

from latentlib.checks import check_at_least
from latentlib.study.sweep import Cell, Executor, Work, say, serial

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 8  # seconds within which a scheduler must answer
HERE, ELSEWHERE = 60, 600  # seconds without a worker after which a sweep ends, on this machine or on a cluster
LOOK = 2  # seconds between two checks of the workers
TASK = "__import__('latentlib.study.executors', fromlist=['unpacked']).unpacked(packed)"  # needs no library to be sent


@contextmanager
def choose(workers: int | None = None, scheduler: str | None = None) -> Iterator[Executor]:
    """Yield the executor for `Sweep.run`: processes here, a Dask cluster, or by default this process alone.

    When a worker dies, only the cell it was working on is lost, and another worker computes it again. When a cell
    fails, the sweep raises its error, but only after all others are finished and written. A sweep without workers
    ends after a while.

    Args:
        workers: processes on this machine, at least 1, each with one thread; a script that starts them needs
            `if __name__ == "__main__":`.
        scheduler: address of a running Dask cluster, such as `tcp://host:8786`. Its machines need latentlib, the
            studies and the data, but share no folder with this one.

    Raises:
        ValueError: for both at once, for fewer than 1 worker, or if Dask is not installed.
        OSError: if no scheduler answers.
    """
    if workers is None and scheduler is None:
        yield serial
        return
    check(workers, scheduler)
    if scheduler is not None:
        with connected(scheduler) as client:
            yield partial(submitted, client, ELSEWHERE)
    elif workers is not None:
        with started(workers) as client:
            yield lambda work, cells: submitted(client, HERE, partial(in_worker, work), cells)


def check(workers: int | None, scheduler: str | None) -> None:
    """Raise a ValueError for both at once, for fewer than 1 worker, or if Dask is not installed."""
    if workers is not None and scheduler is not None:
        raise ValueError("give workers or a scheduler, not both: a Dask cluster has its own workers")
    if workers is not None:
        check_at_least("workers", workers, 1)
    if find_spec("distributed") is None:
        raise ValueError("workers and a scheduler need Dask: pip install 'latentlib[cluster]'")


@contextmanager
def started(workers: int) -> Iterator["Client"]:
    """Yield a client of new processes on this machine."""
    import dask
    from distributed import Client, LocalCluster

    settings = {
        # each worker holds only the cell it works on; otherwise waiting cells would share the blame for its death
        "distributed.scheduler.worker-saturation": 1.0,
        # the nanny restarts a worker that died; by default Dask dismisses one that is late
        "distributed.deploy.lost-worker-timeout": "1000 days",
    }
    options = {"threads_per_worker": 1, "processes": True, "memory_limit": 0, "dashboard_address": "127.0.0.1:0"}
    with (
        dask.config.set(settings),
        LocalCluster(n_workers=workers, **options) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def connected(scheduler: str) -> Iterator["Client"]:
    """Yield a client of a running cluster, which goes on when this ends."""
    from distributed import Client

    check_answers(scheduler)
    with Client(scheduler, timeout=PATIENCE, set_as_default=False) as client:
        if not client.nthreads():
            tqdm.write(f"no worker has joined {scheduler} yet: waiting for the first", file=sys.stderr)
        yield client


def check_answers(scheduler: str) -> None:
    """Raise a ConnectionError unless a Dask scheduler answers; for a web server, the client would wait for ever."""
    from distributed import Security
    from distributed.comm.core import connect

    async def greet() -> None:
        async with asyncio.timeout(PATIENCE + 1):
            greeted = await connect(scheduler, PATIENCE, **Security().get_connection_args("client"))
            greeted.abort()

    try:
        with ThreadPoolExecutor(1) as thread:  # in a notebook, this thread already has a loop
            thread.submit(asyncio.run, greet()).result()
    except (ValueError, OSError, MemoryError) as error:
        reason = str(error) or "no greeting"
        raise ConnectionError(f"no Dask scheduler answers at {scheduler!r}: {reason}") from error


def in_worker(work: Work, cell: Cell) -> pd.DataFrame:
    """Return the rows of a cell, in one of several processes on this machine."""
    torch.set_num_threads(1)
    logging.getLogger("distributed.worker").setLevel(logging.CRITICAL)  # the client reports each error once
    return work(cell)


def submitted(
    client: "Client", patience: float, work: Work, cells: Sequence[Cell]
) -> Iterator[tuple[Cell, pd.DataFrame]]:
    """Yield each cell and its rows as they arrive, then raise the error of the first cell that failed, if any.

    Raises:
        ConnectionError: if the scheduler is lost.
        ChildProcessError: if there has been no worker for `patience` seconds, or one lacks a package.
    """
    import cloudpickle
    from distributed import as_completed

    packed = [{"packed": cloudpickle.dumps((work, cell))} for cell in cells]
    futures = dict(zip(client.map(eval, [TASK] * len(cells), packed, pure=False, key="cell"), cells, strict=True))
    failures = []
    for future, result in watched(client, as_completed(futures, client.loop, True, False), patience):
        future.release()  # otherwise it is computed again if its worker dies later
        if isinstance(result, pd.DataFrame):
            yield futures[future], result
        elif isinstance(result, CancelledError):
            raise ConnectionError("the connection to the Dask scheduler is lost; a re-run does only the rest")
        else:
            error = failure(*result)
            error.add_note(f"in the cell {futures[future]}")
            say(f"failed: {error}; in the cell {futures[future]}; the others go on")
            failures.append(error)
    if failures:
        failures[0].add_note(f"{len(failures)} of {len(cells)} cells failed; a re-run does only these again")
        raise failures[0]


def unpacked(packed: bytes) -> pd.DataFrame:
    """Return the rows of a pickled cell; a worker without the library fails here instead of hanging."""
    work, cell = pickle.loads(packed)
    rows: pd.DataFrame = work(cell)
    return rows


def watched(client: "Client", completed: Any, patience: float) -> Iterator[tuple[Any, Any]]:
    """Yield futures and results as they arrive; raise a ChildProcessError after `patience` seconds without a worker."""
    seen, looked = time.monotonic(), 0.0
    while not completed.is_empty():
        if completed.has_ready():
            yield next(completed)
            seen = time.monotonic()
            continue
        time.sleep(0.05)
        if (now := time.monotonic()) - looked > LOOK:
            looked = now
            with suppress(OSError):  # a lost scheduler cancels the futures
                seen = now if client.nthreads() else seen
            if now - seen > patience:
                raise ChildProcessError(
                    f"no worker has been there for {patience} seconds, as after a lack of memory; "
                    "a re-run does only the rest"
                )


def failure(_: type[Exception], error: Exception, traceback: Any) -> Exception:
    """Return the error of a cell that Dask gave up, with the worker's traceback; raise it if it concerns all cells."""
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        return ChildProcessError(f"each worker that took it up died, {error.allowed_failures + 1} in all")
    if isinstance(error, ModuleNotFoundError):
        raise ChildProcessError(
            f"a worker lacks a package ({error}): install latentlib, the studies and what they need on its machine; "
            "a re-run does only the rest"
        ) from error
    return error.with_traceback(traceback)
