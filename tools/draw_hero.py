"""Draw the picture of the README and the intro: ten held-out images being restored.

python tools/draw_hero.py book/images/hero.png
"""

import sys
from pathlib import Path

from torch import Tensor

from latentlib import data, zoo
from latentlib.evolution import GeneticAlgorithm
from latentlib.evolution.run import State
from latentlib.fitness import ReconstructionMSE
from latentlib.study import plots

MOMENTS = {0: "best first guess", 5: "generation 5", 20: "generation 20", 200: "generation 200"}


def main(path: Path) -> None:
    """Evolve latents, keep a typical first guess and the best at a few moments, and draw their images."""
    generator = zoo.load_generator("restoring/fashion_mnist")
    targets = data.bundled("fashion_mnist", "test").images[10:20]
    rows = {}

    def remember(state: State) -> None:
        if not state.generation:
            rows["typical first guess"] = generator(typical(state))
        if state.generation in MOMENTS:
            rows[MOMENTS[state.generation]] = generator(state.best.latents)

    GeneticAlgorithm().evolve(ReconstructionMSE(generator, targets), max(MOMENTS), seed=0, callback=remember)
    path.parent.mkdir(parents=True, exist_ok=True)
    plots.save(plots.image_rows({**rows, "target": targets}), path)


def typical(state: State) -> Tensor:
    """Return the individual of median fitness of each run, (runs, genes)."""
    middle = state.fitness.argsort(dim=1)[:, state.fitness.shape[1] // 2]
    return state.genomes[range(len(middle)), middle]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
