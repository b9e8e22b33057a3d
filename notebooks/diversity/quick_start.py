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
# *Five minutes to read, a minute to run.*
#
# Draw fifty random digits from a generator, and you get what chance gives: nine ones, two eights, and several that look
# alike. Often you would rather have fifty that differ, to show what a generator can do, to test it, or to train
# something else with. How do you choose fifty latent vectors whose images are as unlike each other as can be?
#
# Fernandes, Correia and Machado {cite}`fernandes2020evolutionary` let a **set** evolve. An individual is no longer one
# latent vector but fifty of them, and its fitness is low when the images of the set resemble each other. This chapter
# repeats their three searches, asks whether what they find is diverse to anybody but the metric, and looks for better
# ways to the same end.

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
    print("On Colab: fetching the book's repository and installing its library and studies.")
    # !git clone --quiet --depth 1 --branch v0.1.0 https://github.com/latentlib/latentlib
    # %cd latentlib/notebooks
    # %pip install --quiet .. .

from studies.diversity import Settings

settings = Settings.read(globals())


from latentlib import zoo
from latentlib.evolution import GeneticAlgorithm, PerGene, RandomSearch, Reset, Tournament, Uniform
from latentlib.fitness.diversity import Diversity
from latentlib.study import plots
from studies.diversity.experiments.evaluator import METRICS

# %% [markdown]
# ## A set of fifty, drawn at random
#
# A hundred random numbers make an image, so a set of fifty is a genome of five thousand. `Diversity` draws the images,
# compares each with each, and returns minus their mean similarity.

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
chance = RandomSearch(settings.population).search(fitness, images, settings.seed)

# %% mystnb={"figure": {"caption": "Fitness of the best set so far, minus the mean similarity of its pairs, against the number of images generated.", "name": "fig-differ-curves"}, "image": {"alt": "Two curves that begin at the same height. That of the genetic algorithm rises steadily; that of random sampling is nearly flat after its first steps."}} tags=["hide-input"]
curves = {"genetic algorithm": run.history.frame(), "random sampling": chance.history.frame()}
plots.fitness_curves(curves, labels=("images generated", "fitness of the best set"))

# %%
ahead = run.best.fitness > chance.best.fitness
print(f"evolution ends above chance with as many images: {bool(ahead)}")
