"""Findings: what a rule decides from tables, and how findings become verdicts."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from latentlib.provenance import provenance
from latentlib.study.claims import Claim, Outcome, Verdict, above, family, standing
from latentlib.study.statistics import Estimate, mean
from latentlib.study.statistics import TooSmallError as TooSmallError  # rules speak of findings alone
from latentlib.study.tables import stamped

Tables = dict[str, pd.DataFrame]
CELL = (
    *("dataset", "replicate", "seed", "fitness", "wish", "population", "mating_rate", "mutation_rate", "operators"),
    "seconds",
)
UNFINISHED = "Not all that the rule speaks of has been run."
FACTS = ("seed", "device", "date", "commit", "code", "torch")


@dataclass(frozen=True)
class Finding:
    """The outcome of a claim, without the provenance of its numbers.

    Args:
        outcome: by the claim's rule.
        statistic: what was measured.
        estimate: its value and interval; where there are several, the one that decides.
        reading: one or two sentences for a reader.
    """

    outcome: Outcome
    statistic: str
    estimate: Estimate
    reading: str


Rule = Callable[..., Finding]
RULES: dict[str, tuple[Rule, tuple[str, ...]]] = {}  # by claim: the rule that decides it, and the tables that it takes


def decides(claim: str, *tables: str) -> Callable[[Rule], Rule]:
    """Register a function from tables, and the claim's numbers by name, to a finding as the rule of a claim."""

    def entered(rule: Rule) -> Rule:
        RULES[claim] = (rule, tables)
        return rule

    return entered


def decide(claims: Iterable[Claim], tables: Tables, scale: str) -> list[Verdict]:
    """Return the verdict on every claim that has a rule, and whose tables are there and large enough.

    Args:
        claims: in the order of the verdicts.
        tables: by name.
        scale: of the tables.
    """
    found = []
    for claim in claims:
        rule, names = RULES.get(claim.id, (None, ()))
        if rule is not None and all(name in tables for name in names):
            with suppress(TooSmallError):
                finding = rule(*(tables[name] for name in names), **claim.numbers)
                facts = vars(finding) | {"outcome": standing(claim, finding.outcome)}
                found.append(Verdict(claim.id, **facts, scale=scale, provenance=origin(tables, names)))
    return found


def origin(tables: Tables, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the provenance of tables, with the seconds of their cells added up."""
    made = [tables[name] for name in names if "seconds" in tables[name]]
    if not made:  # arithmetic on published numbers
        return provenance(seed=0, device="cpu") | {"seconds": 0.0}
    known = [stamped(table) for table in made]
    facts = {
        fact: ", ".join(sorted({str(value) for table in known for value in table[fact].unique()})) for fact in FACTS
    }
    cells = [table.drop_duplicates(cell_columns(table)) for table in made]
    return facts | {"seconds": round(float(sum(cell["seconds"].sum() for cell in cells)), 1)}


def cell_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that identify a cell of a sweep."""
    return [name for name in CELL if name in table]


def rows_with(table: pd.DataFrame, **values: Any) -> pd.DataFrame:
    """Return the rows with these values in columns; raise a TooSmallError if there are none."""
    for column, value in values.items():
        table = table[table[column] == value]
    if table.empty:
        raise TooSmallError(f"no rows with {values}")
    return table


def only_with(named: Iterable[str], tested: Iterable[str], outcome: Outcome) -> Outcome:
    """Return the outcome, unless it is support and a data set named by the rule is untested: then inconclusive."""
    return "inconclusive" if outcome == "supported" and not set(named) <= set(tested) else outcome


def check_any(estimates: dict[Any, Estimate]) -> None:
    """Raise a TooSmallError if there is no estimate."""
    if not estimates:
        raise TooSmallError("no data set that the rule speaks of was run")


def decisive(estimates: dict[Any, Estimate], outcome: Outcome) -> tuple[str, Estimate]:
    """Return the name and estimate that decide whether all lie above a threshold.

    It is the one whose interval begins lowest or, where the claim is contradicted, that which ends lowest.
    """
    if outcome != "contradicted":
        return lowest(estimates)
    check_any(estimates)
    name = min(estimates, key=lambda key: estimates[key].high)
    return named(name), estimates[name]


def at_level(estimate: Estimate, members: Sized) -> str:
    """Return in words the interval at which one of a family of estimates may contradict a claim alone."""
    low, high = estimate.at(level := family(members))
    return f"At the level of a family of {len(members)}, {level:.2%}, its interval is [{low:.4f}, {high:.4f}]."


def lowest(estimates: dict[Any, Estimate]) -> tuple[str, Estimate]:
    """Return the name and estimate whose interval reaches lowest."""
    check_any(estimates)
    name = min(estimates, key=lambda key: estimates[key].low)
    return named(name), estimates[name]


def highest(estimates: dict[Any, Estimate]) -> tuple[str, Estimate]:
    """Return the name and estimate whose interval reaches highest."""
    check_any(estimates)
    name = max(estimates, key=lambda key: estimates[key].high)
    return named(name), estimates[name]


def farthest(estimates: dict[Any, Estimate]) -> tuple[str, Estimate]:
    """Return the name and estimate farthest from zero."""
    check_any(estimates)
    name = max(estimates, key=lambda key: abs(estimates[key].value))
    return named(name), estimates[name]


def named(key: Any) -> str:
    """Return a key of one or several parts in words."""
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def listing(estimates: dict[Any, Estimate], digits: int = 4) -> str:
    """Return the values of all estimates in words."""
    return "; ".join(f"{named(key)} {estimate.value:.{digits}f}" for key, estimate in estimates.items())


def typical(values: np.ndarray) -> Estimate:
    """Return the mean over the runs (n,) that have a value; raise a TooSmallError if fewer than two have one."""
    there = values[np.isfinite(values)]
    if len(there) < 2:
        raise TooSmallError(f"{len(there)} of {len(values)} runs have a value")
    return mean(there)


@dataclass(frozen=True)
class Part:
    """What a rule asks of some estimates.

    Args:
        statistic: what was measured.
        estimates: by name.
        threshold: on whose side every interval is to lie.
        below: whether that is the side below it.
    """

    statistic: str
    estimates: dict[Any, Estimate]
    threshold: float
    below: bool = False

    def margins(self) -> dict[Any, Estimate]:
        """Return how far the estimates lie on the wanted side."""
        sign = -1 if self.below else 1
        return {key: e.mapped(sign, -sign * self.threshold) for key, e in self.estimates.items()}


def decided(parts: Sequence[Part], reading: str, whole: bool = True) -> Finding:
    """Return the finding of a rule that wants all estimates of its parts on their side.

    It is contradicted if one lies on the other side, as in `above`, with all of them as one family. The estimate that
    decides is shown.

    Args:
        parts: at least one estimate among them.
        reading: for a reader.
        whole: whether all that the rule speaks of was run, and the rest of what it wants is so; else it is at best
            inconclusive.
    """
    flat = [(part, key, margin) for part in parts for key, margin in part.margins().items()]
    if not flat:
        raise TooSmallError("nothing that the rule speaks of was run")
    outcome = above(*(margin for _, _, margin in flat))
    if outcome == "supported" and not whole:
        outcome, reading = "inconclusive", f"{reading} {UNFINISHED}"
    place, _ = decisive({place: margin for place, (_, _, margin) in enumerate(flat)}, outcome)
    part, key, margin = flat[int(place)]
    if outcome == "inconclusive" and margin.high < 0:
        reading = f"{reading} {at_level(part.estimates[key], flat)}"
    return Finding(outcome, part.statistic, part.estimates[key], f"{reading} Shown: {named(key)}.".strip())


def told(values: Mapping[Any, float], digits: int = 2) -> str:
    """Return values by name in words."""
    return "; ".join(f"{named(key)} {value:.{digits}f}" for key, value in values.items())
