import io

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.figure import Figure
from PIL import Image

from latentlib.evolution import History
from latentlib.study import plots


def history(runs):
    best = torch.linspace(0, 1, 6)[:, None].expand(6, runs)
    passes = torch.arange(6)[:, None].expand(6, runs)
    return History.of({"best": best, "generation_best": best, "mean": best / 2, "passes": passes}).frame()


def scores():
    return pd.DataFrame({"dataset": ["a", "a", "b"], "mine": [0.1, 0.5, 0.9], "theirs": [0.2, 0.4, 0.8]})


def estimates():
    return pd.DataFrame({"name": ["x", "y"], "value": [0.1, 0.2], "low": [0.0, 0.1], "high": [0.2, 0.3]})


FIGURES = {
    "image_grid": lambda images: plots.image_grid(images),
    "image_grid with titles and a last row that is not full": lambda images: plots.image_grid(images, 3, list("abcde")),
    "image_grid in colour": lambda images: plots.image_grid(images.expand(-1, 3, -1, -1)),
    "image_rows": lambda images: plots.image_rows({"target": images, "restored": images[:3]}, list("abcde")),
    "fitness_curves of one run": lambda images: plots.fitness_curves({"ga": history(1)}),
    "fitness_curves of searches": lambda images: plots.fitness_curves(
        {"ga": history(3), "random": history(3)}, y="mean"
    ),
    "paired_scores": lambda images: plots.paired_scores(scores(), "mine", "theirs"),
    "intervals": lambda images: plots.intervals(estimates(), "gain"),
}


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_every_figure_is_drawn_as_an_opaque_picture(draw, fashion):
    figure = draw(fashion.images[:5])
    assert isinstance(figure, Figure)
    target = io.BytesIO()
    figure.savefig(target, format="png")
    assert target.getvalue().startswith(b"\x89PNG")
    pixels = np.asarray(Image.open(target).convert("RGBA"))
    assert (pixels[..., 3] == 255).all()
    assert len(np.unique(pixels[..., :3].reshape(-1, 3), axis=0)) > 10


def test_the_curves_are_the_means_over_runs():
    frame = history(2)
    frame.loc[frame["run"] == 1, "best"] += 1
    line = plots.fitness_curves({"ga": frame}).axes[0].lines[0]
    assert line.get_xdata().tolist() == [0, 1, 2, 3, 4, 5]
    assert line.get_ydata().tolist() == pytest.approx([0.5, 0.7, 0.9, 1.1, 1.3, 1.5])


def test_images_are_drawn_as_they_are(fashion):
    figure = plots.image_grid(fashion.images[:2], titles=["first", "second"])
    drawn = [axes.images[0].get_array() for axes in figure.axes if axes.images]
    assert len(drawn) == 2
    assert (torch.tensor(drawn[1]) == fashion.images[1, 0]).all()
    assert [axes.get_title() for axes in figure.axes[:2]] == ["first", "second"]


def test_genomes_of_all_pools_are_drawn_as_they_are_on_one_scale(random):
    pools = {"before": torch.randn(7, 5, generator=random), "after": torch.randn(3, 5, generator=random)}
    first, second, *_ = plots.genomes(pools).axes
    for place, (name, latents) in zip((first, second), pools.items(), strict=True):
        (shown,) = place.images
        assert place.get_title() == name
        assert np.array_equal(shown.get_array(), latents.numpy())
        assert shown.get_clim() == (-3, 3)


def test_a_figure_shows_and_saves_itself(fashion, tmp_path):
    figure = plots.image_grid(fashion.images[:2])
    assert figure._repr_png_().startswith(b"\x89PNG")
    plots.save(figure, tmp_path / "new" / "figure.png")
    assert Image.open(tmp_path / "new" / "figure.png").size[0] > 100


def test_lines_are_named_at_their_ends_or_in_a_legend():
    curves = {"ga": history(2), "random": history(2)}
    ends, boxed = (plots.fitness_curves(curves, legend=place).axes[0] for place in ("", "lower right"))
    assert [text.get_text() for text in ends.texts] == ["ga", "random"]
    assert ends.get_legend() is None
    assert [text.get_text() for text in boxed.get_legend().get_texts()] == ["ga", "random"]
    assert len(boxed.texts) == 0
