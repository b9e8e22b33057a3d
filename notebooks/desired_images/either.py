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
# # Four or eight
#
# The study: {cite:t}`li_generate`. *Five minutes to read, half a minute to run. Decides LI-18 to LI-21.*
#
# With the wish `Digit(4) | Digit(8)` the fitness of an image is the larger of two probabilities. The paper's Fig. 4 follows one
# run: both digits grow, then the 4 goes on growing while the 8 declines. Its explanation is that the recogniser is more
# confident of fours.
#
# There is a simpler one to rule out first. Whoever draws from a finite pool and puts copies back sees one kind win sooner or
# later, for no reason at all. Population genetics calls it **drift**. So one run shows nothing; here are twenty, and twelve pairs of
# digits with a null model beside them.

# %% tags=["parameters", "hide-cell"]
dataset = "mnist"
tables = "stored"
seed = 0
population = 200
generations = 12
mutation_rate = 0.2
wish = "Digit(4) | Digit(8)"
device = "cpu"
repeats = 4

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

import pandas as pd
import torch

from latentlib.fitness import wishes
from latentlib.study import plots
from latentlib.study.results import Results
from studies.desired_images.experiments.measures import ORDER
from studies.desired_images.experiments.pools import either
from studies.desired_images.experiments.search import Search
from studies.desired_images.verdicts.either import gaps, related, shares_won
from studies.desired_images.verdicts.runs import of

results = Results("desired_images", tables, settings.device)
pd.set_option("display.max_colwidth", None)


def two_curves(table, wish):
    """Shares of a wish's first two classes: thin for runs, thick a mean."""
    figure, axes = plots.canvas(1, 1, (7, 3.6))
    place = axes[0, 0]
    for colour, column, name in zip(
        plots.COLOURS, ORDER, sorted(wishes.read(wish).names()), strict=False
    ):
        for _, run in table.groupby("run"):
            place.plot(
                run["generation"],
                run[column],
                color=colour,
                alpha=0.25,
                linewidth=1,
            )
        place.plot(
            table.groupby("generation")[column].mean(),
            color=colour,
            linewidth=2.5,
            label=f"shows {name}",
        )
    place.set(xlabel="generation", ylabel="share of the pool")
    plots.legend_below(figure, place)
    return figure


# %% [markdown]
# ## Four runs, live

# %%
live = either(settings)

# %% mystnb={"figure": {"caption": "Shares of fours and eights in four pools, computed just now. Thin: single runs; thick: their mean.", "name": "fig-either-live"}, "image": {"alt": "Two bundles of curves that rise together for three generations and then spread out, some pools towards fours and some towards eights."}} tags=["hide-input"]
two_curves(live, settings.wish)

# %%
end = live[live["generation"] == live["generation"].max()]
full = bool((end["accuracy"] > 0.9).all())
print(f"Nearly all of {'every' if full else 'not every'} pool is as wished.")

# %% mystnb={"figure": {"caption": "Five images of each of these pools, one row per pool. (Fig. 4(a) of the paper.)", "name": "fig-either-images"}, "image": {"alt": "Rows of five handwritten digits, all of them fours or eights; some rows hold fours alone."}} tags=["hide-input"]
search = Search(settings)
pools = search.evolve(lambda _: None).state.genomes
five = torch.linspace(0, settings.population - 1, 5).long()
plots.image_grid(search.generator(pools[:, five].flatten(0, 1)), columns=5)

# %% [markdown]
# ## Nineteen of twenty runs end with more fours (Fig. 4)
#
# The same at `paper` scale: pools of 500, twenty first pools.

# %% mystnb={"figure": {"caption": "Shares of fours and eights in twenty pools of 500. Thin: single runs; thick: their mean. (Fig. 4(b) of the paper.)", "name": "fig-either-twenty"}, "image": {"alt": "Two bundles of twenty curves each, with their means."}} tags=["hide-input"]
twenty = results["either"]
two_curves(twenty, "Digit(4) | Digit(8)")

# %% tags=["hide-input"]
end = twenty[twenty["generation"] == twenty["generation"].max()]
peak = twenty.groupby("run")["second"].max().to_numpy()
more = (end["first"] > end["second"]).sum()
fell = (peak - end["second"] >= 0.02).sum()
print(f"{more} of {len(end)} runs end with more fours than eights.")
print(f"In {fell} runs the share of eights falls by 0.02 from its peak.")

# %% [markdown]
# ## Not drift, and not this recogniser alone
#
# Nineteen of twenty is no drift: something favours the 4. It is not this recogniser alone, either: with three others,
# trained by the same recipe from other first weights, the 4 wins and the 8 declines as well (LI-20). All this takes
# time. Where Algorithm 1 would stop, with a pool that is 98 % full after three generations, the 8 has begun to fall in
# hardly any pool, and the judge counts 93 in a hundred as wanted, which is less than LI-18 asks for; a generation later
# it counts nearly all.

# %% mystnb={"figure": {"caption": "Share of pools in which the 4 wins and the 8 declines by at least 0.02, by recogniser.", "name": "tab-either-recognisers", "caption_before": true}} tags=["hide-input"]
results.show(
    lambda *tables: pd.Series(
        shares_won(*tables, fall=0.02), name="share of pools"
    ).to_frame(),
    "either",
    "recognisers_of_either",
)

# %% [markdown]
# What favours it? Here are twelve pairs of digits, ten first pools each, with Algorithm 1 and with copying alone, which
# makes no new images. The paper says that the winner is the digit of which the recogniser is surer. Or the digit that
# is more frequent in the first pool has a head start.

# %% mystnb={"figure": {"caption": "The final gap between two digits against what may cause it, one dot per pair of digits: the gap in mean confidence in random images, the gap in the first pool, and the gap in the number of random images (of two thousand) of which the recogniser is utterly sure. Filled and labelled with its digits: Algorithm 1; hollow: copying alone.", "name": "fig-either-causes"}, "image": {"alt": "Three scatter plots of twelve filled and twelve hollow dots each. In the first two no trend shows; in the third the dots rise from left to right."}} tags=["hide-input"]
UTTERLY = 0.99999
pairs, sharpness = results["pairs"], results["sharpness"]
by_class = sharpness.groupby("class")["confidence"]
mean, utter = (
    by_class.mean(),
    by_class.agg(lambda values: (values > UTTERLY).sum()),
)
causes = {
    "mean confidence": (mean, "confidence"),
    "share of the first pool": (mean, "start"),
    "images above 0.99999": (utter, "confidence"),
}
ways = {"as printed": "Algorithm 1", "copies": "copying alone"}
figure, places = plots.panels(list(causes), height=4.2, columns=3)
correlations = {}
for place, (name, (confidence, column)) in zip(
    places, causes.items(), strict=True
):
    dots = {way: gaps(of(pairs, operators=way), confidence) for way in ways}
    for face, (way, some) in zip((None, "none"), dots.items(), strict=True):
        style = {"facecolors": face, "edgecolors": plots.COLOURS[0]}
        place.scatter(some[column], some["end"], label=ways[way], **style)
        correlations[name, ways[way]] = related(some, column)
    place.margins(0.2, 0.12)
    place.locator_params(axis="x", nbins=4)
    place.sharey(places[0])
    place.label_outer()
    printed = dots["as printed"]
    plots.label_dots(place, printed[column], printed["end"], printed["pair"])
    place.set(xlabel="gap")
places[0].set_ylabel("gap in last share")
plots.legend_below(figure, places[0])
figure

# %% [markdown]
# The rank correlation over the twelve pairs, with its interval:

# %% mystnb={"figure": {"caption": "Rank correlation over the twelve pairs of what may cause the final gap with that gap, and its 95 % interval.", "name": "tab-either-causes", "caption_before": true}} tags=["hide-input"]
pd.Series(correlations, name="rank correlation").rename_axis(
    ["gap in", "pools by"]
).map(str).to_frame()

# %% [markdown]
# Twelve pairs decide for neither explanation. Does the digit of which the recogniser is surer on average win more
# often? That is open (LI-21), and so it is for the digit that is more frequent at first. The third panel is an
# afterthought that no rule foresaw, and its interval reaches below zero, so it is no more than a lead. Survival looks
# at the top of the pool only. Between 0.99 and 0.9999 a reader sees no difference, but a sort does. So what may count
# is not how sure the recogniser is of a digit on average, but of how many images it is *utterly* sure; and this far up,
# its probabilities are a matter of the network's weights rather than of the digits.
#
# ```{exercise}
# :label: ex-either-half
# How would you have to change the fitness of "or" so that both digits stay?
# ```
#
# ```{solution} ex-either-half
# :class: dropdown
# Selection by the maximum does not see which side of the wish an image meets, so nothing holds the two in balance. Keep
# the best half of each, or lower the fitness of what is frequent already (fitness sharing): both make rarity an
# advantage.
# ```

# %% [markdown]
# ## Verdicts

# %% tags=["hide-input"]
results.verdicts(["LI-18", "LI-19", "LI-20", "LI-21"])
