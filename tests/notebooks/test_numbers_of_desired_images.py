"""Numbers in the prose of chapter `desired_images` are those of the stored tables."""

import pytest
from words import if_all, number, out_of, part, place, prose

from latentlib.study.results import Results
from studies.desired_images.verdicts import digits

DESIRED = Results("desired_images")
THREE, GLASSES, WOMAN = "Digit(3)", "Eyeglasses", "Eyeglasses & ~Male"


def generations(table, wish=None):
    """Mean generations until 98 % are as wished."""
    rows = table if wish is None else table[table["wish"] == wish]
    return rows[rows["accuracy"] >= 0.98].groupby(["wish", "run"])["generation"].min()


def rivals(operators):
    """Mean generations of a rival over all digits."""
    table = DESIRED["rivals"]
    return generations(table[table["operators"] == operators]).mean()


def slowed():
    """Generations until 0.9 at the highest rate more than at the lowest."""
    first, *_, last = (digits.crossing(rows, 0.9).mean() for _, rows in digits.by_rate(DESIRED["rates"], "as printed"))
    return last - first


def price(method):
    """Passes a sure latent."""
    rows = DESIRED["sure"].query("method == @method")
    return (rows["passes"] / rows["found"].clip(lower=1)).mean()


def contest(column, wish, method):
    """Mean of a column in equal time."""
    return DESIRED["contest"].query("budget == 'equal time' and wish == @wish and method == @method")[column].mean()


def against(wish, method="rejection"):
    """What a method finds in equal time, by what evolution finds."""
    return contest("found", wish, method) / contest("found", wish, "evolution")


def harvest(column, group, dataset="mnist"):
    """Mean of a column of a group."""
    return DESIRED["harvest"].query("group == @group and dataset == @dataset")[column].mean()


def pools(column, generation):
    """Mean of a column of the pools of digits in a generation."""
    return DESIRED["digits"].query("generation == @generation")[column].mean()


def either_end():
    """The last pools of fours and eights."""
    table = DESIRED["either"]
    return table[table["generation"] == table["generation"].max()]


def at_stop(table, wish=None):
    """The pools where Algorithm 1 stops, at 98 %, by run."""
    rows = table if wish is None else table[table["wish"] == wish]
    return rows[rows["accuracy"] >= 0.98].sort_values("generation").groupby("run").first()


def in_box():
    """Pools from the unit interval that stay there."""
    return DESIRED["broken"].query("learnt_from == 'N(0, 1)' and operators == 'clipped'")


def boxed(column, generation, learnt_from="N(0, 1)", operators="clipped"):
    """Mean of a column of the pools from the unit interval."""
    rows = DESIRED["broken"].query("learnt_from == @learnt_from and operators == @operators")
    return rows[rows["generation"] == generation][column]


def age(group, epochs=1):
    """FID with the youngest generator."""
    return DESIRED["ages"].query("group == @group and epochs == @epochs")["fid"].mean()


def told():
    """FID without a class by that with one, by seed."""
    table = DESIRED["inputs"].pivot_table("fid", "seed", "kind")
    return table["unconditional"] / table["conditional"]


def women(generation):
    """The pools of women with glasses in a generation, by run."""
    return DESIRED["faces"].query("wish == 'Eyeglasses & ~Male' and generation == @generation").set_index("run")


SENTENCES = [  # notebook, words of its prose, what stands in the place of {} by the tables
    (
        "digits",
        "{} generations for the three, in every one of ten pools",
        lambda: number(generations(DESIRED["digits"], THREE).unique().item()),
    ),
    (
        "digits",
        "save {} generation",
        lambda: if_all(0.8 < generations(DESIRED["digits"]).mean() - rivals("parents by tournament") < 1.2, "a"),
    ),
    (
        "digits",
        "fresh draws, which inherit nothing, need {} as many",
        lambda: if_all(1.7 < rivals("fresh draws") / generations(DESIRED["digits"]).mean() < 2.5, "twice"),
    ),
    (
        "digits",
        "Copies need {}.",
        lambda: if_all(abs(rivals("copies") - generations(DESIRED["digits"]).mean()) < 0.5, "as many"),
    ),
    ("digits", "lie {} of a generation apart", lambda: if_all(0.01 < slowed() < 0.05, "less than a twentieth")),
    ("digits", "costs evolution some {} passes", lambda: number(price("evolution"))),
    ("digits", "gradient ascent well over {}", lambda: if_all(120 < price("gradient ascent") < 200, "a hundred")),
    ("digits", "Rejection pays some {}", lambda: number(price("rejection"))),
    (
        "digits",
        "{} do not arrive",
        lambda: out_of(1 - DESIRED["sure"].query("method == 'gradient ascent'")["found"].mean() / 100, 10),
    ),
    ("digits", "Rejection finds {} fifths as many threes as evolution", lambda: number(5 * against(THREE))),
    ("digits", "{} as many faces with", lambda: part(against(GLASSES))),
    ("digits", "hardly {} woman with glasses", lambda: if_all(contest("found", WOMAN, "rejection") < 1, "one")),
    (
        "digits",
        "accepts {} of what evolution found",
        lambda: if_all(
            [contest("judged", wish, "evolution") >= 0.9 for wish in (THREE, GLASSES, WOMAN)], "nine in ten or more"
        ),
    ),
    (
        "digits",
        "Of what ascent found it accepts {} of the faces",
        lambda: out_of(contest("judged", GLASSES, "gradient ascent"), 5, "in"),
    ),
    (
        "digits",
        "and {} of the women with glasses: a gradient",
        lambda: if_all(abs(contest("judged", WOMAN, "gradient ascent") - 0.5) < 0.03, "about half"),
    ),
    (
        "source",
        "While the share climbs to {}",
        lambda: if_all(
            [abs(pools("accuracy", 3) - 2 / 3) < 0.03, pools("diversity", 3) / pools("diversity", 0) > 0.95],
            "two thirds",
        ),
    ),
    (
        "source",
        "Whoever stops in the {} generation keeps most of it",
        lambda: if_all(pools("diversity", 4) / pools("diversity", 0) > 0.8, "fourth"),
    ),
    (
        "source",
        "with glasses {} of what the recogniser accepts is no such face",
        lambda: if_all(at_stop(DESIRED["faces"], WOMAN)["judged"].mean() < 0.5, "more than half"),
    ),
    ("source", "{} are as wished, not nine in ten", lambda: out_of(harvest("judged", "samples"), 3, "in")),
    (
        "source",
        "the pools of digits are {} to real ones than random images that the recogniser accepts",
        lambda: if_all(harvest("fid", "pool") < harvest("fid", "random"), "nearer"),
    ),
    (
        "source",
        "and those of faces with glasses {} from them",
        lambda: if_all(harvest("fid", "pool", "celeba64") > harvest("fid", "random", "celeba64"), "farther"),
    ),
    (
        "either",
        "{} is no drift",
        lambda: out_of((either_end()["first"] > either_end()["second"]).mean(), 20).capitalize(),
    ),
    (
        "either",
        "the judge counts {} in a hundred as wanted",
        lambda: round(100 * at_stop(DESIRED["either"])["judged"].mean()),
    ),
    ("either", "after {} generations, the 8", lambda: number(at_stop(DESIRED["either"])["generation"].mean())),
    (
        "either",
        "a generation later it counts {}",
        lambda: if_all(DESIRED["either"].query("generation == 4")["judged"].mean() > 0.98, "nearly all"),
    ),
    ("either", "Here are {} pairs of digits", lambda: number(DESIRED["pairs"]["wish"].nunique())),
    (
        "broken",
        "Of five thousand first latents the recogniser takes {} for a five",
        lambda: number(5000 * boxed("accuracy", 0).mean()),
    ),
    (
        "broken",
        "some {} generations until the recogniser counts 98 %",
        lambda: number(at_stop(in_box())["generation"].mean()),
    ),
    ("broken", "there the judge accepts {}", lambda: if_all(at_stop(in_box())["judged"].mean() > 0.95, "nearly all")),
    ("broken", "After twelve it had accepted {}", lambda: out_of(boxed("judged", 12).mean(), 10)),
    (
        "broken",
        "a few in a {}",
        lambda: if_all(0.01 < boxed("judged", 24, "U[0, 1]", "as printed").mean() < 0.1, "hundred"),
    ),
    ("broken", "their cosine is {}", lambda: if_all(abs(boxed("cosine", 0) - 0.75) < 0.005, "three quarters")),
    ("broken", "evolved fives are {} times nearer to real ones", lambda: number(age("random") / age("pool"))),
    (
        "broken",
        "are about {} times nearer to real digits in all three pairs",
        lambda: if_all(told() > 9, number(told().mean())),
    ),
    (
        "faces",
        "the judges accept {} (LI-22)",
        lambda: out_of(at_stop(DESIRED["faces"], WOMAN)["judged"].mean(), 5, "in"),
    ),
    (
        "faces",
        "{} faces are women than at first",
        lambda: if_all(
            at_stop(DESIRED["faces"], WOMAN)["second_judged"].mean() > women(0)["second_judged"].mean(), "fewer"
        ),
    ),
    ("faces", "in {} runs of twenty", lambda: number((women(2)["second_judged"] > women(0)["second_judged"]).sum())),
    (
        "faces",
        "one of the judges accepts [{}](digits.ipynb) women",
        lambda: out_of(contest("judged", WOMAN, "evolution"), 10, "in"),
    ),
    (
        "faces",
        "between next to nothing and {}",
        lambda: if_all(
            abs(DESIRED["combinations"].query("generation == 0").groupby("wish")["accuracy"].mean().max() - 2 / 3)
            < 0.03,
            "two thirds",
        ),
    ),
]


@pytest.mark.parametrize(("notebook", "words", "value"), SENTENCES, ids=place)
def test_a_number_in_prose_is_that_of_the_tables(notebook, words, value):
    assert words.format(value()) in prose("desired_images", notebook)
