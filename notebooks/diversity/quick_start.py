# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,mystnb,-all
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Fifty that differ
#
# The study: {cite:t}`fernandes2020evolutionary`. *Five minutes to read, a minute to run.*
#
# Draw fifty random digits from a generator, and you get what chance gives: nine ones, two eights, and several that look
# alike. Often you would rather have fifty that differ, to show what a generator can do, to test it, or to train
# something else with. How do you choose fifty latent vectors whose images are as unlike each other as can be?
#
# Fernandes, Correia and Machado let a **set** evolve. An individual is no longer one latent vector but fifty of them,
# and its fitness is low when the images of the set resemble each other. This chapter repeats their three searches, asks
# whether what they find is diverse to anybody but the metric, and looks for better ways to the same end.

# %% tags=["parameters", "hide-cell"]
# no `tables`: this page shows none of those in book/results
dataset = "mnist"
seed = 0
size = 50
population = 50
generations = 40
metric = "rmse"
mating_rate = 0.7
mutation_rate = 0.02
device = "cpu"

# %% tags=["hide-cell"]
import sys
from importlib.util import find_spec

if "google.colab" in sys.modules and not find_spec("studies"):
    print(
        "On Colab: fetching the book's repository and installing its library and studies."
    )
    # !git clone --quiet --depth 1 --branch v0.1.0 https://github.com/latentlib/latentlib
    # %cd latentlib/notebooks
    # %pip install --quiet .. .

from studies.diversity import Settings

settings = Settings.read(globals())

import pandas as pd
import torch

from latentlib import zoo
from latentlib.chunks import in_chunks
from latentlib.evolution import (
    GeneticAlgorithm,
    PerGene,
    RandomSearch,
    Reset,
    Tournament,
    Uniform,
)
from latentlib.fitness.diversity import Diversity
from latentlib.randomness import seeded
from latentlib.study import plots
from studies.diversity.experiments.choosing import Pool, greedy
from studies.diversity.experiments.evaluator import METRICS
from studies.diversity.experiments.judges import ensemble

POOL = 2500  # random images to choose from

# %% [markdown]
# ## A set of fifty, drawn at random
#
# A hundred random numbers make an image, so a set of fifty is a genome of five thousand. `Diversity` draws the images,
# compares every pair, and returns minus their mean similarity.

# %%
generator = zoo.load_generator(settings.model, settings.device)
fitness = Diversity(generator, settings.size, METRICS[settings.metric])

# %% [markdown]
# Similarity is the paper's equation 1, one minus the root of the mean squared difference of two images' pixels: 1 for equal images,
# less for others. (With `metric = "ncc"` it is their normalised cross-correlation.)
#
# ## The search
#
# The paper's genetic algorithm in the library's words. Its operators are textbook ones: tournaments of three choose the parents,
# uniform crossover mixes the genes of those that mate, one gene in fifty is drawn anew, and the best set survives.

# %%
algorithm = GeneticAlgorithm(
    settings.population,
    mating_rate=settings.mating_rate,
    crossover=Uniform(),
    mutation_rate=settings.mutation_rate,
    mutation=Reset(),
    mutation_unit=PerGene(),
    selection=Tournament(3),
)
run = algorithm.evolve(fitness, settings.generations - 1, settings.seed)

# %% [markdown]
# Its rival is chance with the same budget: as many fresh random sets, of which the best is kept.

# %%
images = settings.evaluations * settings.size
chance = RandomSearch(settings.population).search(
    fitness, images, settings.seed
)

# %% mystnb={"figure": {"caption": "Fitness of the best set so far, minus the mean similarity of its pairs, against the number of images generated.", "name": "fig-differ-curves"}, "image": {"alt": "Two curves that begin at the same height. That of the genetic algorithm rises steadily; that of random sampling is nearly flat after its first steps."}} tags=["hide-input"]
curves = {
    "genetic algorithm": run.history.frame(),
    "random sampling": chance.history.frame(),
}
plots.fitness_curves(
    curves, labels=("images generated", "fitness of the best set")
)

# %%
ahead = run.best.fitness > chance.best.fitness
end = "above" if ahead else "below"
print(f"Evolution ends {end} chance with as many images.")

# %% [markdown]
# ## What it found
#
# All fifty, before and after.

# %% mystnb={"figure": {"caption": "A random set of fifty.", "name": "fig-differ-before"}, "image": {"alt": "Five rows of ten handwritten digits of all kinds, most of them thin."}} tags=["hide-input"]
first = fitness.prior.draw((1, fitness.genes), seeded(settings.seed))


def images_of(latents):
    """Images of a set of latents."""
    with torch.no_grad():
        return generator(latents.view(settings.size, -1).to(settings.device))


plots.image_grid(images_of(first))

# %% mystnb={"figure": {"caption": "The set of fifty that evolved.", "name": "fig-differ-after"}, "image": {"alt": "Five rows of ten handwritten digits, bolder and wider than before."}} tags=["hide-input"]
plots.image_grid(images_of(run.best.latents))

# %% [markdown]
# Are these more diverse? By the metric, yes. To the eye, the strokes have grown bold: two images differ most in their
# pixels where one is bright and the other is dark, so the metric likes light. **Judges** are the fairer witnesses.
# Three classifiers that evolution never saw say how far apart two images of the set are on average, in what they look
# at (`spread`; real digits have 1), and how evenly the ten digits are represented.

# %% mystnb={"figure": {"caption": "A random set and the evolved one, by the metric and by the judges.", "name": "tab-differ-judged", "caption_before": true}} tags=["nbval-ignore-output"]
jury = ensemble(settings.dataset, settings.device)
sets = {"random": first, "evolved": run.best.latents}


def told(sets):
    """What metric and judges say of sets, by name."""
    rows = {
        name: jury.of(images_of(some)).measures()
        for name, some in sets.items()
    }
    fitnesses = [
        float(fitness(some.view(1, 1, -1))) for some in sets.values()
    ]
    return (
        pd.DataFrame(rows)
        .T.assign(fitness=fitnesses)[
            ["fitness", "spread", "classes", "evenness", "sure"]
        ]
        .round(3)
    )


told(sets)

# %% [markdown]
# ## A plainer way does better by the metric
#
# Evolution has just drawn a hundred thousand images. Here is a rival that draws a fortieth of them: generate a pool of 2,500 random images once, start with the one least like the brightest, and
# add, again and again, the image that is least similar on average to those chosen so far.

# %%
latents = fitness.prior.draw(
    (1, POOL * generator.latent_size), seeded(settings.seed + 1)
).view(POOL, -1)
with torch.no_grad():
    pool = Pool(
        in_chunks(generator, latents.to(settings.device)), settings.metric
    )
chosen = latents[greedy(pool, settings.size)]
ahead = fitness(chosen.view(1, 1, -1)) > run.best.fitness
end = "above" if ahead else "below"
print(f"The greedy choice ends {end} evolution.")

# %% mystnb={"figure": {"caption": "The fifty that the greedy choice takes from 2,500 random images.", "name": "fig-differ-greedy"}, "image": {"alt": "Five rows of ten handwritten digits, bold and wide, a few of them malformed."}} tags=["hide-input"]
plots.image_grid(images_of(chosen))

# %% mystnb={"figure": {"caption": "The same, and what the greedy choice takes from the pool.", "name": "tab-differ-greedy", "caption_before": true}} tags=["nbval-ignore-output"]
told(sets | {"greedy choice": chosen})

# %% [markdown]
# It is better by the metric, with a fortieth of the images; to the judges the two differ little. So this chapter owes
# its readers two answers. One is the paper's: how far each of its [three searches](searches.ipynb) gets. The other is
# whether evolution is the tool at all, and for what. A greedy choice needs a fitness that is a sum over pairs, and a
# pool that already holds what is wanted; evolution needs neither.
#
# ## In your own code
#
# ```python
# from latentlib.evolution import GeneticAlgorithm, PerGene, Reset
# from latentlib.fitness.diversity import Diversity, Similarity
#
# fitness = Diversity(my_generator, size=50, similarity=Similarity("pearson"))
# run = GeneticAlgorithm(50, mutation_rate=0.02, mutation=Reset(), mutation_unit=PerGene()).evolve(fitness, 500)
# latents = run.best.latents.view(50, -1)
# ```
#
# `my_generator` is any network from latents to images; see [Your own generator](../../book/your_own_generator.md).
#
# ```{exercise}
# :label: ex-differ-metric
# Set `metric = "ncc"` and run the notebook again. Which digits does evolution prefer now, and what do the judges say?
# ```
#
# ```{solution} ex-differ-metric
# :class: dropdown
# Thin ones: the correlation of two images is low when their few bright pixels do not meet. By the metric the set is far more diverse than a random one. In [five longer runs](eyes.ipynb) the judges see fewer classes in it, and less spread.
# ```
