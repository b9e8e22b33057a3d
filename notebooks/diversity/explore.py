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
# # Breed a set
#
# The study: {cite:t}`fernandes2020evolutionary`. *Five minutes to read, a minute to run,
# and as long as you like to play.*
#
# Fifty random images are rarely a good selection: some resemble each other, others are missing. Fernandes, Correia and
# Machado let whole sets evolve. An individual is a set of latent vectors, and a set is fit if its images are unlike
# each other by a metric. Here you choose the metric and the algorithm, and watch.

# %% tags=["parameters", "hide-cell"]
# no `tables`: this page shows none of those in book/results
dataset = "mnist"
seed = 0
size = 25
population = 20
generations = 20
metric = "rmse"
mating_rate = 0.7
mutation_rate = 0.02
device = "cpu"
repeats = 2

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

from functools import partial

import torch

from latentlib import data, zoo
from latentlib.evolution import GeneticAlgorithm, PerGene, Reset
from latentlib.fitness.diversity import Diversity
from latentlib.study import plots
from latentlib.widgets.live import diverse
from latentlib.widgets.set_explorer import explore_sets
from studies.diversity.experiments.evaluator import METRICS
from studies.diversity.plan import DATASETS

# %% [markdown]
# ## Here and now
#
# This figure computes in your browser, on the book's page as well as in Jupyter, where the kernel may compute instead
# (`figure.engine = "kernel"`, or a click). Chapter one's generator draws the digits. Press *Run*: the best set so far
# stands on the left, and beside it the best of as many random sets, since whoever looks at many sets finds good ones by
# luck. With MAP-Elites there is also a map: click a cell to see its set.

# %% tags=["hide-input"]
values = {
    name: getattr(settings, name)
    for name in ("metric", "mating_rate", "mutation_rate", "seed")
}
drawable = min(50, max(16, settings.size))
figure = diverse(
    size=drawable,
    population=settings.population // 2 * 2,
    judge=True,
    **values,
)
figure

# %% [markdown]
# ## What to try
#
# Let a run finish once, as a standard for what follows.
#
# * **NCC instead of RMSE.** Which digits fill the set now, and how bright are they? What does the judge count: more different digits, or fewer?
# * **MAP-Elites.** Is it ahead of random sampling, and by how much? How many of the ten thousand cells are filled after a hundred generations? Take 10 bins instead of 100. Why does that help?
# * **Mutation 0.** Crossover alone only rearranges the genes of the first sets. When does the curve go flat?
# * **Mutation 0.3.** A child's images then no longer resemble its parents'. Compare the curve with random sampling's.
# * **A set of 16, then of 50.** With which of them is it easier to be diverse? (Curves of different sizes cannot be compared, and do not stand in one figure.)
# * **Watch the judge.** Does it see the images farther apart while the fitness grows?
#
# Below are the same controls in Jupyter, with torch, and with faces where the book has them.


# %% mystnb={"figure": {"caption": "Computed beforehand, with the controls at their defaults: ten images of the best set of each algorithm, for each generator.", "name": "fig-sets-frames"}, "image": {"alt": "Rows of ten small pictures, three rows for each generator: digits, garments and faces."}} tags=["hide-input"]
def problem(name):
    """The generator of a data set, and a judge of its images."""
    return zoo.load_generator(
        f"restoring/{name}", settings.device
    ), zoo.load_judge(name)


problems = {
    data.card(name).title: partial(problem, name) for name in DATASETS
}
explore_sets(
    problems,
    settings.generations,
    problem=data.card(settings.dataset).title,
    size=settings.size,
    population=settings.population,
    **values,
)

# %% [markdown]
# ## A little mutation beats much
#
# One run may be lucky. So here are three mutation rates with a few runs each, all of which evolve as one batch.

# %%
rates = [0.0, 0.02, 0.3]
mutation = (
    torch.tensor(rates)
    .repeat_interleave(settings.repeats)
    .to(settings.device)
)
generator, _ = problem(settings.dataset)
fitness = Diversity(
    generator, settings.size, METRICS[settings.metric], runs=len(mutation)
)
search = GeneticAlgorithm(
    settings.population,
    settings.mating_rate,
    mutation,
    mutation=Reset(),
    mutation_unit=PerGene(),
)
run = search.evolve(fitness, settings.generations, settings.seed)

# %% mystnb={"figure": {"caption": "Fitness of the best set so far for three mutation rates: share of the genes that are drawn anew.", "name": "fig-breed-rates"}, "image": {"alt": "Three rising curves with bands. Without mutation the curve rises fastest and stops at fewer images, since unchanged copies are not generated again; at 0.02 it rises to the end; at 0.3 it is soon flat."}} tags=["hide-input"]
history = run.history.frame()
plots.fitness_curves(
    {
        f"mutation {rate}": history[history["run"] // settings.repeats == i]
        for i, rate in enumerate(rates)
    },
    labels=("images generated", "fitness of the best set"),
)

# %%
none, some, much = run.best.fitness.view(len(rates), settings.repeats).mean(
    dim=1
)
end = "above" if some > much else "below"
print(f"A little mutation ends {end} much.")

# %% [markdown]
# In so short a run crossover does most of the work: with no mutation at all the set gets nearly as far with fewer images, since a child that neither mated nor mutated is not generated again. Much mutation undoes what
# crossover has brought together.
#
# ```{exercise}
# :label: ex-breed-size
# A child of two sets inherits each gene of each image from either. How much of an image is left if half of its hundred genes come from another one? Which crossover would leave images whole?
# ```
#
# ```{solution} ex-breed-size
# :class: dropdown
# Not much: the child's images are new. `BlockCrossover` of `latentlib.evolution` exchanges whole latents and so whole images; then a child's images are those of its parents, and only the set is new.
# ```
