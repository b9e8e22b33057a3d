"""The networks that the paper lists, as we trained them: whether their images are usable, and the searches on them."""

import pandas as pd
import torch
from torch import Tensor

from latentlib import data, zoo
from latentlib.models.inference import folded
from latentlib.randomness import seeded
from latentlib.study import realism
from studies.diversity.experiments.judges import ensemble
from studies.diversity.experiments.searches import searches
from studies.diversity.settings import Sets, Settings

STANDS_FOR = {  # what a cell is in the paper
    "mnist": "MNIST; the listed network",
    "fashion_mnist": "Fashion-MNIST; the listed network",
    "lfw": "Facity; the listed network of faces, its channels a quarter of the listed ones",
}
GENERATED, REAL, UNTRAINED = "generated", "real", "untrained"
DRAWN = 400_000  # added to the seed, so that no latent is one of another experiment


def listed_searches(settings: Settings) -> pd.DataFrame:
    """Return what `searches` does for a listed network, and what the cell `stands_for` in the paper."""
    return searches(settings).assign(stands_for=STANDS_FOR[settings.dataset])


def usable(settings: Sets) -> pd.DataFrame:
    """Return of how many images of a listed network the judges are sure, beside real images and an untrained network.

    One row per `kind` and number of judges `sure`, from 0 to `judges`: `images`, how many of these so many are sure of;
    `fid_1`, `fid_2` and so on of all images of the kind to the held-out real ones, in the features of each judge, and
    for the real ones, as a floor, that of training images; `stands_for`, as in `listed_searches`. Each
    kind has as many images: `sets` times `size`, or as many as are held out if these are fewer. LFW is seen by the judges of CelebA's attributes.

    Raises:
        FileNotFoundError: where real images neither ship nor can be read, or the network is not trained yet.
    """
    shown, training = pictures(settings)
    judges, rows = ensemble(settings.dataset, settings.device).judges, []
    facts = {"judges": len(judges), "stands_for": STANDS_FOR[settings.dataset]}
    for kind, images in shown.items():
        beside = training if kind == REAL else images
        distances = {f"fid_{n}": realism.fid(judge, shown[REAL], beside) for n, judge in enumerate(judges, 1)}
        votes = torch.stack([realism.sure(judge, realism.probabilities(judge, images)) for judge in judges])
        counts = torch.bincount(votes.sum(dim=0), minlength=len(judges) + 1).tolist()
        rows += [{"kind": kind, "sure": n, "images": many, **distances, **facts} for n, many in enumerate(counts)]
    return pd.DataFrame(rows)


def pictures(settings: Sets) -> tuple[dict[str, Tensor], Tensor]:
    """Return images (n, channels, height, width) of each kind, and as many training images."""
    held_out, known = (data.load(settings.dataset, split).images for split in ("test", "train"))
    count, random = min(len(held_out), len(known), settings.sets * settings.size), seeded(settings.seed)
    held_out, known = (some[torch.randperm(len(some), generator=random)[:count]] for some in (held_out, known))
    networks = {GENERATED: zoo.load_generator(settings.model), UNTRAINED: untrained(settings)}
    shown = {kind: realism.sample(one, count, DRAWN + settings.seed) for kind, one in networks.items()} | {
        REAL: held_out
    }
    return {kind: images.to(settings.device) for kind, images in shown.items()}, known.to(settings.device)


def untrained(settings: Settings) -> torch.nn.Module:
    """Return the network as it is before its training, with weights drawn from the seed."""
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        return folded(zoo.entry(settings.model).build().eval())
