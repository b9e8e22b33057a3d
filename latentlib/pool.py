"""Pools of latents: evolved, kept, and bred for new images (Li et al., GAGAN, section III-B)."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from numbers import Real
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from latentlib import files, zoo
from latentlib.checks import check_at_least, check_choice
from latentlib.chunks import CHUNK
from latentlib.evolution import GeneticAlgorithm, MuPlusLambda, PerGene, Run, State, Tournament, Variation
from latentlib.evolution.evaluation import check_size
from latentlib.fitness import wishes
from latentlib.fitness.recognition import Recognition, met
from latentlib.models.adapter import fitted
from latentlib.models.classifier import Classifier
from latentlib.models.frozen import frozen
from latentlib.priors import prior_of
from latentlib.provenance import provenance
from latentlib.randomness import seeded
from latentlib.values import ByValue

DATASETS = ("mnist", "celeba64")  # with a generator and a recogniser in the zoo

# Algorithm 1 as printed: N offspring, each by crossover and mutation of parents drawn uniformly from the pool; the top
# N of old and new survive. Elsewhere the paper says that parents have a high fitness (LI-A1: `Truncation`,
# `Tournament(3)`). It does not state the pool size, the crossover, or the step and unit of mutation (LI, not stated 1,
# 3 and 4). Use `dataclasses.replace` for other choices.
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
    """Stop a run when the recogniser finds the wish met in at least `share` of its pool (Algorithm 1, line 14).

    The paper says "equals", which a finite pool may never reach exactly (LI-A6). Images generated again to decide
    doubtful cases (see `Recognition.satisfied`) do not count among the passes of the search.

    Args:
        fitness: fitness of the search.
        share: share of the pool, in (0, 1].
    """

    fitness: Recognition
    share: float

    def __post_init__(self) -> None:
        if not (isinstance(self.share, Real) and 0 < self.share <= 1):
            raise ValueError(f"share must lie in (0, 1], got {self.share}")

    def __call__(self, state: State) -> Tensor:
        """Return which runs have reached the share, bool (runs,)."""
        return self.shares(state) >= self.share

    def shares(self, state: State) -> Tensor:
        """Return the share (runs,) of each run's pool in which the wish is met."""
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
) -> Run[State]:
    """Evolve the pool of every run by Algorithm 1 until the wish is met in the given share of it.

    Args:
        fitness: recognition of the wish.
        share: share of the pool at which a run stops, in (0, 1].
        generations: largest number of generations, at least 1.
        seed: seed of all random draws, in [0, 2^32).
        algorithm: operators, rates and pool size.
        initial: first pools (runs, population, genes) float32; by default drawn from the prior.
        callback: called with the state of every generation, the first included.

    Returns:
        The run; its pools are `run.state.genomes` (runs, population, genes).
    """
    algorithm = replace(algorithm, stop=Enough(fitness, share))
    return algorithm.evolve(fitness, generations, seed, initial=initial, callback=callback)


def check_pool(latents: Tensor) -> None:
    """Raise a ValueError unless latents are a finite float32 tensor (n, genes) with n at least 2."""
    if not isinstance(latents, Tensor) or latents.dtype != torch.float32:
        found = f"{type(latents).__name__} of {getattr(latents, 'dtype', 'no dtype')}"
        raise ValueError(f"a pool holds latents as a torch.float32 tensor, got a {found}")
    if latents.ndim != 2 or len(latents) < 2:
        raise ValueError(f"a pool holds latents (n, genes), two or more, got shape {tuple(latents.shape)}")
    if not bool(latents.isfinite().all()):
        raise ValueError("a pool holds finite latents, got NaN or inf")


def offspring(latents: Tensor, n: int, seed: int = 0, variation: Variation = ALGORITHM1.variation) -> Tensor:
    """Return new latents (n, genes) by crossover and mutation of parents drawn uniformly, without selection.

    Args:
        latents: parents (m, genes) float32, m at least 2.
        n: number of new latents, at least 1.
        seed: seed of the draws, in [0, 2^32).
        variation: crossover and mutation with their rates.
    """
    check_at_least("n", n, 1)
    check_pool(latents)
    check_size(1, n, latents.shape[1])
    random = seeded(seed, latents.device)
    pairs = (n + n % 2,)  # an even count, since parents mate in pairs
    parents = torch.randint(len(latents), pairs, generator=random, device=latents.device)
    children, _ = variation(latents[None, parents], random)  # (1, pairs, genes)
    return children[0, :n]


@dataclass(frozen=True, eq=False)
class Pool(ByValue):
    """Latents whose images meet a wish, to keep and to breed from.

    Args:
        latents: (n, genes) float32, n at least 2.
        wish: what their images show.
        generator: a name in the zoo, or a module from latents (n, genes) to images in [0, 1].
        recogniser: what selected them: a name in the zoo, or a classifier.
        provenance: where they came from, ready for JSON.

    Raises:
        ValueError: for a pool of fewer than two latents, of another shape, or with NaN.
    """

    latents: Tensor
    wish: wishes.Wish
    generator: str | nn.Module
    recogniser: str | Classifier
    provenance: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_pool(self.latents)

    def __len__(self) -> int:
        """Return the number of latents."""
        return len(self.latents)

    def sample(self, n: int, seed: int = 0, variation: Variation | None = None) -> Tensor:
        """Return new latents (n, genes) bred from the pool, by default as in Algorithm 1; see `offspring`."""
        usual = replace(ALGORITHM1.variation, prior=prior_of(self.generator))
        return offspring(self.latents, n, seed, usual if variation is None else variation)

    def share(
        self, classifier: str | Classifier, latents: Tensor | None = None, wish: wishes.Wish | None = None
    ) -> float:
        """Return the share of latents whose images meet the wish by a recogniser or judge.

        Args:
            classifier: a name in the zoo, or the classifier; the judge of the data set was never a fitness.
            latents: (n, genes), such as `sample` returns; by default the pool's own.
            wish: a wish other than the pool's, such as one half of an OR.
        """
        judge = zoo.load_classifier(classifier) if isinstance(classifier, str) else frozen(classifier)
        latents, wish = self.latents if latents is None else latents, self.wish if wish is None else wish
        check_at_least("number of latents", len(latents), 1)
        wishes.check(wish, judge.classes, judge.exclusive)
        generator = fitted(zoo.load_generator(self.generator) if isinstance(self.generator, str) else self.generator)
        with torch.no_grad():
            hits = [met(wish, judge, generator(part)) for part in torch.split(latents, CHUNK)]
        return float(torch.cat(hits).double().mean())

    def shares(self, n: int = 500, seed: int = 0, judge: str | Classifier | None = None) -> dict[str, float]:
        """Return the shares of the pool and of `n` latents bred from it that meet the wish.

        Its recogniser decides, and so does a judge: the one given, or that of the data set of a generator of the zoo.
        """
        models = {"recogniser": self.recogniser}
        if judge is None and isinstance(self.generator, str):
            judge = f"judge/{zoo.entry(self.generator).dataset}"
        if judge is not None:
            models["judge"] = judge
        latents = {"pool": self.latents, "samples": self.sample(n, seed)}
        return {
            f"{whose} by {who}": self.share(model, some)
            for whose, some in latents.items()
            for who, model in models.items()
        }

    def save(self, path: str | Path) -> None:
        """Write the latents as safetensors, with the rest as a card in the metadata; models are saved by name only."""
        models = {"generator": self.generator, "recogniser": self.recogniser}
        names = {part: model if isinstance(model, str) else None for part, model in models.items()}
        card = {"wish": str(self.wish), **names, "provenance": self.provenance}
        latents = {"latents": self.latents.contiguous()}
        with files.replacing(Path(path)) as draft:
            draft.write_bytes(safetensors.torch.save(latents, {"card": json.dumps(card)}))

    @classmethod
    def load(
        cls, path: str | Path, generator: str | nn.Module | None = None, recogniser: str | Classifier | None = None
    ) -> "Pool":
        """Read a pool that `save` wrote.

        Args:
            path: path of the file.
            generator: replaces the one that the file names; required if it names none.
            recogniser: likewise.

        Raises:
            ValueError: for any other file, or for a model that is neither named nor given.
        """
        try:
            with safetensors.safe_open(path, framework="pt") as opened:
                latents, card = opened.get_tensor("latents"), json.loads(opened.metadata()["card"])
            generator, recogniser = generator or card["generator"], recogniser or card["recogniser"]
            wish, provenance = wishes.read(card["wish"]), card["provenance"]
        except (SafetensorError, TypeError, KeyError, ValueError, RecursionError) as error:
            raise ValueError(f"{path} is no pool, or damaged: {error}") from error
        if generator is None or recogniser is None:
            raise ValueError(f"{path} was saved with models that are not in the zoo: give generator= and recogniser=")
        return cls(latents, wish, generator, recogniser, provenance)


def grow(  # noqa: PLR0913  # the models of the zoo can be replaced
    wish: wishes.Wish,
    dataset: str | None = None,
    share: float = 0.98,
    generations: int = 50,
    seed: int = 0,
    algorithm: GeneticAlgorithm = ALGORITHM1,
    *,
    generator: str | nn.Module | None = None,
    recogniser: str | Classifier | None = None,
) -> Pool:
    """Evolve a pool for a wish; see `evolve`.

    Args:
        wish: what the images should show.
        dataset: one of `DATASETS`, whose generator and recogniser in the zoo are used unless others are given.
        share: share of the pool that meets the wish when evolution stops, in (0, 1].
        generations: largest number of generations, at least 1.
        seed: seed of all random draws, in [0, 2^32).
        algorithm: operators, rates and pool size.
        generator: a name in the zoo, or a module from latents (n, genes) to images in [0, 1].
        recogniser: a name in the zoo, or a classifier.
    """
    if generator is None or recogniser is None:
        check_choice("dataset", dataset, DATASETS)
        generator = f"desired_images/{dataset}" if generator is None else generator
        recogniser = f"recogniser/{dataset}" if recogniser is None else recogniser
    fitness = Recognition(
        zoo.load_generator(generator) if isinstance(generator, str) else generator,
        zoo.load_classifier(recogniser) if isinstance(recogniser, str) else recogniser,
        wish,
    )
    run = evolve(fitness, share, generations, seed, algorithm=algorithm)
    made = {"share": share, "generations": run.state.generation, "passes": int(run.passes)}
    return Pool(run.state.genomes[0], wish, generator, recogniser, made | provenance(seed, fitness.device))
