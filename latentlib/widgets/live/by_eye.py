"""The live figure to breed images by eye: nine of them, of which the reader picks the parents of the next nine."""

import base64
import re
from functools import cache
from typing import Any

import torch
import traitlets
from torch import nn

from latentlib import zoo
from latentlib.models.classifier import Classifier
from latentlib.widgets.live.figures import FrontEnd, Rate, shown
from latentlib.widgets.live.kernel import Answer, Buffers, Evolution, Settings, bytes_of

NARRATORS = {"mnist": "recogniser/mnist", "fashion_mnist": "judge/fashion_mnist", "celeba": None}  # by generator
GENES = 100  # of each of these generators
LONGEST = 200  # nines in a story
STEPS = 20  # of the mutation strength in a story, from 0 to 1
ALL = 2**9 - 1  # nine places as bits


@cache
def networks(dataset: str) -> tuple[nn.Module, Classifier | None]:
    """Return the generator of a data set and the network that names its images, if there is one, loaded once."""
    narrator = NARRATORS[dataset]
    return zoo.load_generator(f"restoring/{dataset}"), zoo.load_classifier(narrator) if narrator else None


class ByEye(Evolution):
    """Nine images, or more where the reader comes with a story: breeding itself is the front end's.

    Args:
        settings: values of the figure's traits.
        buffers: the latents, float32, one behind the other.
    """

    ASKED = ()

    def __init__(self, settings: Settings, buffers: Buffers) -> None:
        self.generator, self.narrator = networks(settings["dataset"])
        genes = torch.frombuffer(bytearray(buffers[0]), dtype=torch.float32)
        self.latents = genes.view(-1, GENES)

    @torch.no_grad()
    def population(self) -> Answer:
        """Return the images, and log-odds where a network names them; nobody has a fitness but in the reader's eye."""
        images = self.generator(self.latents).clamp(0, 1)
        count = len(images)
        parts = [torch.zeros(count), (images * 255).round().to(torch.uint8), self.latents]
        return {"passes": count}, bytes_of(*parts, *([self.narrator.log_odds(images)] if self.narrator else []))


def marks_of(story: str) -> list[int]:
    """Return what the reader marked on each nine, 24 bits each, from a story as the front end writes it.

    From the highest on: nine bits of who was picked, nine of who was locked, five of the mutation strength in
    twentieths, one for whether the same parents had other children.

    Raises:
        ValueError: for a text that tells no story, such as one in which nobody has children.
    """
    legible = re.fullmatch(r"([A-Za-z0-9_-]{4})*", story) is not None
    content = base64.urlsafe_b64decode(story) if legible else b""
    marks = [int.from_bytes(content[start : start + 3]) for start in range(0, len(content), 3)]
    strong = any((mark >> 1 & 31) > STEPS for mark in marks)
    if not legible or len(marks) > LONGEST or strong or not all(leads(mark) for mark in marks[:-1]):
        raise ValueError(f"story must be one that a figure has told, of at most {LONGEST} nines, got {story!r}")
    return marks


def leads(mark: int) -> bool:
    """Return whether another nine can follow: somebody has children, and there is room for them."""
    picked, locked, again = mark >> 15, mark >> 6 & ALL, mark & 1
    return locked != ALL and bool(picked or again)


class ByEyeFigure(FrontEnd):
    """Nine images, of which the reader picks the parents of the next nine: interactive evolution.

    The reader is the fitness, as in Picbreeder (Secretan et al. 2011), and the genes are a generator's latents, as in
    deep interactive evolution (Bontrager et al. 2018). A child has two parents, drawn from those picked, and each gene
    from one or the other (uniform crossover). Then all its genes z become sqrt(1 - s^2) z + s e with e from N(0, I),
    so that they remain draws from the prior however long one breeds. With one picked, children are mutated alone.

    Args:
        dataset: `mnist`, `fashion_mnist` or `celeba`, whose images have colours.
        strength: s of the mutation, in [0, 1].
        story: all that the reader has done, see `marks_of`. With the data set and the seed it gives the same images
            again; "" is a beginning.
        linked: whether the address of a page of the book can hold a story.
        values: as in `FrontEnd`.

    The figure also reports `latents`, the present nine of 100 genes each, and `picked`, the places of those picked,
    from 0.
    """

    evolution = ByEye

    figure = traitlets.Unicode("by_eye").tag(sync=True)
    dataset = traitlets.Enum(tuple(NARRATORS), "mnist").tag(sync=True)
    strength = Rate(0.4).tag(sync=True)
    story = traitlets.Unicode("").tag(sync=True)
    linked = traitlets.Bool(True)
    latents = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    picked = traitlets.List(traitlets.Int()).tag(sync=True)

    @traitlets.validate("story")
    def legible(self, proposal: Any) -> str:
        """Return the story, which must be one that a figure can have told."""
        try:
            marks_of(proposal.value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from error
        return str(proposal.value)


def by_eye(**values: Any) -> Any:
    """Return the live figure for breeding images by eye; arguments as in `ByEyeFigure`."""
    return shown(ByEyeFigure, figure="by_eye", **{"linked": True, **values})
