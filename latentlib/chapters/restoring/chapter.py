"""The chapter as a whole: its sweeps at a scale, and the verdicts drawn from their tables."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from latentlib import zoo
from latentlib.chapters.restoring.experiments import published
from latentlib.chapters.restoring.experiments.rates import one_batch
from latentlib.chapters.restoring.plan import EVERY, plan
from latentlib.sweep import Spread, Sweep, read, serial

if TYPE_CHECKING:
    from latentlib.claims import Verdict


def run(
    scale: str,
    results: Path,
    device: str = "cpu",
    spread: Spread = serial,
    only: str | None = None,
    keep: bool = False,
) -> None:
    """Run, or take up again, the sweeps of the chapter; their tables lie in `results`.

    On a GPU the grids evolve as one batch, each run with rates of its own. What is timed runs alone.

    Args:
        scale: smoke, quick or paper.
        results: the folder of the tables.
        device: a torch device.
        spread: how cells are spread over processes or machines.
        only: the one sweep to run.
        keep: whether cells of a stored table count as finished, those of another machine too.

    Raises:
        ValueError: for a sweep that is not planned.
    """
    planned = plan(scale, device)
    names = [item.name for item in planned]
    if only is not None and only not in names:
        raise ValueError(f"sweep must be one of {', '.join(names)}, got {only!r}")
    for item in planned:
        if item.cells and only in (None, item.name):
            sweep = Sweep(item.name, item.work, results)
            if keep:
                sweep.unpack(item.cells)
            whole = device != "cpu" and item.name in ("grid", "courses")
            alone = serial if item.name == "timing" else spread
            sweep.run(item.cells, one_batch if whole else alone)


def tables(scale: str, results: Path, folder: Path, device: str = "cpu") -> dict[str, pd.DataFrame]:
    """The tables that lie in `results`, the published ones in `folder`, and the quality of the generators."""
    names = [item.name for item in plan(scale, device)]
    return {
        **{name: read(results, name) for name in names if (results / f"{name}.csv").exists()},
        "averages": published.averages(folder),
        "published_grids": published.grids(folder),
        "published_courses": published.courses(folder),
        "quality": quality(),
    }


def quality() -> pd.DataFrame:
    """How real each generator's images look to the judge, from its card; one row a data set."""
    cards = {name: zoo.card(f"restoring/{name}") for name in EVERY}
    return pd.DataFrame([{"dataset": name, **card["quality"]} for name, card in cards.items()])


def reproduce(
    scale: str,
    results: Path,
    folder: Path,
    device: str = "cpu",
    spread: Spread = serial,
    only: str | None = None,
    keep: bool = False,
) -> list["Verdict"]:
    """The sweeps at a scale, as `run`, then every verdict that their tables allow, written to `results/verdicts`."""
    from latentlib.chapters.restoring import verdicts  # late: they need scipy, which the sweeps do without

    run(scale, results, device, spread, only, keep)
    found = verdicts.decide(tables(scale, results, folder, device), scale)
    for verdict in found:
        verdict.save(results)
    return found
