"""Images, and the latents that they come from."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from torch import Tensor

from latentlib.study.names import spoken
from latentlib.study.plots.style import COLOURS, canvas, colour_bar, legend_below, panels

OTHERS = "#b4b9c0"  # founders of few genes


def show_image(axes: Axes, image: Tensor, title: str = "") -> None:
    """Draw one image (channels, height, width) in [0, 1], without ticks."""
    pixels = image.detach().cpu().clamp(0, 1).permute(1, 2, 0).numpy()
    axes.imshow(pixels.squeeze(), cmap="gray", vmin=0, vmax=1, interpolation="none")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    if title:
        axes.set_title(title, parse_math=False)  # a wish or a class name may hold a $


def image_grid(images: Tensor, columns: int = 10, titles: Sequence[str] = (), inches: float = 0.75) -> Figure:
    """Draw images (n, channels, height, width) in rows of `columns`, each with a title if given."""
    rows = -(-len(images) // columns)
    figure, axes = canvas(rows, columns, (columns * inches, rows * (inches + (0.25 if titles else 0.04))))
    for place in axes.flat:
        place.set_axis_off()
    for i, image in enumerate(images):
        show_image(axes.flat[i], image, titles[i] if titles else "")
    return figure


def image_rows(
    rows: Mapping[str, Tensor],
    titles: Sequence[str] = (),
    inches: float = 0.9,
    framed: Mapping[str, Sequence[bool] | Tensor] | None = None,
) -> Figure:
    """Draw one labelled row of images (n, channels, height, width) per key, with titles above the columns.

    Args:
        rows: images by label, at least 1 row.
        titles: one per column, or none.
        inches: side of an image.
        framed: which images of a row to frame, bool (n,), by label.
    """
    columns = max(map(len, rows.values()))
    figure, axes = canvas(len(rows), columns, ((columns + 1.2) * inches, len(rows) * inches + (0.3 if titles else 0)))
    for number, (label, images) in enumerate(rows.items()):
        line = axes[number]
        for i, place in enumerate(line):
            place.set_axis_off()
            if i < len(images):
                place.set_axis_on()
                show_image(place, images[i], titles[i] if titles and number == 0 else "")
                if framed and framed[label][i]:
                    place.spines[:].set(visible=True, color=COLOURS[0], linewidth=4)
        line[0].set_ylabel(spoken(label), rotation=0, ha="right", va="center", labelpad=8, parse_math=False)
    return figure


def genomes(pools: Mapping[str, Tensor], descent: Tensor | None = None) -> Figure:
    """Draw latents as they are, one panel per pool (n, genes): one row per latent, one column per gene.

    Args:
        pools: latents by title.
        descent: for a further panel, the founder of every gene of the last pool (n, genes), -1 where there is none.
    """
    titles = [*pools, *(["by founder"] if descent is not None else [])]
    figure, places = panels(titles, height=4.4, columns=3)
    for place, latents in zip(places, pools.values(), strict=False):
        shown = place.imshow(latents.cpu().numpy(), cmap="gray", vmin=-3, vmax=3, interpolation="none", aspect="auto")
    if descent is not None:
        places[-1].imshow(in_colours(descent), interpolation="none", aspect="auto")
        for rank, colour in enumerate(COLOURS):
            places[-1].plot([], [], "s", color=colour, label=f"founder {rank + 1}")
        places[-1].plot([], [], "s", color=OTHERS, label="others")
        legend_below(figure, places[-1])
    for place in places:
        place.set(xlabel="gene", yticks=[])
        place.spines[:].set_visible(False)
    places[0].set_ylabel("latent")
    colour_bar(figure, shown, places[: len(pools)], "value of the gene", location="bottom", shrink=0.5)
    return figure


def in_colours(descent: Tensor) -> np.ndarray:
    """Return a picture (n, genes, 4) of founders: the most frequent in colour, the others grey, none transparent."""
    numbers, counts = np.unique(descent[descent >= 0].cpu().numpy(), return_counts=True)
    frequent = numbers[counts.argsort()[::-1][: len(COLOURS)]]
    picture = np.zeros((*descent.shape, 4))
    picture[(descent >= 0).cpu().numpy()] = to_rgba(OTHERS)
    for founder, colour in zip(frequent, COLOURS, strict=False):
        picture[(descent == int(founder)).cpu().numpy()] = to_rgba(colour)
    return picture
