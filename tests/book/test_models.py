"""tools/book_models.py: the overview of models shows what each generator draws."""

import io
from pathlib import Path

import book_models
import numpy as np
from PIL import Image

from latentlib import zoo

WEIGHTS = Path(__file__).parents[2] / "latentlib/weights"


def test_every_generator_that_ships_draws_images_that_differ():
    drawn = book_models.pictures(WEIGHTS)
    assert {name.removeprefix("models/").removesuffix(".png") for name in drawn} == {
        name for name, entry in zoo.ENTRIES.items() if entry.generates and zoo.weights_path(name).exists()
    }
    for name, content in drawn.items():
        pixels = np.asarray(Image.open(io.BytesIO(content)), dtype=float)
        side = pixels.shape[0]
        assert pixels.shape == (side, 6 * (side + 4) - 4, 4), name
        first, second = pixels[:, :side, :3], pixels[:, side + 4 : 2 * side + 4, :3]
        assert (pixels[:, side : side + 4, 3] == 0).all(), "between them is the page, light or dark"
        assert (pixels[:, :side, 3] == 255).all()
        assert first.std() > 10, f"{name} is blank"
        assert np.abs(first - second).mean() > 5, f"{name} draws one image twice"


def test_the_overview_comes_first_and_leads_to_the_cards():
    made = book_models.models(WEIGHTS)
    generators, classifiers = made["overview.md"].split("</table>")[:2]
    assert generators.count("<img") == sum(
        zoo.ENTRIES[name].generates for name in zoo.ENTRIES if f">{name}<" in generators
    )
    assert "by attribute" in classifiers
    for name in ("restoring/mnist", "judge/celeba64_seed3"):
        place = book_models.anchor(name)
        assert f'<a href="#{place}">{name}</a>' in made["overview.md"]
        assert f"({place})=\n## {name}" in made["models.md"]
