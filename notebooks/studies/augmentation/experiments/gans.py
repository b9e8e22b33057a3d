"""The GANs of forty images: how real their images are, how much they remember, and whose labels can be trusted."""

from typing import cast

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional

from latentlib.models import gagan
from latentlib.randomness import seeded
from latentlib.study import realism
from latentlib.study.training import recipes
from studies.augmentation.draws import Draw, draw, together
from studies.augmentation.experiments.bench import Bench
from studies.augmentation.experiments.measures import judges, one
from studies.augmentation.networks import CHANNELS, LATENTS, RECIPE, RIVAL, classifier, gan, shape_of, trained
from studies.augmentation.settings import Settings

PER_CLASS, AUGMENTED, CONDITIONAL, JOINT = "one a class", "one a class, DiffAugment", "conditional", "joint, labelled"
UNTRAINED, REAL, OTHERS = "untrained", "real test images", "real, nearest class"
COUNT = 500  # images of a class that are compared, if the test set has twice as many


def gans(settings: Settings) -> pd.DataFrame:
    """Return, one row per `kind` of images and `name` of a class, how good they are.

    Columns: `fid` to the real test images of the class, by the mean of the judges; `nearest`, `agreement` and `spread`
    as in `measures.described`; `fooled`, the share that the judges see as another of our classes. Kinds: GANs of each
    class, with and without DiffAugment; one conditional GAN; one joint GAN whose images the draw's classifier labels;
    an untrained one; and as floors as many real images of this class, and of that class of ours which is nearest.
    """
    drawn = draw(settings)
    made = generated(settings, drawn)
    rows = []
    for kind, by_class in made.items():
        for label, images in enumerate(by_class):
            if len(images) > 1:
                found = one(settings.dataset, label, images, drawn)
                facts = {"fid": distance(settings.dataset, images, label, drawn), "fooled": 1 - found["agreement"]}
                rows.append({"kind": kind, "name": drawn.classes[label], **found, **facts})
    return pd.DataFrame(rows)


def generated(settings: Settings, drawn: Draw) -> dict[str, list[Tensor]]:
    """Return images by kind and class."""
    bench, count = Bench(settings, drawn.training, drawn.classes), compared(drawn)
    seeds = [settings.seed_of("gan", label) for label in range(len(drawn.classes))]
    latents = settings.seed_of("images")
    by_class = list(zip(drawn.training, seeds, strict=True))
    varied = [gan(images, settings.steps, seed, augmented=True) for images, seed in by_class]
    labelled, truth = together(drawn.training)
    whole = gan(labelled, settings.steps * len(drawn.classes), settings.seed_of("joint gan"))
    labeller = classifier(labelled, truth, drawn.classes, settings.fitting, settings.seed_of("labeller"))
    joint = whole.images(count * len(drawn.classes), latents)
    seen_as = realism.probabilities(labeller, joint).argmax(dim=1)
    real = real_images(drawn)
    return {
        PER_CLASS: [made.images(count, latents) for made in bench.gans],
        AUGMENTED: [made.images(count, latents) for made in varied],
        CONDITIONAL: conditional(labelled, truth, settings, len(drawn.classes), count),
        JOINT: [joint[seen_as == label][:count] for label in range(len(drawn.classes))],
        UNTRAINED: [gan(images, 0, seed).images(count, latents) for images, seed in by_class],
        REAL: real,
        OTHERS: [nearest_other(settings.dataset, label, real, drawn) for label in range(len(drawn.classes))],
    }


def compared(drawn: Draw) -> int:
    """Return how many images of each kind are compared: of each class half of the test images, `COUNT` at most."""
    return min(COUNT, int(drawn.labels.bincount().min()) // 2)


def real_images(drawn: Draw) -> list[Tensor]:
    """Return real test images by class which are not those that generated ones are compared with."""
    count = compared(drawn)
    return [drawn.test[drawn.labels == label][count : 2 * count] for label in range(len(drawn.classes))]


def nearest_other(dataset: str, label: int, real: list[Tensor], drawn: Draw) -> Tensor:
    """Return the real images of that other class whose FID to a class is least."""
    others = [place for place in range(len(real)) if place != label]
    return real[min(others, key=lambda place: distance(dataset, real[place], label, drawn))]


def distance(dataset: str, images: Tensor, label: int, drawn: Draw) -> float:
    """Return the FID of images to the first real test images of a class, by the mean of the judges."""
    real = drawn.test[drawn.labels == label][: compared(drawn)]
    return float(np.mean([realism.fid(judge, real, images) for judge in judges(dataset)] or [np.nan]))


class Labelled(nn.Module):
    """Give a network its label as further latents (a generator) or channels (a discriminator)."""

    def __init__(self, network: nn.Module, classes: int) -> None:
        super().__init__()
        self.network, self.classes, self.labels = network, classes, torch.zeros(0, dtype=torch.long)
        self.latent_size = LATENTS

    def forward(self, given: Tensor) -> Tensor:
        """Return what the network makes of latents (n, genes) or images (n, channels, side, side) and `labels` (n,)."""
        codes = functional.one_hot(self.labels, self.classes).to(given)
        if given.ndim == 4:
            codes = codes[:, :, None, None].expand(-1, -1, *given.shape[2:])
        said: Tensor = self.network(torch.cat([given, codes], dim=1))
        return said


def conditional(images: Tensor, labels: Tensor, settings: Settings, classes: int, count: int) -> list[Tensor]:
    """Return images by class of one GAN that is told the class, trained on all classes for as many steps as theirs."""
    shape, seed = shape_of(images), settings.seed_of("conditional gan")
    random = seeded(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = gagan.Generator(shape, LATENTS + classes, CHANNELS)
        rival = gagan.Discriminator((shape[0] + classes, *shape[1:]), channels=RIVAL)
        made, judged = Labelled(network, classes), Labelled(rival, classes)

        def tell(truth: Tensor) -> None:
            made.labels = judged.labels = truth

        steps = settings.steps * classes
        average = cast(Labelled, trained(made, judged, RECIPE, (images, labels), steps, random, tell))
    average.labels = torch.arange(500) % classes
    recipes.renormalise(average, seed, count=10)
    return [of_class(average.eval(), label, count, settings.seed_of("images")) for label in range(classes)]


@torch.no_grad()
def of_class(network: Labelled, label: int, count: int, seed: int) -> Tensor:
    """Return images of one class of a conditional generator."""
    network.labels = torch.full((count,), label)
    images: Tensor = network(torch.randn(count, LATENTS, generator=seeded(seed)))
    return images
