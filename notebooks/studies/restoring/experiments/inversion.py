"""Targets with known latents: is the true vector found, and can it be edited?"""

import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from latentlib import zoo
from latentlib.fitness.reconstruction import reconstruction
from latentlib.gradient import GradientDescent
from latentlib.randomness import seeded
from latentlib.study.budget import PASSES_PER_STEP, gradient_steps
from studies.restoring.experiments.contest import Contest
from studies.restoring.experiments.targets import generated
from studies.restoring.experiments.tuning import step_size
from studies.restoring.settings import Settings

STARTS = (1, 10, 100)
SAMPLE = 5_000  # generated images from which the direction of each class is learnt
REACH = 3.0  # length of an edit, in standard deviations of the latent prior


def inversion(settings: Settings) -> pd.DataFrame:
    """Compare each method's image and latent with the true ones, one row per method and target.

    Columns: method, target, passes, one_minus_mse, cosine (of found and true latent), null_cosine (of a random and the
    true one), distance (relative to the true latent's length), edited and edited_true (whether an edit of the found, or
    of the true latent, reaches the wanted class).
    """
    latents, targets = generated(settings)
    contest = Contest(settings)
    fitness = reconstruction(settings.fitness, contest.generator, targets)
    runs = {"genetic algorithm": contest.evolution.evolve(fitness, settings.generations, settings.seed)}
    for count in STARTS:
        steps = gradient_steps(contest.budget, count)
        descent = GradientDescent("adam", step_size(settings, "adam"), count)
        runs[f"adam, starts {count}"] = descent.descend(fitness, steps, settings.seed)
    others = torch.randn(latents.shape, generator=seeded(settings.seed)).to(latents.device)
    edit = Edit(settings, contest.generator)
    frames = [
        pd.DataFrame(
            {
                "target": range(len(targets)),
                "passes": run.passes.cpu().numpy() * (1 if name == "genetic algorithm" else PASSES_PER_STEP),
                "one_minus_mse": run.best.fitness.cpu().numpy(),
                "cosine": cosine_similarity(run.best.latents, latents).cpu().numpy(),
                "null_cosine": cosine_similarity(others, latents).cpu().numpy(),
                "distance": ((run.best.latents - latents).norm(dim=1) / latents.norm(dim=1)).cpu().numpy(),
                "edited": edit.succeeds(run.best.latents, targets).cpu().numpy(),
                "edited_true": edit.succeeds(latents, targets).cpu().numpy(),
            }
        ).assign(method=name)
        for name, run in runs.items()
    ]
    return pd.concat(frames, ignore_index=True)


class Edit:
    """Edits of a latent along the direction of a class, found by ridge regression of the judge's logits on latents."""

    def __init__(self, settings: Settings, generator: nn.Module) -> None:
        self.generator, self.judge = generator, zoo.load_judge(settings.dataset).to(settings.device)
        self.seed = settings.seed
        size = int(generator.latent_size)  # type: ignore[arg-type]
        latents = torch.randn(SAMPLE, size, generator=seeded(settings.seed)).to(settings.device)
        with torch.no_grad():
            logits = torch.cat([self.judge(generator(part)) for part in torch.split(latents, 500)])
        ridge = latents.T @ latents + torch.eye(size, device=latents.device)
        slopes = torch.linalg.solve(ridge, latents.T @ (logits - logits.mean(dim=0)))
        self.directions = (slopes / slopes.norm(dim=0)).T  # (classes, genes)

    @torch.no_grad()
    def succeeds(self, latents: Tensor, targets: Tensor) -> Tensor:
        """Return whether (n,) the judge sees the wanted class, which is not the target's, in the edited images."""
        classes = len(self.directions)
        shift = torch.randint(1, classes, (len(targets),), generator=seeded(self.seed))
        wanted = (self.judge(targets).argmax(dim=1) + shift.to(targets.device)) % classes
        edited = self.generator(latents + REACH * self.directions[wanted])
        return torch.eq(self.judge(edited).argmax(dim=1), wanted)
