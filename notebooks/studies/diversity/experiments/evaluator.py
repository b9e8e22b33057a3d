"""The evaluator that all searches share: it judges sets by one metric and keeps what the metrics say of each."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from latentlib.evolution import Best
from latentlib.fitness.diversity import Diversity, Similarity

METRICS = {"rmse": Similarity("rmse"), "ncc": Similarity("cross_correlation")}  # as the rules define them
AXES = ("mean", "maximum")  # of the map: what a metric says of the pairs of a set


class Evaluator:
    """Judge sets by minus their mean similarity, and keep mean and maximum of every set in the order of judging.

    It is a fitness, for MAP-Elites a measured one, and so its counts are those of what a search really did.

    Args:
        generator: of the images.
        goal: the metric that is the fitness, a key of `METRICS`.
        size: images in a set.
        runs: number of independent searches.
        watched: other metrics, of which the best set is kept as well.
    """

    noisy = False

    def __init__(self, generator: nn.Module, goal: str, size: int, runs: int = 1, watched: Sequence[str] = ()) -> None:
        self.diversity = Diversity(generator, size, METRICS[goal], runs)
        self.goal, self.watched = goal, tuple(dict.fromkeys((goal, *watched)))
        self.runs, self.genes, self.cost = runs, self.diversity.genes, size
        self.prior, self.device = self.diversity.prior, self.diversity.device
        self.images = torch.zeros(runs, dtype=torch.int64)
        self.best = {name: Best.nobody(torch.zeros(runs, 1, self.genes, device=self.device)) for name in self.watched}
        self._told: list[tuple[Tensor, Tensor]] = []

    def __call__(self, latents: Tensor) -> Tensor:
        """Return the fitness (runs, population) of sets (runs, population, genes)."""
        runs, population, _ = latents.shape
        run = torch.arange(runs, device=latents.device).repeat_interleave(population)
        return self.rows(latents.flatten(0, 1), run).view(runs, population)

    def rows(self, latents: Tensor, run: Tensor) -> Tensor:
        """Return the fitness (n,) of sets (n, genes) of the runs (n,)."""
        return self.measured(latents, run)[0]

    def measured(self, latents: Tensor, run: Tensor) -> tuple[Tensor, Tensor]:
        """Return fitness (n,) and the goal's mean and maximum (n, 2) of sets (n, genes) of the runs (n,)."""
        images = self.diversity.outputs(latents, run)
        found = torch.stack([described(METRICS[name], images) for name in self.watched], dim=1)  # (n, metrics, 2)
        self._told.append((run.cpu(), found.cpu()))
        self.images += run.cpu().bincount(minlength=self.runs) * images.shape[1]
        for name, fitness in zip(self.watched, fitness_of(found[..., 0]).unbind(dim=1), strict=True):
            for one in set(run.tolist()):
                self.keep(name, one, latents[run == one], fitness[run == one])
        return fitness_of(found[:, 0, 0]), found[:, 0]

    def keep(self, name: str, run: int, latents: Tensor, fitness: Tensor) -> None:
        """Keep the best of sets (n, genes) of a run, if it is better by a metric than any before."""
        value, place = fitness.max(dim=0)
        if value > self.best[name].fitness[run]:
            self.best[name].fitness[run], self.best[name].latents[run] = value, latents[place]

    def told(self, name: str) -> Tensor:
        """Return mean and maximum (runs, sets, 2) float64 of every set by a watched metric, in the order of judging."""
        run = torch.cat([some for some, _ in self._told])
        found = torch.cat([found for _, found in self._told])[:, self.watched.index(name)]
        return torch.stack([found[run == one] for one in range(self.runs)])


def described(similarity: Similarity, images: Tensor) -> Tensor:
    """Return mean and maximum similarity (sets, 2) float64 of the pairs in sets of images (sets, n, ...)."""
    pairs = similarity.pairs(images)
    return torch.stack([pairs.mean(dim=1), pairs.amax(dim=1)], dim=1)


def fitness_of(mean: Tensor) -> Tensor:
    """Return the fitness float32 of mean similarities: minus these, and -inf where one is undefined."""
    return torch.where(mean.isnan(), -torch.inf, -mean).float()
