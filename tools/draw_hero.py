"""Draw the picture of the README and the intro: ten held-out images being restored.

python tools/draw_hero.py book/images/hero.png
"""

import sys
from pathlib import Path

from latentlib import data, zoo
from latentlib.evolution import GeneticAlgorithm
from latentlib.evolution.run import State
from latentlib.fitness import ReconstructionMSE
from latentlib.study import plots

MOMENTS = (0, 5, 20, 200)


def main(path: Path) -> None:
    """Evolve latents, keep the best at a few moments, and draw their images."""
    generator = zoo.load_generator("restoring/fashion_mnist")
    targets = data.bundled("fashion_mnist", "test").images[10:20]
    rows = {}

    def remember(state: State) -> None:
        if state.generation in MOMENTS:
            rows[f"generation {state.generation}"] = generator(state.best.latents)

    GeneticAlgorithm().evolve(ReconstructionMSE(generator, targets), MOMENTS[-1], seed=0, callback=remember)
    path.parent.mkdir(parents=True, exist_ok=True)
    plots.save(plots.image_rows({**rows, "target": targets}), path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
