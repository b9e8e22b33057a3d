import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from PIL import Image

from latentlib.evolution import History
from latentlib.study import plots
from latentlib.study.plots.curves import apart


def history(runs):
    best = torch.linspace(0, 1, 6)[:, None].expand(6, runs)
    passes = torch.arange(6)[:, None].expand(6, runs)
    return History.of({"best": best, "generation_best": best, "mean": best / 2, "passes": passes}).frame()


def scores():
    return pd.DataFrame({"dataset": ["a", "a", "b"], "mine": [0.1, 0.5, 0.9], "theirs": [0.2, 0.4, 0.8]})


def estimates(**more):
    return pd.DataFrame({"name": ["x", "y"], "value": [0.1, 0.2], "low": [0.0, 0.1], "high": [0.2, 0.3], **more})


def surface(shift=0.0):
    rates = pd.Index([0.1, 0.3, 0.5])
    return pd.DataFrame(np.arange(9.0).reshape(3, 3) + shift, rates, rates)


def slices():
    targets = pd.MultiIndex.from_tuples([("mnist", 0), ("mnist", 1), ("celeba", 0)], names=[0.3, "target"])
    return surface().set_axis(targets)


def courses(targets):
    frame = pd.DataFrame({"dataset": "mnist", "rate": 0.2, "iteration": [1, 50] * targets})
    return frame.assign(score=np.arange(2 * targets) / 10)


def costs():
    columns = {"dataset": "mnist", "method": list("aaab"), "iteration": [1, 2, 2, 9], "passes": [10, 20, 30, 25]}
    return pd.DataFrame({**columns, "score": [0.1, 0.2, 0.4, 0.5]})


def truths():
    return pd.DataFrame({("mse", "one"): [True, False], ("ssim", "one"): [False, False]}, ["x", "y"])


def dots():
    figure, (place,) = plots.panels(["x"])
    place.scatter([0, 1, 1], [0, 1, 0.9])
    plots.label_dots(place, [0, 1], [0, 1], ["4|8", "1|7"])
    return figure


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
    "intervals": lambda images: plots.intervals(estimates(), "gain", ("worse", "better")),
    "intervals of several dots a row": lambda images: plots.intervals(
        estimates(dot=["mnist", "celeba"]), "gain", ("worse", "better")
    ),
    "heat_map": lambda images: plots.heat_map(surface(), "score"),
    "two_surfaces": lambda images: plots.two_surfaces(surface(), surface(9), slices(), "score"),
    "courses": lambda images: plots.courses(courses(4), courses(1), "rate", "score"),
    "budgets": lambda images: plots.budgets(costs(), "score"),
    "marks": lambda images: plots.marks(truths(), ["mse", "ssim"]),
    "labelled dots": lambda images: dots(),
    "genomes by founder": lambda images: plots.genomes(
        {"after": torch.zeros(2, 2)}, descent=torch.tensor([[0, 1], [1, -1]])
    ),
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


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_all_ink_of_a_figure_has_a_colour_for_a_dark_page(draw, fashion):
    """What is drawn in another, such as matplotlib's black, would not be seen there."""
    svg = draw(fashion.images[:5])._repr_svg_()
    used = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", svg))
    assert used <= {*plots.DARK, plots.PAPER, plots.PALE, plots.OTHERS}
    drawn = re.findall(r'<g id="text_\d+">(.*?)</g>(?=<g id|</g>)', svg)
    assert all("fill: " in text for text in drawn)  # without one a text is black


def test_the_same_figure_is_the_same_text():
    first, second = (plots.fitness_curves({"ga": history(3)})._repr_svg_() for _ in range(2))
    assert first == second
    assert "\n" not in first


def test_the_names_in_a_figure_are_for_people():
    frame = estimates(dot=["mnist, seed 1", "celeba"])
    figure = plots.intervals(frame.assign(name="adam, starts 10"), "gain", ("worse", "better"))
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["MNIST, second generator", "CelebA"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["Adam, 10 starts"]


def test_both_surfaces_have_one_scale_around_their_means():
    paper, ours, slice_, *_ = plots.two_surfaces(surface(), surface(9) / 2, slices(), "score").axes
    assert paper.images[0].get_clim() == ours.images[0].get_clim() == (-4, 4)
    assert paper.images[0].get_array().mean() == ours.images[0].get_array().mean() == 0
    theirs = slice_.lines[-2].get_ydata()
    assert list(theirs) == [-1, 0, 1]  # the row of mating rate 0.3, centred


def test_near_zero_a_surface_has_the_colour_of_the_page():
    """So that it neither glares in the dark nor looks like something on a light page."""
    surface_of_ours = plots.two_surfaces(surface(), surface(), slices(), "score").axes[1].images[0]
    alphas = surface_of_ours.to_rgba(np.array([-4, -2, 0, 2, 4]))[:, 3]
    assert alphas == pytest.approx([1, 0.5, 0, 0.5, 1], abs=0.02)


def test_slices_show_every_target_and_their_mean():
    place = plots.two_surfaces(surface(), surface(), slices(), "score").axes[2]
    assert [line.get_label() for line in place.lines if not line.get_label().startswith("_")] == [
        *("MNIST", "CelebA", "the paper's mean")
    ]
    thin = [line for line in place.lines if line.get_linewidth() < 0.8]
    assert [list(line.get_ydata()) for line in thin] == [[-1, 0, 1]] * 3


def test_courses_are_means_with_a_band_over_the_targets():
    place = plots.courses(courses(4), courses(1), "rate", "score").axes[0]
    (band,) = place.collections  # the paper has one number, and so no band
    assert place.lines[0].get_ydata().tolist() == pytest.approx([0.3, 0.4])
    low, high = np.sort(band.get_paths()[0].vertices[:, 1])[[0, -1]]
    assert (low, high) == pytest.approx((0.06, 0.64))


def spots(figure):
    """What the marks of a figure say, with their boxes (x, y, width, height) in the SVG."""
    root = ElementTree.fromstring(figure._repr_svg_())
    boxes = root.findall(".//{*}g[@class='values']/{*}rect")
    return {
        box.find("{*}title").text: [float(box.get(side)) for side in ("x", "y", "width", "height")] for box in boxes
    }


def test_every_cell_of_a_surface_says_its_score():
    told = spots(plots.two_surfaces(surface(), surface(9), slices(), "score"))
    assert told.keys() >= {"mating 0.3, mutation 0.5: 5", "mating 0.3, mutation 0.5: 14"}
    x, y, width, height = told["mating 0.1, mutation 0.3: 1"]
    assert told["mating 0.1, mutation 0.5: 2"] == pytest.approx([x + width, y, width, height], abs=0.2)
    assert told["mating 0.3, mutation 0.3: 4"] == pytest.approx([x, y - height, width, height], abs=0.2)


def test_what_a_mark_says_lies_on_the_mark():
    figure = plots.intervals(estimates(dot=["mnist", "a < b"]), "gain", ("worse", "better"))
    told = spots(figure)
    assert list(told) == ["x, MNIST: 0.1 [0, 0.2]", "y, a < b: 0.2 [0.1, 0.3]"]
    svg = figure._repr_svg_()
    markers = [(float(x), float(y)) for x, y in re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)" style="fill', svg)]
    for x, y, width, height in told.values():
        inside = [(a, b) for a, b in markers if 0 < a - x < width and 0 < b - y < height]
        assert len(inside) == 1
        assert inside[0] == pytest.approx((x + width / 2, y + height / 2), abs=0.5)


def test_a_figure_whose_marks_say_nothing_has_no_boxes():
    assert "values" not in plots.budgets(costs(), "score")._repr_svg_()


def test_marks_are_filled_where_true():
    rows = plots.marks(truths(), ["mse", "ssim"]).axes[0].collections
    assert [[face[3] for face in row.get_facecolors()] for row in rows] == [[1, 0], [0, 0]]


def test_costs_are_means_over_targets():
    line = plots.budgets(costs(), "score").axes[0].lines[0]
    assert line.get_xdata().tolist() == [10, 25]
    assert line.get_ydata().tolist() == pytest.approx([0.1, 0.3])


@pytest.mark.parametrize(
    ("heights", "spread"),
    [([0, 50], [0, 50]), ([10, 10], [5, 15]), ([0, 1, 100], [-4.5, 5.5, 100]), ([0, 9, 18], [-1, 9, 19]), ([], [])],
)
def test_labels_move_as_little_as_it_takes(heights, spread):
    assert apart(heights, least=10) == pytest.approx(spread)


def test_genes_of_frequent_founders_are_coloured_and_mutated_ones_left_out():
    shown = plots.genomes({"after": torch.zeros(2, 3)}, torch.tensor([[7, 7, 3], [7, -1, 3]])).axes[1].images[0]
    picture = shown.get_array()
    assert picture[1, 1, 3] == 0
    assert (picture[0, 0] == to_rgba(plots.COLOURS[0])).all()
    assert (picture[0, 2] == to_rgba(plots.COLOURS[1])).all()


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
    root = ElementTree.fromstring(figure._repr_svg_())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    plots.save(figure, tmp_path / "new" / "figure.png")
    assert Image.open(tmp_path / "new" / "figure.png").size[0] > 100


def test_lines_are_named_at_their_ends():
    place = plots.fitness_curves({"adam": history(2), "random": history(2)}).axes[0]
    assert sorted(text.get_text() for text in place.texts) == ["Adam", "random"]
    assert place.get_legend() is None
