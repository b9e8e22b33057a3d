"""Evolution and descent together, after the BasinCMA of pix2latent (Huh et al. 2020, section 3.3), by one driver."""

from collections.abc import Callable, Generator
from dataclasses import replace

import torch
from torch import Tensor

from latentlib.checks import check_at_least, check_rate
from latentlib.study.budget import PASSES_PER_STEP
from studies.beyond.rivals.asking import Asked, Problem, Rival, Told
from studies.beyond.rivals.own import Adam
from studies.restoring.experiments.rivals import fittest

SPARE = 4  # times as many leaders are kept as starts are needed, since some may be copies

Leaders = list[tuple[Tensor, Tensor]]  # of each run: latents (n, genes) and fitness (n,)


class Hybrid(Rival):
    """Evolve with a part of the passes, then descend from the best that was found; or descend while evolving.

    With `inner` = 0 evolution hands its best to descent. With `share` = 1 every individual is judged by what a short
    descent makes of it, and nothing follows. Between them evolution looks for starts from which descent goes far:
    individuals are judged as before, and the long descent begins where the best of the short ones ended.

    Args:
        problem: what to search.
        evolution: makes the search that evolves.
        share: of the passes that evolution may spend, in [0, 1].
        inner: steps of descent in each evaluation, at least 0.
        starts: of the descent that follows, at least 1.
        step_size: of Adam, above 0.
    """

    def __init__(
        self,
        problem: Problem,
        evolution: Callable[[Problem], Rival],
        share: float = 0.5,
        inner: int = 0,
        starts: int = 4,
        step_size: float = 0.1,
    ) -> None:
        check_rate("share", share)
        check_at_least("inner", inner, 0)
        check_at_least("starts", starts, 1)
        self.problem, self.evolution = problem, evolution(problem)
        self.share, self.inner, self.starts, self.step_size = share, inner, starts, step_size
        self.questions = self.course()
        self.asked = next(self.questions)

    def ask(self) -> Asked:
        """Return individuals, or where a descent from them stands."""
        return self.asked

    def tell(self, told: Told) -> None:
        """Go on to the next question."""
        self.asked = self.questions.send(told)

    def course(self) -> Generator[Asked, Told, None]:
        """Yield each question, and take what was told of it."""
        evolved, spent = self.share * self.problem.passes * self.problem.runs, 0
        leaders: Leaders = []
        while self.share == 1 or spent < evolved or not leaders:
            asked = self.evolution.ask()
            climbers = self.climbers(asked.latents)
            for _ in range(self.inner):
                told = yield Asked(climbers.latents[0].clone(), asked.run, gradient=True)
                climbers.tell(told)
            latents = climbers.latents[0].clone()
            told = yield replace(asked, latents=latents)
            self.evolution.tell(told)
            spent += len(latents) * (1 + PASSES_PER_STEP * self.inner)
            leaders = self.leading(leaders, latents, asked.run, told.values)
        starts = torch.stack([fittest(*pair, self.starts) for pair in leaders])
        descent = Adam(self.problem, self.step_size, initial=starts)
        while True:
            told = yield descent.ask()
            descent.tell(told)

    def climbers(self, latents: Tensor) -> Adam:
        """Return a descent from latents (rows, genes), whichever runs they belong to."""
        return Adam(replace(self.problem, runs=1), self.step_size, initial=latents[None])

    def leading(self, before: Leaders, latents: Tensor, run: Tensor, values: Tensor) -> Leaders:
        """Return the best individuals of each run so far, with rows that were judged."""
        found = []
        for one in range(self.problem.runs):
            own, scores = latents[run == one], values[run == one]
            if before:
                own, scores = torch.cat([before[one][0], own]), torch.cat([before[one][1], scores])
            kept = scores.topk(min(len(scores), SPARE * self.starts)).indices
            found.append((own[kept], scores[kept]))
        return found

    def close(self) -> None:
        """End what evolution has running."""
        self.evolution.close()
