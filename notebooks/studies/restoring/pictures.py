"""What the chapter's notebooks draw beside the figures that chapters share: the cliff, suspect by suspect."""

from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from latentlib.study import plots
from studies.restoring import fingerprints
from studies.restoring.experiments.cliff import HYPOTHESES, MUTATION


def cliffs(runs: pd.DataFrame, folder: Path, fitness: str, label: str) -> Figure:
    """Draw a panel for each suspect: score by mutation rate, the paper's behind it; levels are removed.

    A thin line is a target, averaged over the mating rates, and the thick one the mean of the targets.

    Args:
        runs: of the sweep `cliff`.
        folder: of the published tables.
        fitness: `mse` or `ssim`.
        label: of the scores.
    """
    paper = fingerprints.surface_of_paper(folder, fitness).mean()
    figure, places = plots.panels(list(HYPOTHESES), height=1.9, columns=3)
    some = runs[runs["fitness"] == fitness]
    for place, name in zip(places, HYPOTHESES, strict=True):
        place.plot(paper.index, paper - paper.mean(), color=plots.PALE, linewidth=5, alpha=0.5, label="the paper's")
        each = fingerprints.last_scores(some[some["operators"] == name])
        lines = each.groupby(["dataset", "target", "mutation_rate"]).mean().unstack()  # noqa: PD010
        lines = lines.sub(lines.mean(axis=1), axis=0)
        for number, (_, line) in enumerate(lines.iterrows()):
            named: Any = {} if number else {"label": "a target"}
            place.plot(line.index, line, color=plots.COLOURS[0], linewidth=0.8, alpha=0.5, **named)
        middle, scores = lines.mean(), each.groupby("mutation_rate").mean()
        place.plot(lines.columns, middle, "o-", color=plots.COLOURS[0], markersize=4, label="their mean")
        plots.tell(place, lines.columns.astype(float), middle, (f"mutation {x:g}: {y:.4g}" for x, y in scores.items()))
        place.sharey(places[0])
        place.label_outer()
        place.set_xticks(MUTATION)
        place.title.set_fontsize(10)
    for place in places[-3:]:
        place.set_xlabel("mutation rate")
    for place in places[::3]:
        place.set_ylabel(f"{label}, centred")
    plots.legend_below(figure, places[0])
    return figure
