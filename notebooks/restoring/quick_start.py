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
# # Restore a shoe
#
# The study: {cite:t}`jin2020restoring`. *Five minutes to read, half a minute to run. Nothing here needs more
# than a laptop.*
#
# Take a generator that has learnt to draw clothes, and a photograph of a shoe that it has never seen.
# Somewhere among its hundred inputs there may be a setting that draws this very shoe. Nobody tells us
# which. We will let two hundred guesses breed until they find one that comes close.

# %% tags=["parameters", "hide-cell"]
# no `tables`: this page shows none of those in book/results
dataset = "fashion_mnist"
seed = 0
population = 200
generations = 100
mating_rate = 0.3
mutation_rate = 0.3
fitness = "mse"
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

from studies.restoring import Settings

settings = Settings.read(globals())

import torch

from latentlib import data, zoo
from latentlib.checks import check_choice
from latentlib.evolution import GeneticAlgorithm, RandomSearch
from latentlib.fitness.reconstruction import reconstruction
from latentlib.study import plots
from studies.restoring.settings import GREY

check_choice(
    "dataset", settings.dataset, GREY
)  # of the others no image ships

# %% [markdown]
# ## What a latent vector is
#
# The generator $G$ is a function from a **latent vector** $z$, here a hundred numbers, to an image of
# 28 by 28 pixels. It was trained so that almost any $z$ drawn from a normal distribution gives something
# that could pass for a garment. Draw twenty, and look:

# %% mystnb={"figure": {"caption": "Twenty random latent vectors, drawn by the generator.", "name": "fig-quick-samples"}, "image": {"alt": "Two rows of ten small grey images made by the generator: shirts, trousers, dresses, bags and shoes."}} tags=["hide-input"]
generator = zoo.load_generator(
    f"restoring/{settings.dataset}", settings.device
)
random = torch.Generator().manual_seed(settings.seed)
latents = torch.randn(20, generator.latent_size, generator=random).to(
    settings.device
)
plots.image_grid(generator(latents))

# %% [markdown]
# ## What we are looking for
#
# The target $x$ is an image the generator was never trained on. For every guess $z$ we can ask how far $G(z)$ is from
# $x$, pixel by pixel. Jin and Ko turn that distance into a **fitness** that is 1 for a perfect copy:
#
# $$ f(z) = 1 - \frac{1}{n} \sum_{i=1}^{n} \bigl(x_i - G(z)_i\bigr)^2 . $$

# %%
held_out = data.bundled(settings.dataset, split="test")
shoes = held_out.images[
    held_out.labels == 7
]  # 7 is a sneaker in Fashion-MNIST, a seven in MNIST
target = shoes[:1].to(settings.device)
goal = reconstruction(settings.fitness, generator, target)

# %% [markdown]
# ## The loop
#
# A **genetic algorithm** keeps a population of guesses. In each generation the fitter ones are more
# likely to become parents; some pairs exchange genes (that is the *mating rate*), some children are
# disturbed a little (the *mutation rate*), and the best parent always survives. That is all.

# %%
search = GeneticAlgorithm(
    settings.population, settings.mating_rate, settings.mutation_rate
)
snapshots = {}


def remember(state):
    """Keep eight members at a few moments, by falling fitness."""
    if state.generation in (0, 3, 10, 30, settings.generations):
        ranking = state.fitness[0].argsort(descending=True)
        eight = ranking[torch.linspace(0, settings.population - 1, 8).long()]
        snapshots[f"generation {state.generation}"] = generator(
            state.genomes[0, eight]
        )


run = search.evolve(
    goal, settings.generations, settings.seed, callback=remember
)

# %% [markdown]
# ## A population converging
#
# Each row shows eight members of the population, the fittest on the left and the least fit on the right. The first
# generation is a random crowd. Within ten generations selection has made relatives of them, and from then on evolution
# polishes one family. Those that still differ, on the right, are fresh mutants.

# %% mystnb={"figure": {"caption": "Eight members of the population, fittest to least fit, as the generations pass.", "name": "fig-quick-population"}, "image": {"alt": "Rows of eight images. In the first row they show different garments; further down nearly all show the same sneaker."}} tags=["hide-input"]
plots.image_rows(snapshots)

# %% [markdown]
# And the result, beside its target. The last picture is what separates them: grey means equal.

# %% mystnb={"figure": {"caption": "The held-out target, the restored image, and their difference.", "name": "fig-quick-restored"}, "image": {"alt": "Three images: a sneaker, the generator's restored sneaker, and the difference between the two, mostly mid-grey."}} tags=["hide-input"]
restored = generator(run.best.latents)
trio = torch.cat([target, restored, (1 + target - restored) / 2])
plots.image_grid(
    trio, columns=3, titles=["target", "restored", "difference"], inches=1.9
)

# %% [markdown]
# ## Evolution beats luck
#
# The fitness of the best individual rises steeply and then flattens. To judge the curve we need a rival
# that has no idea of breeding: **random search**, which spends the same number of generator passes on
# fresh draws and keeps the best.

# %% mystnb={"figure": {"caption": "Best fitness so far against generator passes, for evolution and for random search.", "name": "fig-quick-curve"}, "image": {"alt": "Two rising curves over generator passes. The genetic algorithm soon climbs above random search and stays there."}} tags=["hide-input"]
passes = max(settings.population, int(run.passes))
chance = RandomSearch(settings.population).search(goal, passes, settings.seed)
plots.fitness_curves(
    {
        "genetic algorithm": run.history.frame(),
        "random search": chance.history.frame(),
    },
    labels=("generator passes", "best fitness so far"),
)

# %%
ahead = float(run.best.fitness) > float(chance.best.fitness)
beats = "beats" if ahead else "does not beat"
print(f"The genetic algorithm {beats} random search.")

# %% tags=["nbval-ignore-output"]
others = shoes[1:].to(settings.device)
wrong = 1 - (others - target).square().mean(dim=(1, 2, 3))
print(f"other images of the same class   {float(wrong.mean()):.3f}")
print(f"best of the first generation     {float(run.history.best[0]):.3f}")
print(f"best of random search            {float(chance.best.fitness):.3f}")
print(f"best of the genetic algorithm    {float(run.best.fitness):.3f}")

# %% [markdown]
# The numbers look closer together than the pictures do. That is a property of the measure: most pixels are black in any
# image of this kind, so even a wrong shoe scores high, and the whole contest happens in the last few hundredths. [The
# method, and what it must beat](method.ipynb) puts that scale right, and asks what the paper's claims are worth.
#
# ## Try it
#
# Change a parameter and run the notebook again, here in Jupyter or from a terminal:
#
# ```bash
# papermill notebooks/restoring/quick_start.ipynb out.ipynb -p mutation_rate 0.4 -p dataset mnist
# ```
#
# ```{exercise}
# :label: ex-quick-mutation
# Set `mutation_rate` to 0. Before you run it: where will the curve end, and why can it not go further?
# ```
#
# ```{solution} ex-quick-mutation
# :class: dropdown
# Crossover only rearranges the genes of the first two hundred guesses. Once the population consists of
# copies of one individual, nothing new can appear, and the curve is flat for good.
# ```
