"""Training by gradient: generators against discriminators, and classifiers.

A recipe is a frozen dataclass; `run` carries it out with a progress bar, writes a checkpoint after every epoch and
resumes from it after a kill, with the result that an uninterrupted run would have had.
"""

import copy
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import update_bn
from tqdm.auto import tqdm

from latentlib import values
from latentlib.checks import check_at_least
from latentlib.models.classifier import Classifier
from latentlib.priors import prior_of
from latentlib.provenance import provenance
from latentlib.randomness import seeded
from latentlib.study import source
from latentlib.study.training import checkpoints

Step = Callable[[Tensor, Tensor], dict[str, float]]


@dataclass(frozen=True)
class Adversarial:
    """The min-max game of Jin & Ko 2020, eq. 1, with the generator's non-saturating loss.

    Optimiser, batch size and weight average are not stated in the paper (parameters.md, JK, not stated 4): Adam and its
    betas are those usual for a DCGAN. The result is the running average of the generator's weights, which is less noisy
    than any single step of the game.

    Args:
        epochs: passes over the training images (the paper's "300 iterations" are ambiguous, JK-A5).
        batch_size: real images per step.
        learning_rate: of Adam, for both networks.
        betas: of Adam.
        average: decay per step of the running average of the generator's weights, in [0, 1).
        flip: whether the discriminator sees half of the real images mirrored.
        renormalise: whether to measure batch norm's statistics again on the averaged weights in the end; the averaged
            statistics, which are kept otherwise, fit only weights that hardly move any more.
    """

    epochs: int
    batch_size: int = 64
    learning_rate: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)
    average: float = 0.999
    flip: bool = False
    renormalise: bool = False

    def start(self, networks: nn.ModuleDict, random: torch.Generator) -> tuple[Step, list[torch.optim.Optimizer]]:
        """Return the step on one batch and its optimisers; networks: generator, discriminator, average."""
        generator, discriminator, average = (networks[n] for n in ("generator", "discriminator", "average"))
        latent_size, prior = int(generator.latent_size), prior_of(generator)  # type: ignore[arg-type]
        optimisers: list[torch.optim.Optimizer] = [
            torch.optim.Adam(networks[n].parameters(), self.learning_rate, self.betas)
            for n in ("generator", "discriminator")
        ]

        def descend(optimiser: torch.optim.Optimizer, loss: Tensor) -> float:
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            return float(loss.detach())

        def step(images: Tensor, labels: Tensor) -> dict[str, float]:
            images = varied(images, random, self.flip)
            latents = prior.draw((len(images), latent_size), random).to(images.device)
            fakes = generator(latents)
            real, fake = discriminator(images), discriminator(fakes.detach())
            loss_d = descend(optimisers[1], functional.softplus(-real).mean() + functional.softplus(fake).mean())
            loss_g = descend(optimisers[0], functional.softplus(-discriminator(fakes)).mean())
            follow(average, generator, self.average)
            return {"loss_d": loss_d, "loss_g": loss_g}

        return step, optimisers


@dataclass(frozen=True)
class Supervised:
    """Classification by cross entropy with Adam.

    Args:
        epochs: passes over the training images.
        batch_size: images per step.
        learning_rate: of Adam, in the first step.
        decay: factor by which the learning rate is multiplied after each step.
        average: decay per step of a running average of the weights, which is then the result, in [0, 1); 0 for none.
        flip: whether half of the images are mirrored.
        shift: largest shift of an image along either axis, in pixels.
    """

    epochs: int
    batch_size: int = 128
    learning_rate: float = 2e-3
    decay: float = 1.0
    average: float = 0.0
    flip: bool = False
    shift: int = 0

    def start(self, networks: nn.ModuleDict, random: torch.Generator) -> tuple[Step, list[torch.optim.Optimizer]]:
        """Return the step on one batch and its optimiser; networks: classifier, and average if one is kept."""
        classifier = cast(Classifier, networks["classifier"])
        optimiser = torch.optim.Adam(classifier.parameters(), self.learning_rate)

        def step(images: Tensor, labels: Tensor) -> dict[str, float]:
            loss = classifier.loss(varied(images, random, self.flip, self.shift), labels)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            optimiser.param_groups[0]["lr"] *= self.decay  # kept in the checkpoint with the optimiser
            if self.average:
                follow(networks["average"], classifier, self.average)
            return {"loss": float(loss.detach())}

        return step, [optimiser]


Recipe = Adversarial | Supervised


def varied(images: Tensor, random: torch.Generator, flip: bool = False, shift: int = 0) -> Tensor:
    """Return images (n, channels, height, width) randomly mirrored and shifted, with repeated edges.

    They are mirrored if `flip` says so, and shifted by at most `shift` pixels.
    """
    count, _, height, width = images.shape
    rows, columns = (torch.arange(size).expand(count, size) for size in (height, width))
    if shift:
        steps = torch.randint(-shift, shift + 1, (2, count, 1), generator=random)
        rows, columns = (rows + steps[0]).clamp(0, height - 1), (columns + steps[1]).clamp(0, width - 1)
    if flip:
        mirrored = torch.rand(count, 1, generator=random) < 0.5
        columns = torch.where(mirrored, columns.flip(1), columns)
    if not (flip or shift):
        return images
    image = torch.arange(count)[:, None, None]
    return images[image, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def follow(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the averaged weights and statistics a little towards the network's."""
    with torch.no_grad():
        for slow, fast in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
            slow.lerp_(fast, 1 - decay) if slow.is_floating_point() else slow.copy_(fast)


def renormalise(generator: nn.Module, seed: int = 0, count: int = 40, size: int = 500) -> None:
    """Measure the statistics of a generator's batch norms again, on `count` batches of latents from its prior."""
    random, genes = seeded(seed), int(generator.latent_size)  # type: ignore[arg-type]
    device = next(generator.parameters()).device
    update_bn((prior_of(generator).draw((size, genes), random) for _ in range(count)), generator, device)


def batches(images: Tensor, labels: Tensor, size: int, random: torch.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the batches of one epoch in random order, without the last, incomplete one."""
    order = torch.randperm(len(images), generator=random).to(images.device)
    for start in range(0, len(images) - size + 1, size):
        rows = order[start : start + size]
        yield images[rows], labels[rows]


def identity(recipe: Recipe, networks: nn.ModuleDict, images: Tensor, labels: Tensor, seed: int) -> str:
    """Return a digest of everything that affects a training except its length.

    This covers data, recipe, seed, the networks with their first weights and settings, and the code.
    """
    modules = list(networks.modules())
    names = {type(module).__module__ for module in modules}
    code = source.digest(__name__, *sorted(name for name in names if not name.startswith("torch.")))
    weights = list(networks.state_dict().values())
    return values.fingerprint(
        (replace(recipe, epochs=1), seed, str(networks), list(map(settings, modules)), weights, images, labels, code)
    )


def settings(module: nn.Module) -> list[tuple[str, Any]]:
    """Return what a module holds besides weights and other modules, such as its prior or the rate of a dropout."""
    public = {name: value for name, value in vars(module).items() if not name.startswith("_") and name != "training"}
    return sorted(public.items())


def run(
    recipe: Recipe,
    networks: nn.ModuleDict,
    images: Tensor,
    labels: Tensor,
    checkpoint: Path,
    seed: int = 0,
) -> list[dict[str, float]]:
    """Train the networks in place, resuming from the checkpoint if it belongs to this very training.

    A checkpoint that is damaged or of another `identity` is reported and ignored: the training starts from scratch.

    Args:
        recipe: what to do with a batch, and how often.
        networks: on the device of the images.
        images: (n, channels, height, width) float32 in [0, 1].
        labels: (n,) int64, or (n, attributes).
        checkpoint: written after every epoch.
        seed: of the order of the images, the latents and dropout.

    Returns:
        One row per epoch: its mean losses, and the seconds it took.

    Raises:
        ValueError: for fewer images than a batch has, a checkpoint of more epochs than the recipe's, or a loss that is
            not finite; the checkpoint then holds the epoch before.
    """
    check_at_least("images", len(images), recipe.batch_size)
    state, step, optimisers, random = begin(recipe, networks, images, labels, checkpoint, seed)
    history: list[dict[str, float]] = state["history"]
    if len(history) > recipe.epochs:
        raise ValueError(f"{checkpoint} holds {len(history)} epochs, more than the {recipe.epochs} asked for")
    networks.train()
    with torch.random.fork_rng():
        for epoch in range(len(history), recipe.epochs):
            torch.manual_seed(seed + epoch)  # dropout draws from the global state: pin it for each epoch
            start, steps = time.monotonic(), len(images) // recipe.batch_size
            bar = tqdm(batches(images, labels, recipe.batch_size, random), f"epoch {epoch + 1}/{recipe.epochs}", steps)
            losses = mean_losses([step(*batch) for batch in bar], epoch, checkpoint)
            bar.write(f"epoch {epoch + 1}: " + ", ".join(f"{key} {loss:.4f}" for key, loss in losses.items()))
            history.append(losses | {"seconds": time.monotonic() - start})
            checkpoints.write(checkpoint, state, networks, optimisers, random)
    return history


def begin(
    recipe: Recipe, networks: nn.ModuleDict, images: Tensor, labels: Tensor, checkpoint: Path, seed: int
) -> tuple[dict[str, Any], Step, list[torch.optim.Optimizer], torch.Generator]:
    """Return the state of a training, its step, optimisers and randomness, from the checkpoint if it fits."""
    known, first, random = identity(recipe, networks, images, labels, seed), networks.state_dict(), seeded(seed)
    step, optimisers = recipe.start(networks, random)
    if checkpoint.exists():
        first = copy.deepcopy(first)
        try:
            return checkpoints.restore(checkpoint, known, networks, optimisers, random), step, optimisers, random
        except Exception as error:  # torch raises errors of every kind for damage
            why = " ".join(str(error).split()).partition(". ")[0]
            checkpoints.report(f"training starts anew: the checkpoint {checkpoint} cannot be taken up: {why}")
            networks.load_state_dict(first)
            random = seeded(seed)
            step, optimisers = recipe.start(networks, random)
    return {"identity": known, "made": provenance(seed, images.device), "history": []}, step, optimisers, random


def mean_losses(rows: list[dict[str, float]], epoch: int, checkpoint: Path) -> dict[str, float]:
    """Return the mean losses of an epoch's steps; raise a ValueError if one is not finite."""
    losses = {key: sum(row[key] for row in rows) / len(rows) for key in rows[0]}
    if not all(map(math.isfinite, losses.values())):
        raise ValueError(
            f"the losses of epoch {epoch + 1} are not finite: {losses}; {checkpoint} holds those before it"
        )
    return losses
