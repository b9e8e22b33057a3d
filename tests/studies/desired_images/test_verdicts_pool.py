"""LI-10 to LI-21, LI-35, LI-37 and LI-39 to LI-42: what becomes of the pool, how good its images are, one of two."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from known_pools import (
    DIGITS,
    EITHER,
    GLASSES,
    LAST,
    RUNS,
    STOP,
    THREE,
    WOMAN,
    about,
    course,
    either,
    ends,
    faces,
    harvest,
    pools,
    rows,
    stops,
)
from scipy import stats
from tables import found, outcome, put

from latentlib.study.claims import load_claims
from latentlib.study.findings import RULES, TooSmallError
from studies.desired_images import verdicts  # noqa: F401 - enters the rules
from studies.desired_images.verdicts.either import gaps, won_and_fell
from studies.desired_images.verdicts.runs import correlation, rising

CLAIMS = Path(__file__).parents[3] / "book" / "claims" / "desired_images.toml"
NEVER = float("nan")


def test_there_is_a_rule_for_each_of_the_42_claims_and_no_other():
    decided = [claim for claim in sorted(RULES) if claim.startswith("LI-")]
    assert decided == sorted(load_claims(CLAIMS)) == [f"LI-{number:02}" for number in range(1, 43)]


def all_digits():
    return pools(DIGITS)


@pytest.mark.parametrize(
    ("gain", "expected"), [(0.051, "supported"), (0.049, "contradicted"), (about(0.05, 0.03), "inconclusive")]
)
def test_li_11_wants_threes_whose_latents_draw_together(gain, expected):
    level = about(0.3, 0.2)  # what the first pools have does not count
    table = put(put(all_digits(), "cosine", 0.0), "cosine", 0.9, generation=12)
    table = put(table, "cosine", level, wish=THREE, generation=0)
    assert outcome("LI-11", stops(table, "cosine", level + gain, wish=THREE)) == expected


def judged(table, orders, **where):
    """The table where judged accuracy has an order in the first five generations, one for all runs or one each."""
    orders = np.broadcast_to(orders, (RUNS, 5))
    for generation in range(5):
        table = put(table, "judged", 0.1 * orders[:, generation], **where, generation=generation)
    return table


UP, NEARLY, HALF, DOWN = (0, 1, 2, 3, 4), (1, 0, 2, 3, 4), (1, 3, 0, 4, 2), (4, 3, 2, 1, 0)
WAYS = [
    (UP, "supported"),
    (NEARLY, "supported"),
    (HALF, "contradicted"),
    (DOWN, "contradicted"),
    ([UP if run % 2 else HALF for run in range(RUNS)], "inconclusive"),
    ([UP] * 8 + [DOWN] * 2, "inconclusive"),
]


@pytest.mark.parametrize(("orders", "expected"), WAYS)
def test_li_12_and_li_19_correlate_judged_accuracy_up_to_98_per_cent(orders, expected):
    later = {"generation": range(5, 13)}
    table = put(judged(all_digits(), orders), "judged", 0.0, **later)
    assert outcome("LI-12", table) == expected
    assert outcome("LI-19", put(judged(either(), orders), "judged", 0.0, **later)) == expected


def test_orders_have_the_correlations_that_the_rules_divide():
    values = [stats.spearmanr(range(5), order).statistic for order in (UP, NEARLY, HALF, DOWN)]
    assert values == pytest.approx([1, 0.9, 0.3, -1])


def test_li_12_averages_over_digits_and_leaves_out_runs_without_a_course():
    assert outcome("LI-12", judged(all_digits(), DOWN, wish=THREE)) == "inconclusive"  # mean 0.8
    assert outcome("LI-12", judged(all_digits(), HALF, wish=THREE)) == "supported"  # mean 0.93
    at_once = put(all_digits(), "accuracy", 1.0, wish=DIGITS[1:], run=range(1, RUNS))
    assert outcome("LI-12", at_once) == "supported"


def test_a_rise_is_told_run_by_run():
    table = pools(last=5)
    assert rising(table, "judged") == pytest.approx([1.0] * RUNS)
    assert np.isnan(rising(put(table, "judged", 0.5, run=3), "judged")).tolist() == [run == 3 for run in range(RUNS)]
    whole = put(put(table, "accuracy", 0.9), "judged", -1.0, generation=5)
    generation, shares = range(6), [0.1, 0.2, 0.4, 0.8, 1.0, -1.0]
    assert rising(whole, "judged") == pytest.approx([stats.spearmanr(generation, shares).statistic] * RUNS)


@pytest.mark.parametrize(
    ("first", "second", "nothing"),
    [([1.0], [2.0], True), ([1, 2], [3, 3], True), ([1, 1], [2, 3], True), ([1, 2], [2, 3], False)],
)
def test_there_is_no_correlation_of_one_value_or_of_values_all_alike(first, second, nothing):
    assert np.isnan(correlation(np.array(first), np.array(second))) == nothing


@pytest.mark.parametrize(
    ("fall", "expected"), [(0.06, "supported"), (0.04, "contradicted"), (about(0.05, 0.1), "inconclusive")]
)
def test_li_13_wants_wanted_images_at_the_stop_less_diverse_than_in_the_first_pool(fall, expected):
    level = about(0.9, 0.2)
    table = put(put(all_digits(), "diversity", 0.1), "diversity", level, generation=0)
    assert outcome("LI-13", stops(table, "diversity", level - fall)) == expected


def test_li_13_leaves_out_runs_without_diversity():
    table = put(all_digits(), "diversity", NEVER, generation=0, run=range(5))
    result = found("LI-13", table)
    assert (result.outcome, result.estimate.n) == ("supported", 10 * 5)
    with pytest.raises(TooSmallError):
        outcome("LI-13", put(table, "diversity", NEVER))


@pytest.mark.parametrize(
    ("gain", "expected"), [(0.02, "supported"), (0.0, "contradicted"), (about(0.01, 0.06), "inconclusive")]
)
def test_li_10_pairs_pool_and_random_images_by_seed_and_ignores_faces_and_samples(gain, expected):
    level = about(0.9, 0.08)
    table = put(harvest(), "likeliest", level)
    table = put(put(table, "likeliest", level + gain, group="pool"), "likeliest", 0.1, group="samples")
    masks = put(harvest("celeba64", (GLASSES,)), "likeliest", 0.0, group="pool")
    assert outcome("LI-10", pd.concat([table, masks])) == expected


def test_li_10_averages_over_digits():
    table = put(put(harvest(), "likeliest", 0.6, group="pool"), "likeliest", 0.8, group="pool", wish=DIGITS[:5])
    assert found("LI-10", put(table, "likeliest", 0.5, group="random")).estimate.value == pytest.approx(0.2)


def ages(evolved=8.0, **where):
    table = rows(epochs=(1, 2, 4, 8), group=("pool", "samples", "random")).assign(wish="Digit(5)", population=500)
    table = table.assign(fid=10.0, latents=table["group"].map({"pool": 500, "samples": 1000, "random": 500}))
    return put(put(table, "fid", 8.0, group="pool"), "fid", evolved, group="pool", **where)


@pytest.mark.parametrize("age", [1, 8])
@pytest.mark.parametrize(
    ("evolved", "expected"), [(9.9, "supported"), (10.1, "contradicted"), (10 + about(0, 2), "inconclusive")]
)
def test_li_16_wants_a_smaller_distance_at_every_age(age, evolved, expected):
    result = found("LI-16", ages(evolved, epochs=age))
    assert result.outcome == expected
    assert f"Shown: {age} epochs." in result.reading


def test_li_10_and_li_16_count_only_runs_with_as_many_random_images_as_evolved_ones():
    few = {"group": "random", "run": range(5)}
    table = put(put(ages(), "fid", 1.0, **few), "latents", 200, **few)
    result = found("LI-16", table)
    assert (result.outcome, result.estimate.n) == ("supported", 5)
    assert "1 epochs 8 and 10" in result.reading
    with pytest.raises(TooSmallError):
        outcome("LI-16", put(ages(), "latents", 499, group="random"))
    table = put(put(put(harvest(), "likeliest", 0.9, group="random"), "likeliest", 1.0, **few), "latents", 499, **few)
    assert outcome("LI-10", table) == "supported"


def resamples(values, **columns):
    return pd.DataFrame({"resample": range(len(values)), **{name: level + values for name, level in columns.items()}})


SPREAD = np.array([0.0, *np.linspace(-1, 1, 200)])


@pytest.mark.parametrize(("gap", "expected"), [(1.3, "supported"), (-1.3, "contradicted"), (0.5, "inconclusive")])
def test_li_14_takes_the_whole_sample_and_the_interval_of_the_resamples(gap, expected):
    table = resamples(SPREAD, fid_uniform=20 + gap).assign(fid_normal=20.0, fid_learnt=21.0)
    result = found("LI-14", table)
    assert result.outcome == expected
    ends_of = [result.estimate.value, result.estimate.low, result.estimate.high]
    half = 1.96 * SPREAD[1:].std(ddof=1)
    assert ends_of == pytest.approx([gap, gap - half, gap + half], abs=1e-4)
    assert result.estimate.n == 2000


@pytest.mark.parametrize(
    ("judged", "expected"), [(0.91, "supported"), (0.89, "contradicted"), (about(0.9, 0.05), "inconclusive")]
)
def test_li_15_wants_nine_fives_in_ten_by_the_judge_from_latents_that_stay_in_the_unit_interval(judged, expected):
    table = put(pools(("Digit(5)",), operators=("clipped", "as printed"), last=2 * LAST), "judged", 0.5)
    fed = stops(table, "judged", judged, operators="clipped").assign(learnt_from="N(0, 1)")
    both = pd.concat([ends(fed, "judged", 0.99, operators="clipped"), table.assign(learnt_from="U[0, 1]")])
    result = found("LI-15", both)
    assert result.outcome == expected
    assert result.reading.startswith(
        "These pools stop after 4.0 generations. By the judge after 12 generations, and after 24: learnt from N(0, 1)"
    )
    assert ", 0.990; learnt from U[0, 1], as printed: 0.500, 0.500" in result.reading
    for lacking in (both[both["operators"] == "as printed"], both[both["learnt_from"] == "U[0, 1]"]):
        with pytest.raises(TooSmallError):
            outcome("LI-15", lacking)


def sharpness(rank):
    """Two thousand images whose ranks correlate about so much."""
    random = np.random.default_rng(0)
    first, other = random.normal(size=(2, 2000))
    second = rank * first + np.sqrt(1 - rank**2) * other
    return pd.DataFrame({"confidence": first, "sharpness": np.exp(second), "class": 3})


@pytest.mark.parametrize(
    ("rank", "expected"), [(0.5, "supported"), (0.2, "supported"), (0.1, "inconclusive"), (0.0, "contradicted")]
)
def test_li_17_wants_a_rank_correlation_above_a_tenth(rank, expected):
    assert outcome("LI-17", sharpness(rank)) == expected


@pytest.mark.parametrize(
    ("judged", "expected"), [(0.951, "supported"), (0.949, "contradicted"), (about(0.95, 0.02), "inconclusive")]
)
def test_li_18_wants_95_per_cent_of_either_digit_by_the_judge(judged, expected):
    assert outcome("LI-18", stops(put(either(), "judged", 0.0), "judged", judged)) == expected


def by_recogniser(*winning):
    """Pools of the first recogniser, and of others, where 4 wins and 8 falls in so many of ten."""
    tables = []
    for wins in winning:
        table = ends(put(either(), "second", 0.47, generation=range(12)), "second", 0.45)  # though not in binary
        tables.append(ends(table, "first", 0.45, run=range(wins, RUNS)) if wins < RUNS else table)
    return tables[0], pd.concat([table.assign(recogniser=2 + place) for place, table in enumerate(tables[1:])])


@pytest.mark.parametrize(
    ("winning", "expected"),
    [
        ((10, 10, 9, 10), "supported"),
        ((1, 0, 0, 1), "contradicted"),
        ((10, 0, 10, 1), "inconclusive"),  # sure of each recogniser, not of recognisers
    ],
)
def test_li_20_counts_recognisers_not_pools(winning, expected):
    result = found("LI-20", *by_recogniser(*winning))
    assert (result.outcome, result.estimate.n) == (expected, 4)


def test_li_20_tells_what_holds_where_the_pools_are_full():
    first, others = by_recogniser(10, 10, 9, 10)
    full = [put(put(table, "accuracy", 0.5), "accuracy", 0.99, generation=range(3, 13)) for table in (first, others)]
    assert "98% full, it is a share of 0.000." in found("LI-20", *full).reading
    late = [put(table, "accuracy", 0.5) for table in (first, others)]  # never full: until the end
    assert "98% full, it is a share of 0.975." in found("LI-20", *late).reading


@pytest.mark.parametrize(
    ("eights_win", "no_fall", "share"), [(0, 0, 1.0), (1, 0, 0.9), (0, 1, 0.9), (5, 0, 0.5), (0, 9, 0.1), (5, 9, 0.0)]
)
def test_a_pool_counts_where_4_wins_and_8_has_fallen_by_two_hundredths(eights_win, no_fall, share):
    table = put(either(), "second", 0.47, generation=range(12))
    table = ends(table, "second", 0.45)  # exactly as much, though not in binary
    table = ends(table, "first", 0.45, run=range(RUNS - eights_win, RUNS)) if eights_win else table
    table = ends(table, "second", 0.452, run=range(no_fall)) if no_fall else table
    assert won_and_fell(table, 0.02).mean() == pytest.approx(share)


def test_a_peak_counts_wherever_it_lies():
    table = put(put(either(), "second", 0.3), "second", 0.9, run=0)
    assert won_and_fell(table, 0.02).sum() == 0
    assert won_and_fell(put(table, "second", 0.32, generation=7), 0.02).tolist() == [False] + [True] * 9
    assert won_and_fell(put(table, "second", 0.32, generation=0), 0.02).tolist() == [False] + [True] * 9


PAIRS = [(0, 1), (0, 5), (4, 8), (2, 9), (3, 6), (1, 7), (5, 8), (6, 9)]
SURE = dict(enumerate([0.99, 0.7, 0.95, 0.72, 0.93, 0.75, 0.6, 0.9, 0.85, 0.65]))


def pairs(gap):
    """Runs for one of two digits whose first share exceeds the second by a function of the pair in the end."""
    table = either(tuple(f"Digit({one}) | Digit({other})" for one, other in PAIRS), ("as printed", "copies"))
    table = put(put(table, "first", 0.5), "second", 0.5)
    for one, other in PAIRS:
        wish = f"Digit({one}) | Digit({other})"
        table = put(table, "first", 0.5 + (other - one) / 100, wish=wish, generation=0)
        table = ends(table, "first", 0.5 + gap(one, other) + about(0, 0.01), wish=wish, operators="as printed")
        table = ends(table, "first", 0.5 - SURE[one] + SURE[other], wish=wish, operators="copies")  # is told only
    return table


def confident():
    levels = pd.DataFrame(
        {"class": list(SURE) * 2, "sharpness": 1.0, "confidence": [SURE[digit] for digit in SURE] * 2}
    )
    return levels.assign(confidence=levels["confidence"] + np.repeat([0.05, -0.05], 10))


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (lambda one, other: SURE[one] - SURE[other], "supported"),
        (lambda one, other: SURE[other] - SURE[one], "contradicted"),
        (lambda one, other: (7 * one + 3 * other) % 5 / 10, "inconclusive"),
    ],
    ids=["surer wins", "surer loses", "neither"],
)
def test_li_21_correlates_gaps_in_confidence_and_in_the_final_share_over_pairs(gap, expected):
    assert outcome("LI-21", pairs(gap), confident()) == expected


def test_gaps_name_their_pairs():
    named = gaps(pairs(lambda one, other: SURE[one] - SURE[other]), pd.Series(SURE))["pair"]
    assert sorted(named) == sorted(f"{one}|{other}" for one, other in PAIRS)


def test_li_21_wants_three_pairs_of_which_the_confidence_is_known():
    table, levels = pairs(lambda one, other: SURE[one] - SURE[other]), confident()
    with pytest.raises(TooSmallError, match="fewer than three pairs"):
        outcome("LI-21", table[table["wish"].isin([EITHER, "Digit(0) | Digit(1)"])], levels)
    with pytest.raises(TooSmallError):
        outcome("LI-21", table, levels[levels["class"] != 8])


@pytest.mark.parametrize(
    ("judged", "expected"), [(0.91, "supported"), (0.89, "contradicted"), (about(0.9, 0.05), "inconclusive")]
)
def test_li_35_wants_nine_wanted_samples_in_ten_by_the_judge(judged, expected):
    table = put(put(harvest(), "judged", 0.5), "accuracy", 0.5)
    masks = harvest("celeba64", (GLASSES,)).assign(judged=0.5)
    assert outcome("LI-35", pd.concat([put(table, "judged", judged, group="samples"), masks])) == expected


def test_li_35_averages_over_digits():
    table = put(harvest(), "judged", 1.0, group="samples")
    result = found("LI-35", put(table, "judged", 0.5, group="samples", wish=THREE))
    assert result.estimate.value == pytest.approx(0.95)
    assert "lowest by the judge for Digit(3): 0.500" in result.reading


@pytest.mark.parametrize(
    ("more", "expected"), [(0.5, "supported"), (-0.5, "contradicted"), (np.array([-0.5, 0.1, 0.5]), "inconclusive")]
)
def test_li_37_pairs_the_seeds(more, expected):
    usual = np.array([8.0, 10.0, 15.0])
    table = pd.DataFrame({"seed": range(3), "kind": "unconditional", "epochs": 12, "fid": usual})
    other = table.assign(kind="conditional", fid=usual + more)
    assert outcome("LI-37", pd.concat([table, other])) == expected
    with pytest.raises(TooSmallError, match="fewer than two seeds"):
        outcome("LI-37", pd.concat([table, other]).query("seed == 0"))


def linear(mnist=0.8, faces=0.8):
    parts = []
    for dataset, level in (("mnist", mnist), ("celeba64", faces)):
        for label, off in (("a", -0.1), ("b", 0.1)):
            parts.append(resamples(SPREAD / 100, area=level + off).assign(dataset=dataset, **{"class": label}))
    return pd.concat(parts)


@pytest.mark.parametrize(
    ("mnist", "faces", "expected"),
    [
        (0.62, 0.62, "supported"),
        (0.58, 0.7, "contradicted"),
        (0.7, 0.58, "contradicted"),
        (0.7, 0.605, "inconclusive"),
    ],
)
def test_li_39_averages_over_classes_on_both_data_sets(mnist, faces, expected):
    result = found("LI-39", linear(mnist, faces))
    assert result.outcome == expected
    assert result.estimate.value == pytest.approx(min(mnist, faces))


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (1.049, "supported"),
        (0.951, "supported"),
        (1.051, "contradicted"),
        (0.949, "contradicted"),
        (about(1.05, 0.04), "inconclusive"),
    ],
)
def test_li_40_allows_five_per_cent_at_the_stop(length, expected):
    assert outcome("LI-40", stops(put(all_digits(), "length", 2.0), "length", length)) == expected


def everywhere(judged=1.0, wish=WOMAN, learnt_from="U[0, 1]", fed=1.0):
    """The tables of LI-41, where the recogniser counts all at the stop, and the judges so many of one wish."""
    broken = put(pools(("Digit(5)",)), "judged", fed, generation=STOP).assign(learnt_from=learnt_from)
    found_faces = stops(faces(), "judged", judged, wish=wish)
    return all_digits(), either(), found_faces, broken, harvest()


@pytest.mark.parametrize(
    ("judged", "expected"), [(0.96, "supported"), (0.94, "contradicted"), (about(0.95, 0.04), "inconclusive")]
)
def test_li_41_forgives_the_recogniser_one_in_twenty_whatever_the_wish(judged, expected):
    result = found("LI-41", *everywhere(judged))
    assert result.outcome == expected
    assert "of 18." in result.reading


def test_li_41_asks_for_every_generator():
    result = found("LI-41", *everywhere(fed=0.0))
    assert result.outcome == "contradicted"
    assert "Shown: Digit(5), inputs learnt from U[0, 1], as printed." in result.reading


def test_li_39_is_not_supported_by_one_data_set_but_may_be_contradicted():
    for level, expected in ((0.8, "inconclusive"), (0.5, "contradicted")):
        assert outcome("LI-39", linear(mnist=level).query("dataset == 'mnist'")) == expected


def test_li_42_is_for_no_run_to_decide():
    assert outcome("LI-42", pd.DataFrame()) == "not testable here"


def test_runs_that_never_arrive_count_whole_in_li_12():
    table = course(all_digits(), 99)
    shares = [0.1, 0.2, 0.4, 0.8, *[1.0] * 9]
    assert found("LI-12", table).estimate.value == pytest.approx(stats.spearmanr(range(13), shares).statistic)
