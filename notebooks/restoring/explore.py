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
# # Turn the knobs yourself
#
# The study: {cite:t}`jin2020restoring`. *Five minutes to read, a minute to run, and as long as you like to
# play.*
#
# A genetic algorithm has few knobs, and a table of results says little about what they feel like. Here you
# turn them while evolution runs: the population, the best image and the fitness curve follow at once.

# %% tags=["parameters", "hide-cell"]
# no `tables`: this page shows none of those in book/results
dataset = "fashion_mnist"
seed = 0
population = 200
generations = 200
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

from dataclasses import replace
from functools import partial

import torch

from latentlib import data, zoo
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.reconstruction import reconstruction
from latentlib.study import plots
from latentlib.widgets.explorer import explore
from latentlib.widgets.live import live
from latentlib.widgets.live.export import DATASETS
from studies.restoring.experiments.targets import targets_of

TARGETS = 20  # to choose from

# %% [markdown]
# ## Here and now
#
# This figure computes in your browser, on the book's page as well as in Jupyter. In Jupyter a cell may also read and
# set its controls (`figure.mutation_rate = 0.6`), and the kernel may take over, with torch and unrounded weights
# (`figure.engine = "kernel"`, or a click). Beside evolution, **gradient descent** runs on the same target: two steps of
# Adam a generation from one random start, by the derivative of the same generator. A step counts as three passes, as
# everywhere in this book: one forwards, and a way back that costs about two. The rival's curve therefore keeps to the
# left, and a dotted line carries its error on to the right for comparison. The vertical axis is logarithmic.
#
# Under each picture a bar shows from which founders its genes came down, pale where they have mutated since. Point at
# an individual, tap it or walk there by the arrow keys, and its two parents appear, with the genes that came from each.

# %% tags=["hide-input"]
values = {
    name: getattr(settings, name)
    for name in (
        "fitness",
        "population",
        "mating_rate",
        "mutation_rate",
        "seed",
    )
}
drawable = (
    settings.dataset if settings.dataset in DATASETS else "fashion_mnist"
)
figure = live(
    dataset=drawable, generations=settings.generations, descent=True, **values
)
figure

# %% [markdown]
# ## What to try
#
# Try these here, or with the sliders below, which run in Jupyter with torch and know every generator of the book. Press
# *Run* and let it finish once, as a standard for what follows. Then move a slider.
#
# * **Mutation 0.** Watch the members of the population. After some thirty generations they are copies of each
#   other, and the curve is flat for good: crossover only rearranges what the first population brought along.
# * **Mutation 0.9.** Nearly every child is disturbed. Does the curve rise faster or more slowly, and which
#   members spoil the end of the grid?
# * **Mating 0.** Every child has a single parent. Is anything lost?
# * **Both rates side by side.** Let a run finish, move one rate, start over: the old curve stays behind, pale, for
#   comparison. Which of the two rates matters more? (Moved during a run, a slider acts from the next generation
#   on in the figure above; below, it begins another run.)
# * **SSIM instead of MSE.** Does a shirt that SSIM likes look better to you as well? The figure above draws all curves
#   by the chosen measure, whichever of the two a run maximised.
# * **Another seed**, everything else as it was. Any difference no greater than this one may be luck.
#
# (No photograph of CelebA or CIFAR-10 ships. Their targets are images that the generator made itself.)

# %% mystnb={"figure": {"caption": "Computed beforehand, with the controls at their defaults: for each generator, the best image of a run after so many generations, and the target at the end of the row.", "name": "fig-explore-frames"}, "image": {"alt": "Four rows of small pictures: a digit, a garment, a blurred scene and a face, the last two in colour. From left to right the best image comes nearer to the target in the last column."}} tags=["hide-input"]
shipped = [
    card
    for name, card in data.CARDS.items()
    if zoo.weights_path(f"restoring/{name}").exists()
]


def problem(name):
    """The generator of a data set, and images for it to restore."""
    return zoo.load_generator(
        f"restoring/{name}", settings.device
    ), targets_of(replace(settings, dataset=name, targets=TARGETS))


explore(
    {card.title: partial(problem, card.name) for card in shipped},
    TARGETS,
    settings.generations,
    problem=data.card(settings.dataset).title,
    **values,
)

# %% [markdown]
# ## Without mutation, evolution stands still
#
# The sliders show one run at a time, and one run may be lucky. So here are three mutation rates with three runs each:
# all nine evolve as one batch towards the same image, for sixty generations. A line is the mean of three runs; its band
# reaches from their 10 % to their 90 % quantile.

# %%
rates, repeats = [0.0, 0.3, 0.9], 3
generator, images = problem(settings.dataset)
goal = reconstruction(
    settings.fitness,
    generator,
    images[:1].repeat(len(rates) * repeats, 1, 1, 1),
)
mutation = torch.tensor(rates).repeat_interleave(repeats).to(settings.device)
search = GeneticAlgorithm(settings.population, settings.mating_rate, mutation)
run = search.evolve(goal, min(60, settings.generations), settings.seed)

# %% mystnb={"figure": {"caption": "Best fitness so far against generator passes for three mutation rates, three runs each.", "name": "fig-explore-rates"}, "image": {"alt": "Three rising curves with bands. Without mutation the curve is soon flat. With mutation rates of 0.3 and 0.9 it goes on rising and ends higher."}} tags=["hide-input"]
history = run.history.frame()
plots.fitness_curves(
    {
        f"mutation {rate}": history[history["run"] // repeats == i]
        for i, rate in enumerate(rates)
    },
    labels=("generator passes", "best fitness so far"),
)

# %%
frozen, *mutated = run.best.fitness.view(len(rates), repeats)
above = bool(frozen.max() < torch.cat(mutated).min())
every = "Every" if above else "Not every"
print(f"{every} run with mutation ends above every run without.")

# %% [markdown]
# Without mutation evolution soon stands still: it can only combine what the first population happened to bring along.
# Between 0.3 and 0.9 there is little to choose at equal cost: the higher rate pays for more generator passes in every
# generation, since only children that neither mated nor mutated cost none.
#
# ```{exercise}
# :label: ex-explore-mating
# Set both rates to 0. What does the population look like after twenty generations, and what does the curve
# look like? Write your answer down before you press *Run*.
# ```
#
# ```{solution} ex-explore-mating
# :class: dropdown
# Nothing new is ever made. Selection copies the fittest of the first population until every member is that
# one, and the curve is flat from the first generation on: the best was there from the beginning.
# ```
