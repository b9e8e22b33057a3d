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
# # The method, and what it must beat
#
# The study: {cite:t}`jin2020restoring`. *Fifteen minutes to read, one to two minutes to run. Decides JK-01 to
# JK-09, JK-14, JK-15 and JK-40.*
#
# One shoe proves nothing. This notebook restores several held-out images, against every rival that a fair reader would
# ask for, and then turns to the stored results of the full experiment. Along the way it finds that the obvious measure
# flatters everybody, and that a restored image is not a restored vector.

# %% tags=["parameters", "hide-cell"]
dataset = "fashion_mnist"
tables = "stored"
seed = 0
population = 200
generations = 100
mating_rate = 0.3
mutation_rate = 0.3
fitness = "mse"
device = "cpu"
targets = 8

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

import pandas as pd
import torch

from latentlib import zoo
from latentlib.study import plots, repository, statistics
from latentlib.study.results import Results
from studies.restoring.experiments import published, rivals
from studies.restoring.experiments.contest import Contest
from studies.restoring.settings import CHOICES
from studies.restoring.verdicts import restoration

results = Results("restoring", tables, settings.device)
pd.set_option("display.max_colwidth", None)

# %% [markdown]
# ## The method in the paper's terms
#
# Jin and Ko freeze a trained generator $G$ and look for
#
# $$ z^{*} = \arg\max_{z}\; f\bigl(x, G(z)\bigr) , $$
#
# where $x$ is the image to be restored and the fitness $f$ is one of two. The first is $1 - \mathrm{MSE}$,
# which the quick start used. The second is the structural similarity {cite}`wang2004image` of the
# two images, which compares means $\mu$, variances $\sigma^2$ and the covariance of small windows:
#
# $$ \mathrm{SSIM}(x, y) = \frac{(2 \mu_x \mu_y + c_1)(2 \sigma_{xy} + c_2)}
#    {(\mu_x^2 + \mu_y^2 + c_1)(\sigma_x^2 + \sigma_y^2 + c_2)} . $$
#
# The search is a genetic algorithm with a population of 200. The paper gives two numbers for it, a
# mating rate and a mutation rate, and leaves the rest to the reader. So we had to choose:
#
# :::{captioned} What the paper leaves open about the search, and what we chose.
# :name: tab-method-choices
#
# | left open in the paper | chosen here | why |
# |---|---|---|
# | latent size and prior | 100, $\mathcal N(0, 1)$ | usual for a generator of this kind |
# | selection | tournament of 3 | insensitive to the scale of the fitness |
# | crossover | uniform, for a pair with the mating rate | no order among the genes |
# | mutation | Gaussian, step 0.5, a tenth of the genes of an individual with the mutation rate | the rate is called "relative to the population" |
# | survival | children replace parents, the best parent stays | scores in the paper never fall, which needs either this or a score of the best so far (JK-39) |
# :::
#
# Each choice is an argument of `GeneticAlgorithm`, so that anyone may disagree in one line.

# %%
contest = Contest(settings)
contest.evolution

# %% [markdown]
# ## Digits and garments come out well, colour less so (Fig. 3)
#
# Each data set has a generator of its own, with the layers that the paper names. Two were trained on grey images and
# two on colour. As in the paper's Fig. 3, digits and garments come out well, while the colour sets show outline and
# colour and little else. The distance to real images (FID, in the features of a classifier) says the same in numbers.

# %% mystnb={"figure": {"caption": "Random samples of the four generators.", "name": "fig-method-samples"}, "image": {"alt": "Four rows of ten generated images: digits, garments, blurred colour scenes, and blurred faces."}} tags=["hide-input"]
latents = torch.randn(
    10, 100, generator=torch.Generator().manual_seed(settings.seed)
)
generators = {
    name: zoo.load_generator(f"restoring/{name}")
    for name in CHOICES["dataset"]
}
plots.image_rows(
    {name: generator(latents) for name, generator in generators.items()}
)

# %% mystnb={"figure": {"caption": "Distance of generated images to real ones (FID), beside that of as many real images; and the share of images, generated and real, of which the judge is sure.", "name": "tab-method-quality", "caption_before": true}} tags=["hide-input"]
qualities = pd.DataFrame(
    {name: zoo.card(f"restoring/{name}")["quality"] for name in generators}
).T
qualities[
    ["fid", "fid_real", "confident_share", "confident_share_real"]
].astype(float).round(2)

# %% [markdown]
# ## Everyone restores the same images
#
# The rivals are of two kinds. *Searches* may spend as many generator passes as evolution used: random search, and
# gradient descent with Adam, ten restarts and a step size chosen on other images. (A gradient step counts as three
# passes, because its way back through the generator costs about two.) *Images that need no search* show what a score is
# worth: the mean of the training images, and the training image nearest to the target.

# %%
found = [
    *rivals.evolution(contest)[-1:],
    rivals.restart(contest, "adam", 10),
    *rivals.chance(contest),
]

# %% mystnb={"figure": {"caption": "Held-out targets and what each search made of them.", "name": "fig-method-images"}, "image": {"alt": "Rows of small images: the targets, and below them the images restored by the genetic algorithm, by gradient descent and by random search. The first two resemble the targets, the last less so."}} tags=["hide-input"]
plots.image_rows(
    {
        "target": contest.targets,
        **{entry.method: entry.images for entry in found},
    }
)

# %% mystnb={"figure": {"caption": "Mean scores over the targets of this contest, computed just now.", "name": "tab-method-live", "caption_before": true}} tags=["nbval-ignore-output"]
table = pd.concat(
    [
        rivals.rows(contest, entry)
        for entry in [*found, *rivals.no_search(contest)]
    ]
)
methods = [
    "genetic algorithm",
    "adam, starts 10",
    "random search",
    "nearest image",
    "mean image",
]
table.groupby("method")[["one_minus_mse", "ssim"]].mean().loc[methods].round(
    3
)

# %%
wide = table.pivot_table(
    index="target", columns="method", values="one_minus_mse"
)
for rival in ("random search", "mean image"):
    wins = int((wide["genetic algorithm"] > wide[rival]).sum())
    print(f"The genetic algorithm is closer than the {rival}", end=" ")
    print(f"on {wins} of {len(wide)} targets.")

# %% [markdown]
# ## A measure that flatters
#
# Look at the row of the mean image. It is the same grey smear for every target, and yet it scores within a
# tenth of a perfect copy. With mostly black images $1 - \mathrm{MSE}$ begins high, and the contest is about
# the rest. A scale that shows it is the **skill**: 0 for the mean image, 1 for a perfect copy,
#
# $$ \text{skill} = \frac{f - f_{\text{mean image}}}{1 - f_{\text{mean image}}} . $$

# %% mystnb={"figure": {"caption": "Skill over the targets of this contest: 0 for the mean image, 1 for a perfect copy.", "name": "tab-method-skill", "caption_before": true}} tags=["nbval-ignore-output"]
skill = (wide.sub(wide["mean image"], axis=0)).div(
    1 - wide["mean image"], axis=0
)
skill[methods].mean().round(2).to_frame("skill")

# %% [markdown]
# ## The full experiment: ahead of every rival without a gradient
#
# What follows reads the stored tables of the `paper` scale: population 200, 200 generations, the same searches on
# held-out targets of all four data sets, real photographs and faces among them.
# `latentlib reproduce restoring --scale paper` computes them again; the scoreboard gives date, machine and commit.

# %% mystnb={"figure": {"caption": "Mean scores of the held-out targets in the end, by method and data set.", "name": "tab-method-scores", "caption_before": true}} tags=["hide-input"]
stored = results["rivals"]
size, last = stored["population"].max(), stored["generations"].max()
print(f"population {size}, {last} generations,", end=" ")
print(f"{stored['target'].nunique()} held-out targets of each data set")
final = restoration.final(stored)
held_out = final[final["split"] == "test"]
held_out.pivot_table(
    index="method", columns="dataset", values=["one_minus_mse", "ssim"]
).loc[methods].round(3)

# %% [markdown]
# **The paper beside ours.** Its Table 3 gives one number per data set, for a batch of unknown size; ours is a mean over
# targets with its interval. The levels are close, which says little as long as the generators differ.

# %% mystnb={"figure": {"caption": "1 - MSE of the paper and ours, with the 95 % interval of our mean over the targets.", "name": "tab-method-levels", "caption_before": true}} tags=["hide-input"]
names = {
    "mnist": "MNIST",
    "fashion_mnist": "Fashion_MNIST",
    "cifar10": "Cifar10",
    "celeba": "CelebA",
}
table_3 = pd.read_csv(repository.published() / "jin-ko-table3.csv").query(
    "mutation_rate == 0.3"
)
evolved = stored.query(
    "method == 'genetic algorithm' and fitness == 'mse' and split == 'test'"
)
iteration = max(
    i for i in table_3["iteration"].unique() if i in set(evolved["iteration"])
)
theirs, mine = (
    table[table["iteration"] == iteration].set_index("dataset")
    for table in (table_3, evolved)
)
ours = {
    name: statistics.mean(mine["one_minus_mse"][name].to_numpy())
    for name in names
    if name in mine.index
}
pd.DataFrame(
    {
        "paper": [theirs["score"][names[name]] for name in ours],
        "ours": [estimate.value for estimate in ours.values()],
        "from": [estimate.low for estimate in ours.values()],
        "to": [estimate.high for estimate in ours.values()],
    },
    index=pd.Index(ours, name=f"1 - MSE, iteration {iteration}"),
).round(3)

# %% mystnb={"figure": {"caption": "Each dot is a held-out target: its score by random search and by the genetic algorithm, at equal generator passes. Above the line, evolution is closer.", "name": "fig-method-pairs"}, "image": {"width": "60%", "alt": "Scatter plot of scores, random search against genetic algorithm, for four data sets. All dots lie above the diagonal."}} tags=["hide-input"]
pairs = held_out.pivot_table(
    index=["dataset", "target"], columns="method", values="one_minus_mse"
).reset_index()
plots.paired_scores(pairs, "random search", "genetic algorithm")

# %% mystnb={"figure": {"caption": "Lead of the genetic algorithm over each rival in 1 - MSE, paired by target: mean and 95 % interval, a dot for each data set.", "name": "fig-method-gains"}, "image": {"alt": "A row for each of four rivals, in it a dot with an interval for each data set, against a line at zero. Only Adam's dots lie to the left of it."}} tags=["hide-input"]
gains = [
    {
        "name": rival,
        "dot": name,
        "value": gain.value,
        "low": gain.low,
        "high": gain.high,
    }
    for rival in methods[1:]
    for name, gain in restoration.gains(stored, rival).items()
]
plots.intervals(
    pd.DataFrame(gains),
    "genetic algorithm minus rival, 1 - MSE",
    ("rival closer", "evolution closer"),
)

# %% [markdown]
# Evolution leads every rival that cannot see a slope, the nearest training image included: on average it
# comes closer to the target than the best of all the images the generator learnt from. And it trails the one
# rival that can. At equal cost Adam comes closer on every data set, and SGD on all but MNIST.
# (The cost of choosing its step size, once for all targets, is not counted.) The paper, at a budget of its
# own, found the opposite. Whether that is a matter of step size, restarts or budget is what JK-44 to JK-52 ask.
#
# ## Training the generator longer helps, at first
#
# The paper puts the lower scores of the colour sets down to too little training of their generators (JK-09). So we
# trained both once more. Evolution restored the same images with each of them after 1, 4 and 16 epochs, and with the
# one that ships.

# %% mystnb={"figure": {"caption": "Mean 1 - MSE by the age of the generator.", "name": "tab-method-ages", "caption_before": true}} tags=["hide-input"]
ages = {1: "1 epoch", 2: "2 epochs", 4: "4 epochs", 16: "16 epochs"}


def by_age(aged):
    """The mean score of each generator."""
    aged["generator"] = aged["epochs"].map(ages).fillna("the one that ships")
    return aged.pivot_table(
        index="generator",
        columns="dataset",
        values="one_minus_mse",
        sort=False,
    ).round(4)


results.show(by_age, "epochs")

# %% [markdown]
# The first epochs help a lot. After four, CIFAR-10 gains nothing that we could measure, while CelebA gains another hundredth: whether
# too little training is the reason stays open (JK-09).
#
# ## An encoder gains a thousandth or so
#
# An encoder is a network that guesses the latent vector at sight. The paper does without one, since it would have to be
# trained first (JK-04). We trained one for each generator, on pairs $(G(z), z)$, and let evolution begin with half of
# its population around the encoder's answer.

# %% mystnb={"figure": {"caption": "Mean 1 - MSE of an encoder's guess, of evolution that begins around it, and of evolution alone.", "name": "tab-method-encoder", "caption_before": true}} tags=["hide-input"]
helped = results["encoder"]
seconds = helped["encoder_seconds"].mean()
print(f"{helped['encoder_parameters'].max():,} parameters,", end=" ")
print(f"trained in {seconds:.0f} s")
helped.pivot_table(
    index="method", columns="dataset", values="one_minus_mse"
).round(4)

# %% [markdown]
# The encoder's guess alone is worse than what evolution finds. As a start for evolution it gains a thousandth or so on
# every set, at the price of a network as large as the generator; whether that is enough to matter, the intervals leave
# open (JK-04).
#
# ## The image is not the vector
#
# The paper's title promises to restore *latent vectors*. That can be tested, since we may choose targets
# $x = G(z_0)$ whose vector we know. If evolution found it, the cosine between $z^{*}$ and $z_0$ would
# be close to 1; two random vectors have a cosine close to 0.

# %% mystnb={"figure": {"caption": "How near the found vector is to the true one: cosine, and distance by the length of the true one; means over targets that the generator made.", "name": "tab-method-inversion", "caption_before": true}}
known = results["inversion"]
columns = ["one_minus_mse", "cosine", "null_cosine", "distance"]
searches = known[
    known["method"].isin(["genetic algorithm", "adam, starts 1"])
]
searches.groupby(["method", "dataset"], sort=False)[columns].mean().round(3)

# %% [markdown]
# Evolution's images agree almost perfectly with their targets, and its vectors hardly at all. The cosine is above that of
# random pairs, so something of $z_0$ is found, but $z^{*}$ lies farther from it than the origin does. Many roads lead
# a generator to nearly the same picture, and evolution takes one of them.
#
# That does not mean that the vector is lost. On the colour sets a single gradient descent goes all the way and ends at
# $z_0$ itself. On the grey sets, where it does not get stuck, it finds the picture but not the vector.

# %% [markdown]
# ## SSIM can fall below zero, and Tables 1 and 2 are averages
#
# Three small claims need no evolution. SSIM is said to lie between 0 and 1 (JK-14), and the mean squared
# error too (JK-15): we measure both on pairs of real images, and on pairs with one image inverted. And
# Tables 1 and 2 of the paper should be averages of Tables 3 to 6 (JK-40), at an iteration that the paper does
# not name. Arithmetic names it:

# %% mystnb={"figure": {"caption": "Least and greatest value of each measure over pairs of real images, and of a real image and an inverted one; last, the MSE of the same in [-1, 1].", "name": "tab-method-ranges", "caption_before": true}}
ranges = results["ranges"]
columns = ["ssim_min", "ssim_max", "mse_min", "mse_max", "tanh_mse_max"]
ranges.set_index(["dataset", "pairs"])[columns].round(3)

# %% mystnb={"figure": {"caption": "How far Tables 1 and 2 are from the averages of Tables 3 to 6, the largest deviation by iteration.", "name": "tab-method-averages", "caption_before": true}}
averages = published.averages(repository.published())
worst = averages["deviation"].abs().groupby(averages["iteration"]).max()
worst.round(4).to_frame("largest deviation")

# %% [markdown]
# ## Verdicts
#
# The rules were written down before the runs; those amended since say so. They stand on the
# {doc}`scoreboard </book/scoreboard>`.

# %% tags=["hide-input"]
ids = [f"JK-{number:02}" for number in (*range(1, 10), 14, 15, 40)]
results.verdicts(ids)

# %% [markdown]
# ## What differs from the paper, and why it may matter
#
# * **The generator.** Widths, optimiser and latent size are ours. Absolute scores depend on them, contrasts
#   between methods on the same generator less so.
# * **The targets.** Eight per data set and split, the classes in turn, since two cores had to do. The intervals are as
#   wide as that makes them. Whether images that the generator never saw are restored as well (JK-07) is asked of 72
#   drawn at random.
# * **The operators.** The table above lists our choices; a later notebook asks which choice, if any,
#   explains the paper's own numbers.
# * **The rivals.** The paper compares with gradient descent only, at settings it does not name.
#
# ```{exercise}
# :label: ex-method-ssim
# Run this notebook with `-p fitness ssim`. Which column of the table of scores improves, which gets
# worse, and which of the two restorations would you rather hang on your wall?
# ```
#
# ```{solution} ex-method-ssim
# :class: dropdown
# Each fitness wins on its own measure by construction. That is why a third judge, which is nobody's
# fitness, has to decide such questions.
# ```
