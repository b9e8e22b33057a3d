"""What is searched for: the fitness of every goal, on the runs of a contest or on those that are set aside."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, cast

import torch
from PIL import Image
from torch import Tensor, nn

from latentlib import zoo
from latentlib.fitness.diversity import Diversity
from latentlib.fitness.generated import Generated
from latentlib.fitness.recognition import LogRecognition
from latentlib.fitness.reconstruction import ReconstructionMSE
from latentlib.fitness.scored import Scored
from latentlib.fitness.wishes import read
from latentlib.models import adapt
from latentlib.models.classifier import Classifier
from latentlib.randomness import seeded
from studies.beyond.rivals.asking import library
from studies.beyond.settings import BLUR, JPEG, LABEL, RESTORING, WISHES, Sets, Settings, Sized
from studies.diversity.experiments.evaluator import METRICS
from studies.restoring.experiments.targets import drawn
from studies.restoring.settings import Settings as Restoring

ASIDE = 500  # added to the seed of what is set aside
QUALITY = 75  # of a JPEG file
WINDOW = 5  # pixels over which the blur of scikit-image is told; 11 by default, for photographs
PENALTY = 1.0  # for a wrong label: more than any two images can differ by


def fitness_of(settings: Settings, aside: bool = False) -> Generated:
    """Return the fitness of a goal, which measures brightness and contrast besides.

    Args:
        settings: with the goal.
        aside: whether it is for `trials` runs on targets, or with random numbers, that the contest does not use.
    """
    generator = generator_of(settings)
    runs = settings.trials if aside else settings.runs
    if settings.goal in (RESTORING, LABEL):
        made: Generated = TARGETED[settings.goal](generator, targets_of(settings, aside), settings)
    elif isinstance(settings, Sets):
        made = Diversity(generator, settings.size, METRICS["rmse"], runs)
    elif settings.goal in WISHES:
        recogniser = zoo.load_classifier(f"recogniser/{settings.dataset}", settings.device)
        made = LogRecognition(generator, recogniser, read(WISHES[settings.goal]), runs)
    else:
        made = Scored(generator, SCORES[settings.goal], runs)
    return made.with_measures(brightness, contrast)


def generator_of(settings: Settings) -> nn.Module:
    """Return the generator, with a random matrix before it where latents are of another size."""
    generator = zoo.load_generator(settings.model, settings.device)
    if not isinstance(settings, Sized):
        return generator
    turned = projected(generator, settings.genes, settings.seed).to(settings.device)
    return adapt(turned, settings.genes, output="unit")


def projected(generator: nn.Module, genes: int, seed: int) -> nn.Module:
    """Return a generator of latents (n, genes), each of whose own genes is N(0, 1) if theirs are."""
    own = int(cast(int, generator.latent_size))
    matrix = torch.randn(own, genes, generator=seeded(seed))
    turned = nn.Linear(genes, own, bias=False)
    turned.weight = nn.Parameter(nn.functional.normalize(matrix, dim=1), requires_grad=False)
    return nn.Sequential(turned, generator)


def targets_of(settings: Settings, aside: bool = False) -> Tensor:
    """Return real images (runs, channels, height, width), drawn at random: held out, or set aside for tuning."""
    seed, count = (settings.seed + ASIDE, settings.trials) if aside else (settings.seed, settings.runs)
    own = Restoring(settings.dataset, settings.scale, seed, device=settings.device, targets=count)
    return drawn(own, "train" if aside else "test")


class AnotherLabel(ReconstructionMSE):
    """Seek the image nearest to a target that a recogniser takes for the next digit: `1 - MSE`, less 1 for others.

    The label is a step without a gradient. Any image of the wanted digit beats all others.

    Args:
        generator: as in `Generated`.
        targets: as in `Reconstruction`.
        recogniser: a classifier of exclusive classes.
    """

    def __init__(self, generator: Callable[..., Any], targets: Tensor, recogniser: Classifier) -> None:
        super().__init__(generator, targets)
        self.recogniser = recogniser
        with torch.no_grad():
            self.wanted = (recogniser(self.targets).argmax(dim=1) + 1) % len(recogniser.classes)

    def score(self, images: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of images (n, channels, height, width) that belong to the runs (n,)."""
        wrong = self.recogniser(images).argmax(dim=1) != self.wanted[run]
        found: Tensor = super().score(images, run) - PENALTY * wrong
        return found


def labelled(generator: nn.Module, targets: Tensor, settings: Settings) -> AnotherLabel:
    """Return the goal of another label with the recogniser of the data set."""
    return AnotherLabel(generator, targets, zoo.load_classifier(f"recogniser/{settings.dataset}", settings.device))


def brightness(images: Tensor) -> Tensor:
    """Return the mean pixel (n,) of images (n, channels, height, width), in [0, 1]."""
    return images.flatten(1).mean(dim=1)


def contrast(images: Tensor) -> Tensor:
    """Return the deviation of the pixels (n,) of images (n, channels, height, width), in [0, 0.5]."""
    return images.flatten(1).std(dim=1, correction=0)


def jpeg_size(images: Tensor) -> list[float]:
    """Return the bytes of images (n, channels, height, width) as JPEG files; grey or in colour."""
    return [float(len(jpeg(image))) for image in (images.clamp(0, 1) * 255).round().byte().cpu()]


def jpeg(image: Tensor) -> bytes:
    """Return an image (channels, height, width) of bytes as a JPEG file."""
    pixels = image.permute(1, 2, 0).numpy()
    file = BytesIO()
    Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels).save(file, "jpeg", quality=QUALITY)
    return file.getvalue()


def sharpness(images: Tensor) -> list[float]:
    """Return 1 minus the blur (Crete et al. 2007) of images (n, channels, height, width), by scikit-image.

    A blank image, of which the blur is not defined, counts as blurred.
    """
    measure = library("skimage.measure")
    blurs = [
        measure.blur_effect(image.mean(axis=0), h_size=WINDOW) if image.std() > 0 else 1.0
        for image in images.cpu().double().numpy()
    ]
    return [1 - float(blur) for blur in blurs]


TARGETED: dict[str, Callable[[nn.Module, Tensor, Settings], Generated]] = {
    RESTORING: lambda generator, targets, _: ReconstructionMSE(generator, targets),
    LABEL: labelled,
}
SCORES: dict[str, Callable[[Tensor], Any]] = {JPEG: jpeg_size, BLUR: sharpness}
FREE = (LABEL, JPEG, BLUR)  # goals without a gradient
