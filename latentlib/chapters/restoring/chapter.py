"""The chapter as a whole: its sweeps at a scale, and the verdicts drawn from their tables."""

from pathlib import Path

import pandas as pd

from latentlib import zoo
from latentlib.chapters.restoring import verdicts
from latentlib.chapters.restoring.experiments import published
from latentlib.chapters.restoring.experiments.rates import one_batch
from latentlib.chapters.restoring.plan import EVERY, plan
from latentlib.claims import Verdict
from latentlib.sweep import Spread, Sweep, read, serial


def run(scale: str, results: Path, device: str = "cpu", spread: Spread = serial, only: str | None = None) -> None:
    """Run, or take up again, every sweep of the chapter, or `only` the one of that name; their tables lie in `results`.

    On a GPU the grids evolve as one batch, each run with rates of its own.

    Raises:
        ValueError: for a sweep that is not planned.
    """
    planned = plan(scale, device)
    names = [item.name for item in planned]
    if only is not None and only not in names:
        raise ValueError(f"sweep must be one of {', '.join(names)}, got {only!r}")
    for item in planned:
        if item.cells and only in (None, item.name):
            whole = device != "cpu" and item.name in ("grid", "courses", "colour_grid")
            Sweep(item.name, item.work, results).run(item.cells, one_batch if whole else spread)


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
) -> list[Verdict]:
    """The sweeps at a scale, then every verdict that their tables allow, written to `results/verdicts`."""
    run(scale, results, device, spread, only)
    found = verdicts.decide(tables(scale, results, folder, device), scale)
    for verdict in found:
        verdict.save(results)
    return found
