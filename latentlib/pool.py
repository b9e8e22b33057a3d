"""The pool of latents that Li et al. (GAGAN, section III-B) evolve, keep, and draw new images from."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from latentlib import files, zoo
from latentlib.checks import check_at_least, check_choice
from latentlib.evolution import GeneticAlgorithm, MuPlusLambda, PerGene, Run, State, Tournament
from latentlib.fitness import wishes
from latentlib.fitness.recognition import Recognition, met
from latentlib.provenance import provenance

DATASETS = ("mnist", "celeba64")  # of which the zoo has a generator and a recogniser

# Algorithm 1 as printed: N offspring, each by crossover and mutation, of parents drawn evenly from the pool, and the
# top N of old and new. Elsewhere the paper calls those parents that have a high fitness (LI-A1: `Truncation`,
# `Tournament(3)`), and it states neither pool size, crossover, nor step and unit of the mutation (LI, not stated 1, 3
# and 4): `dataclasses.replace` puts others in their places.
ALGORITHM1 = GeneticAlgorithm(
    population=500,
    mating_rate=1.0,
    mutation_rate=0.2,
    selection=Tournament(1),
    mutation_unit=PerGene(),
    survival=MuPlusLambda(),
)


@dataclass(frozen=True)
class Enough:
    """The stopping rule of Algorithm 1, line 14: the recogniser finds the wish met in at least `share` of the pool.

    The paper says "equals", which a finite pool may never do (LI-A6). Images that are generated again to decide a
    doubtful case (see `Recognition.satisfied`) measure the search and do not count among its passes.

    Args:
        fitness: of the search that is to stop.
        share: in (0, 1].
    """

    fitness: Recognition
    share: float

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share must lie in (0, 1], got {self.share}")

    def __call__(self, state: State) -> Tensor:
        """Which runs have enough, bool (runs,)."""
        return self.shares(state) >= self.share

    def shares(self, state: State) -> Tensor:
        """The share (runs,) of each run's pool in which the wish is met."""
        return self.fitness.satisfied(state.genomes, state.fitness).double().mean(dim=1)


def evolve(
    fitness: Recognition,
    share: float = 0.98,
    generations: int = 50,
    seed: int = 0,
    *,
    algorithm: GeneticAlgorithm = ALGORITHM1,
    initial: Tensor | None = None,
    callback: Callable[[State], Any] | None = None,
) -> Run:
    """Algorithm 1: evolve the pool of every run until the wish is met in the wanted share of it.

    Args:
        fitness: of the wish.
        share: in (0, 1], where a run stops.
        generations: at most, at least 1.
        seed: of everything random.
        algorithm: its operators, rates and pool size.
        initial: first pools (runs, population, genes) instead of draws from N(0, 1).
        callback: called with the state of every generation, the first included.

    Returns:
        The run; its pools are `run.state.genomes` (runs, population, genes).
    """
    algorithm = replace(algorithm, stop=Enough(fitness, share))
    return algorithm.evolve(fitness, generations, seed, initial=initial, callback=callback)


def check_pool(latents: Tensor) -> None:
    """ValueError unless latents are (n, genes), two of them or more, and finite."""
    if latents.ndim != 2 or len(latents) < 2:
        raise ValueError(f"a pool holds latents (n, genes), two or more, got shape {tuple(latents.shape)}")
    if not bool(latents.isfinite().all()):
        raise ValueError("a pool holds finite latents, got NaN or inf")


def offspring(latents: Tensor, n: int, seed: int = 0, algorithm: GeneticAlgorithm = ALGORITHM1) -> Tensor:
    """New latents (n, genes) by crossover and mutation of parents drawn evenly, none of them selected.

    Args:
        latents: (m, genes) of the parents, at least two.
        n: at least 1.
        seed: of the draws.
        algorithm: its crossover, mutation and rates.
    """
    check_at_least("n", n, 1)
    check_pool(latents)
    breeding = replace(algorithm, population=n + n % 2, selection=Tournament(1), survival=MuPlusLambda())
    random = torch.Generator(device=latents.device).manual_seed(seed)
    nobody = torch.zeros(1, len(latents), device=latents.device)
    children, _, _ = breeding.vary(latents[None], nobody, random)
    return children[0, :n]


@dataclass(frozen=True)
class Pool:
    """Latents whose images meet a wish, ready to be kept and to breed more.

    Args:
        latents: (n, genes), at least two of them.
        wish: what their images show.
        generator: its name in the zoo.
        recogniser: the name of the recogniser they were selected by.
        provenance: where they came from, ready for JSON.

    Raises:
        ValueError: for a pool of fewer than two latents, of another shape, or with NaN.
    """

    latents: Tensor
    wish: wishes.Wish
    generator: str
    recogniser: str
    provenance: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_pool(self.latents)

    def __len__(self) -> int:
        """Number of latents."""
        return len(self.latents)

    def sample(self, n: int, seed: int = 0, algorithm: GeneticAlgorithm = ALGORITHM1) -> Tensor:
        """New latents (n, genes) of the pool's; see `offspring`."""
        return offspring(self.latents, n, seed, algorithm)

    def share(self, model: str, latents: Tensor | None = None, wish: wishes.Wish | None = None) -> float:
        """The share of latents whose images meet the wish by a recogniser or judge.

        Args:
            model: its name in the zoo; the judge of the data set was never a fitness.
            latents: (n, genes), such as `sample` gives; else the pool's own.
            wish: another one than the pool's, such as one half of an OR.
        """
        classifier = zoo.load_classifier(model)
        latents, wish = self.latents if latents is None else latents, self.wish if wish is None else wish
        check_at_least("number of latents", len(latents), 1)
        wishes.check(wish, classifier.classes, classifier.exclusive)
        generator = zoo.load_generator(self.generator)
        with torch.no_grad():
            hits = [met(wish, classifier, generator(part)) for part in torch.split(latents, 200)]
        return float(torch.cat(hits).double().mean())

    def shares(self, n: int = 500, seed: int = 0) -> dict[str, float]:
        """The shares of the pool and of `n` samples of it, by its recogniser and by the judge of its data set."""
        models = {"recogniser": self.recogniser, "judge": f"judge/{zoo.entry(self.generator).dataset}"}
        latents = {"pool": self.latents, "samples": self.sample(n, seed)}
        return {
            f"{whose} by {who}": self.share(model, some)
            for whose, some in latents.items()
            for who, model in models.items()
        }

    def save(self, path: Path) -> None:
        """Write the latents as safetensors, with the rest as a card in the file's metadata."""
        card = {name: value for name, value in vars(self).items() if name != "latents"} | {"wish": str(self.wish)}
        latents = {"latents": self.latents.contiguous()}
        with files.replacing(path) as draft:
            draft.write_bytes(safetensors.torch.save(latents, {"card": json.dumps(card)}))

    @classmethod
    def load(cls, path: Path) -> "Pool":
        """Read a pool that `save` wrote; ValueError for any other file."""
        try:
            with safetensors.safe_open(path, framework="pt") as opened:
                latents, card = opened.get_tensor("latents"), json.loads(opened.metadata()["card"])
            return cls(latents, wishes.read(card.pop("wish")), **card)
        except (SafetensorError, TypeError, KeyError, json.JSONDecodeError) as error:
            raise ValueError(f"{path} is no pool, or damaged: {error}") from error


def grow(
    wish: wishes.Wish,
    dataset: str,
    share: float = 0.98,
    generations: int = 50,
    seed: int = 0,
    algorithm: GeneticAlgorithm = ALGORITHM1,
) -> Pool:
    """A pool for a wish from the zoo's generator and recogniser of a data set, one of `DATASETS`; see `evolve`."""
    check_choice("dataset", dataset, DATASETS)
    generator, recogniser = f"desired_images/{dataset}", f"recogniser/{dataset}"
    fitness = Recognition(zoo.load_generator(generator), zoo.load_classifier(recogniser), wish)
    run = evolve(fitness, share, generations, seed, algorithm=algorithm)
    made = {"share": share, "generations": run.state.generation, "passes": int(run.passes)}
    return Pool(run.state.genomes[0], wish, generator, recogniser, made | provenance(seed, "cpu"))
