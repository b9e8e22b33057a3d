"""All drawing: every function returns a figure that is legible on a light and on a dark page.

A figure shows itself in a notebook as vector graphics on a light card. The book takes the card away and draws each
figure twice, once in the `DARK` colours, so that either theme has its own. Names are for people: whatever a table calls
`mnist, seed 1`, a figure calls MNIST, second generator (`latentlib.study.names`).
"""

from latentlib.study.plots.curves import budgets, courses, fitness_curves
from latentlib.study.plots.images import OTHERS, genomes, image_grid, image_rows, show_image
from latentlib.study.plots.scores import boxes, heat_map, intervals, label_dots, marks, paired_scores, two_surfaces
from latentlib.study.plots.style import (
    COLOURS,
    DARK,
    INK,
    PALE,
    PAPER,
    Picture,
    canvas,
    colour_bar,
    legend_below,
    mosaic,
    panels,
    save,
)
from latentlib.study.plots.values import tell

__all__ = [
    "COLOURS",
    "DARK",
    "INK",
    "OTHERS",
    "PALE",
    "PAPER",
    "Picture",
    "boxes",
    "budgets",
    "canvas",
    "colour_bar",
    "courses",
    "fitness_curves",
    "genomes",
    "heat_map",
    "image_grid",
    "image_rows",
    "intervals",
    "label_dots",
    "legend_below",
    "marks",
    "mosaic",
    "paired_scores",
    "panels",
    "save",
    "show_image",
    "tell",
    "two_surfaces",
]
