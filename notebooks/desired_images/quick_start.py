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
# # Nothing but threes
#
# The study: {cite:t}`li_generate`. *Five minutes to read, half a minute to run.*
#
# A trained generator draws a digit for any hundred random numbers, but which digit is left to chance. Suppose you want
# threes, and only threes. You could train another generator that takes orders. Or you could leave this one as it is,
# and look for numbers that make it draw threes.
#
# Li et al. do the latter. A second network, a **recogniser**, looks at the images and says how surely each shows a
# three. Evolution keeps a **pool** of latent vectors that please the recogniser more and more, and the pool is the
# product: it is saved, and new threes are drawn from it whenever they are needed.

# %% tags=["parameters", "hide-cell"]
# no `tables`: this page shows none of those in book/results
dataset = "mnist"
seed = 0
population = 500
generations = 12
mutation_rate = 0.2
wish = "Digit(3)"
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

from studies.desired_images import Settings

settings = Settings.read(globals())

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from latentlib.pool import ALGORITHM1, Enough, Pool, evolve
from latentlib.study import plots
from studies.desired_images.experiments.search import Search

search = Search(settings)
generator, recogniser, fitness = (
    search.generator,
    search.recogniser,
    search.fitness,
)

# %% [markdown]
# ## What the generator draws by itself
#
# Forty random latents. A frame marks those in which the recogniser finds the wish met.

# %% mystnb={"figure": {"caption": "Forty random images. In a frame: what the recogniser takes for a three.", "name": "fig-threes-before"}, "image": {"alt": "Four rows of ten handwritten digits of all kinds, a few of them malformed. Two to eight stand in a frame."}} tags=["hide-input"]
before = search.first_pools()[:1, :40]


def framed(latents):
    """Images of latents (40, genes), those that meet the wish in a frame."""
    images, hits = generator(latents), fitness.satisfied(latents[None])[0]
    rows = {
        f"{start + 1} to {start + 10}": slice(start, start + 10)
        for start in range(0, len(latents), 10)
    }
    return plots.image_rows(
        {k: images[v] for k, v in rows.items()},
        framed={k: hits[v] for k, v in rows.items()},
    )


framed(before[0])

# %% [markdown]
# ## The wish, and how well it is met
#
# A wish is written as it is read: `Digit(3)`, `Digit(4) | Digit(8)` or, for faces, `Smiling & ~Male`. The fitness
# $R(z)$ of a latent $z$ is the probability that the recogniser gives to the wished class in the image $G(z)$. For "not"
# it is $1 - R$; for "and" it is the smaller of two probabilities, for "or" the larger.
#
# ## The loop
#
# The paper's Algorithm 1 is short. From a pool of $N$ latents draw parents, each with the same chance; cross them, and
# disturb a share of the children's genes a little, until there are $N$ children. Of all $2N$ keep the $N$ with the
# highest fitness. Stop as soon as the recogniser finds the wish met in a large enough share of the pool.

# %%
algorithm = replace(
    ALGORITHM1,
    population=settings.population,
    mutation_rate=settings.mutation_rate,
)
counts = []


def count(state):
    """Note the share of the pool that is as wished."""
    counts.append(float(Enough(fitness, 1.0).shares(state)[0]))


run = evolve(
    fitness,
    0.98,
    settings.generations,
    settings.seed,
    algorithm=algorithm,
    initial=search.first_pools(),
    callback=count,
)

# %% [markdown]
# The share of wanted images by generation, and beside it twice the share of the generation before:

# %% mystnb={"figure": {"caption": "Share of the pool that is as wished by generation, and twice the share of the generation before.", "name": "tab-threes-shares", "caption_before": true}} tags=["nbval-ignore-output"]
shares = pd.Series(counts, name="share of the pool").rename_axis("generation")
doubled = (2 * shares.shift()).clip(upper=1)
pd.DataFrame({"share of the pool": shares, "twice the last": doubled}).round(
    3
)

# %% [markdown]
# It roughly doubles, and that is no accident. If children were mere copies of their parents, as many of them would be
# wanted as in the pool; all of these stay, and so do those that were there before. Whether the method does more than
# that is the question of [Four generations](digits.ipynb).
#
# ## The pool as a source

# %%
pool = Pool(
    run.state.genomes[0],
    search.wish,
    generator=f"desired_images/{settings.dataset}",
    recogniser=f"recogniser/{settings.dataset}",
)
with TemporaryDirectory() as folder:
    pool.save(Path(folder) / "threes.safetensors")
    kept = Pool.load(Path(folder) / "threes.safetensors")
print(f"Saved and loaded: {len(kept)} latents for the wish {kept.wish}.")

# %% mystnb={"figure": {"caption": "Forty new images, bred from the pool by crossover and mutation, none of them selected. In a frame: what the recogniser takes for a three.", "name": "fig-threes-new"}, "image": {"alt": "Four rows of ten handwritten digits, most of them threes and in a frame; no two are alike."}} tags=["hide-input"]
framed(kept.sample(40, settings.seed))

# %% [markdown]
# Who says that these are threes? The recogniser, which was the fitness, and so has been courted for generations. A **judge**,
# another network that evolution never saw, is the fairer witness. Here is what both say of the pool, and of five hundred
# new images from it.

# %% mystnb={"figure": {"caption": "Share of the pool and of five hundred new images that is as wished, by who counts.", "name": "tab-threes-new", "caption_before": true}} tags=["nbval-ignore-output"]
kept_shares = kept.shares(500, settings.seed)
pd.DataFrame(
    [
        [kept_shares[f"{whose} by {who}"] for who in ("recogniser", "judge")]
        for whose in ("pool", "samples")
    ],
    index=["pool", "samples"],
    columns=["recogniser", "judge"],
).round(3)

# %% [markdown]
# Fewer of the new images are threes than of the pool's: a mixture of two threes need not be one. How many fewer depends
# on when the pool stops. The exercise below takes that up, and [The pool as a source](source.ipynb) measures it.

# %%
first = kept.share(f"judge/{settings.dataset}", before[0])
new, old = (
    "more" if kept_shares[f"{name} by judge"] > first + 0.2 else "no more"
    for name in ("samples", "pool")
)
print(f"By the judge, {old} of the pool is as wished than at first,")
print(f"and {new} of the new images.")

# %% [markdown]
# ## In your own code
#
# ```python
# from latentlib.fitness.wishes import Digit
# from latentlib.pool import grow
#
# pool = grow(Digit(4) | Digit(8), "mnist")  # a pool from the zoo's generator and recogniser
# latents = pool.sample(100)
# ```
#
# With `Recognition(generator, recogniser, wish)` from `latentlib.fitness.recognition` and `latentlib.pool.evolve`, the
# same works for a generator and a recogniser of your own.
#
# ```{exercise}
# :label: ex-threes-share
# The run stops at 98 %. Let it go on to the end instead (`evolve(fitness, 1.0, …)`), and draw new images again. Which of
# the four numbers above changes most?
# ```
#
# ```{solution} ex-threes-share
# :class: dropdown
# That of the samples. A pool is full when each of its members pleases the recogniser, but children are mixtures of
# members, and a mixture need not please. Generations that come after the pool is full move it to where mixtures do.
# ```
