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
# # Wish for something
#
# The study: {cite:t}`li_generate`. *Five minutes to read, a minute to run, and as long as you like to play.*
#
# A trained generator draws whatever its random latents say: a tenth of its digits are threes, and if you want nothing
# but threes, training it again would take hours. Li et al. leave it as it is and evolve a **pool** of latents. A
# recogniser, a second network, looks at the images and says how surely they show what is wished. Each generation breeds
# as many new latents as the pool holds, and the better half of old and new stays. At the end the pool is a source:
# cross and mutate its latents, and new images of the wanted kind come out.
#
# A wish may be a single class, its contrary, or several joined by AND or OR. Here you put one together and watch.

# %% tags=["parameters", "hide-cell"]
# no `tables`: this page shows none of those in book/results
dataset = "mnist"
seed = 0
population = 200
generations = 12
mutation_rate = 0.2
wish = "Digit(3)"
device = "cpu"
repeats = 3

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

from studies.desired_images import Settings

settings = Settings.read(globals())

from dataclasses import replace
from functools import partial

import pandas as pd
import torch

from latentlib import data, zoo
from latentlib.fitness import wishes
from latentlib.fitness.recognition import Recognition
from latentlib.pool import ALGORITHM1, DATASETS, offspring
from latentlib.study import plots
from latentlib.widgets.live import wanted
from latentlib.widgets.wanted_explorer import explore_wanted

# %% [markdown]
# ## Here and now
#
# This figure computes in your browser, on the book's page as well as in Jupyter, where the kernel may compute instead
# (`figure.engine = "kernel"`, or a click). It draws with chapter one's generator, whose
# weights the page has anyway, and the recogniser runs beside it. Click a digit once to want it and twice to refuse it,
# join by OR or AND, and press *Run*: wanted images are marked, and *Draw* breeds new ones from the pool, without
# selection.

# %% tags=["hide-input"]
clicked = settings.wish if settings.dataset == "mnist" else "Digit(3)"
figure = wanted(
    wish=clicked,
    pool=settings.population,
    mutation_rate=settings.mutation_rate,
    seed=settings.seed,
    generations=50,
)
figure

# %% [markdown]
# ## What to try
#
# Try these here, or with the check boxes below, which run in Jupyter with torch and know faces too. Press *Run* and let
# it finish once, as a standard for what follows. The thick curve is the share of the pool in which the recogniser finds
# the wish met. Images that miss the wish are faint here; those that meet it stand in a frame below. The last pictures
# are new, drawn from the pool as it is at that moment.
#
# * **Tick a second digit, joined by OR.** Each digit has a dashed curve of its own. Do both grow? Do they end in equal
#   parts, and does the same digit win with another seed?
# * **Now AND.** No image shows two digits. What does the line above the pictures say? (A face may well smile and wear
#   glasses. Where the book has a generator of faces, choose it and tick two attributes.)
# * **Only "not".** Untick everything but *not 3*. How high does the curve begin, and how many generations are left
#   for evolution?
# * **Mutation 0, then 0.8**, each run to its end. Which of the two moves the curve of the pool? Which moves the share
#   of new images, and in which pool do the images differ more from each other?
# * **A pool of 20.** Are the twenty images still different after fifty generations?

# %% mystnb={"figure": {"caption": "Computed beforehand, with the controls at their defaults: images of the pool, from the fittest to the least fit, at first, after three generations and at the end; and new images drawn from the last pool. A frame marks those that are as wished.", "name": "fig-wish-frames"}, "image": {"alt": "Four rows of small pictures for each data set. In the first row few pictures stand in a frame; in the third, of the last pool, nearly all do; in the fourth, of new pictures, most do."}} tags=["hide-input"]
shipped = [
    data.card(name)
    for name in DATASETS
    if zoo.weights_path(f"desired_images/{name}").exists()
]
wished = {"mnist": "Digit(3)", "celeba64": "Smiling & ~Male"} | {
    settings.dataset: settings.wish
}


def problem(name):
    """The generator and the recogniser of a data set."""
    return tuple(
        load(f"{kind}/{name}", settings.device)
        for load, kind in (
            (zoo.load_generator, "desired_images"),
            (zoo.load_classifier, "recogniser"),
        )
    )


explore_wanted(
    {card.title: partial(problem, card.name) for card in shipped},
    {card.title: wished[card.name] for card in shipped},
    settings.generations,
    problem=data.card(settings.dataset).title,
    **{
        name: getattr(settings, name)
        for name in ("population", "mutation_rate", "seed")
    },
)

# %% [markdown]
# ## Full is not finished
#
# The best of old and new stay, so the pool can only improve, and soon all of it is as wished. The paper's Algorithm 1
# may stop there. But the pool was wanted as a source. So here is the share of *new* images, a hundred from the pool of
# each generation, for three mutation rates with a few first pools each. All of them evolve as one batch, and none stops
# early. A line is a mean over first pools; its band reaches from their 10 % to their 90 % quantile.

# %%
rates = [0.0, 0.2, 0.8]
mutation = (
    torch.tensor(rates)
    .repeat_interleave(settings.repeats)
    .to(settings.device)
)
generator, recogniser = problem(settings.dataset)
fitness = Recognition(
    generator, recogniser, wishes.read(settings.wish), runs=len(mutation)
)
algorithm = replace(
    ALGORITHM1, population=settings.population, mutation_rate=mutation
)
pool, new = [], []


def count(state):
    """Note the shares of every pool, and of new images from it."""
    bred = [
        offspring(
            latents,
            100,
            settings.seed,
            replace(algorithm.variation, mutation_rate=rate),
        )
        for latents, rate in zip(
            state.genomes, mutation.tolist(), strict=True
        )
    ]
    pool.append(
        fitness.satisfied(state.genomes, state.fitness).float().mean(dim=1)
    )
    new.append(fitness.satisfied(torch.stack(bred)).float().mean(dim=1))


run = algorithm.evolve(
    fitness, settings.generations, settings.seed, callback=count
)
pool, new = (
    torch.stack(pool).cpu(),
    torch.stack(new).cpu(),
)  # (generations + 1, runs)

# %% mystnb={"figure": {"caption": "Share of a hundred new images from the pool of each generation that are as wished, by mutation rate; and that of the pools themselves, whatever their rate.", "name": "fig-wish-rates"}, "image": {"alt": "Four rising curves. That of the pools is the highest and reaches 1 after a few generations. Those of new images lag behind it and still rise at the end; the higher the mutation rate, the lower they lie."}} tags=["hide-input"]
tables = {"pool": pool} | {
    f"new, mutation {rate}": new.view(len(new), len(rates), -1)[:, i]
    for i, rate in enumerate(rates)
}
curves = {
    name: pd.DataFrame(table)
    .rename_axis("generation")
    .reset_index()
    .melt("generation", var_name="run", value_name="share")
    for name, table in tables.items()
}
plots.fitness_curves(
    curves, "generation", "share", ("generation", "share that is as wished")
)

# %%
full = pool >= 0.98
first = full.int().argmax(dim=0)  # the generation where a pool is full
filled = full.any(dim=0)
when, end = new.gather(0, first[None])[0][filled], new[-1][filled]
lowest, *_, highest = new[-1].view(len(rates), -1).mean(dim=1)
narrow, *_, wide = (
    run.state.genomes.std(dim=1).mean(dim=1).view(len(rates), -1).mean(dim=1)
)
more = "more" if lowest > highest else "no more"
closer = "closer" if narrow < wide else "no closer"
better = int((end > when).sum())
print(f"{int(filled.sum())} of {len(filled)} pools fill up.")
print(f"{better} of these are better sources at the end than when full.")
print(f"Without mutation, {more} new images are as wished")
print(f"than at a rate of {rates[-1]}, and the pool's latents lie {closer}.")

# %% [markdown]
# A full pool holds latents that the recogniser accepts, each by itself. Their children are mixtures, and a mixture of
# two accepted latents need not be accepted. Evolution that goes on moves the pool to where mixtures are accepted too.
# Mutation works against it, and is what keeps the images different: that is the bargain of this method, and the rate is
# where you strike it.
#
# ```{exercise}
# :label: ex-wish-doubling
# How many generations does it take to fill the pool for `Digit(3)`, for `Digit(4) | Digit(8)`, and for `~Digit(3)`?
# Guess from the share in the first pool, before you press *Run*.
# ```
#
# ```{solution} ex-wish-doubling
# :class: dropdown
# Parents are drawn evenly, so about as large a share of the children is as wished as of the pool. All of these stay, and
# so do those that were there before: the share can hardly do more than double. From a tenth it takes four generations
# (0.1, 0.2, 0.4, 0.8, 1), from a fifth three, and from nine tenths one. From a share $s$ it takes about
# $\log_2(1/s)$, which leaves the mutation rate little to decide.
# ```
