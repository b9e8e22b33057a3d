"""From a paper's claim to a verdict: the rule is fixed first, and the verdict carries its interval and provenance.

The claims are kept in `book/claims/CHAPTER.toml`, one table per id, what was changed of them since the first runs in
`book/claims/amendments/CHAPTER.toml`, and the verdicts in `book/results/CHAPTER/verdicts/ID.json`.
"""

import json
import tomllib
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd

from latentlib import files
from latentlib.study.statistics import LEVEL, Estimate

Outcome = Literal[
    "supported", "by construction", "contradicted", "not reproduced here", "inconclusive", "not testable here"
]
Kind = Literal["stated", "implied", "ours"]
About = Literal["the method", "their set-up"]


@dataclass(frozen=True)
class Amendment:
    """A change of a claim's rule after its first verdict.

    Args:
        date: as 2026-11-26.
        reason: in a sentence or two.
        rule: the old one; empty where only the way to an interval changed.
        outcome: by the old rule.
        measured: value, interval and n by the old rule.
    """

    date: str
    reason: str
    rule: str
    outcome: str
    measured: str


@dataclass(frozen=True)
class Claim:
    """A claim of a paper in our words, and the rule that decides it.

    Args:
        id: such as JK-01.
        statement: the claim, a sentence that can be true or false.
        where: where it is in the paper.
        published: the paper's own numbers.
        rule: when it is supported or contradicted, fixed before the run.
        needs: what supports it, in short, such as `> 0.8`; empty if no number decides.
        numbers: the thresholds and margins of the rule by name, which the code that decides takes as they are.
        kind: `stated` in words, `implied` by tables, figures or use, or `ours`: a question that the paper leaves open.
        about: `the method`, or `their set-up`: networks, hardware or data that differ from ours.
        construction: why it could not have failed, empty if it could.
        units: what n counts, such as `targets`.
        given: what was not varied, and on which the inference therefore hangs.
        shown: where a page shows it, such as `restoring/rates#fig-rates-table-3`.
        held: where `needs` names several thresholds or none, that of the statistic shown, in the same words; or a table
            of them by a word of the statistic.
        amendments: what was changed since the first verdict, oldest first.
    """

    id: str
    statement: str
    where: str
    published: str
    rule: str
    needs: str
    numbers: dict[str, Any]
    kind: Kind
    units: str
    given: str
    shown: str
    about: About = "the method"
    construction: str = ""
    held: str | dict[str, str] = ""
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The outcome of a claim.

    Args:
        claim: its id.
        outcome: one of `Outcome`.
        statistic: what was measured.
        estimate: the value and interval of the statistic.
        reading: one or two sentences for a reader.
        scale: `quick` or `paper`.
        provenance: seed, device, seconds, date, commit and versions.
    """

    claim: str
    outcome: Outcome
    statistic: str
    estimate: Estimate
    reading: str
    scale: str
    provenance: dict[str, Any]

    def save(self, results: Path) -> Path:
        """Write the verdict into a chapter's results folder and return its path."""
        path = results / "verdicts" / f"{self.claim}.json"
        facts = vars(self) | {"estimate": self.estimate.numbers()}
        with files.replacing(path) as partial:
            partial.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        return path


def load_claims(path: Path) -> dict[str, Claim]:
    """Return the claims in a chapter's TOML file, by id, with the amendments in the folder beside it.

    Raises:
        ValueError: for a claim that is incomplete, names a number that it lacks, or is of no known kind.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    beside = path.parent / "amendments" / path.name
    changes = tomllib.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    if unknown := set(changes) - set(tables):
        raise ValueError(f"{beside} amends {', '.join(sorted(unknown))}, of which {path.name} holds no claim")
    return {id: claim_of(id, table, changes.get(id, [])) for id, table in tables.items()}


def claim_of(id: str, table: dict[str, Any], changes: Sequence[dict[str, Any]]) -> Claim:
    """Return a claim, its numbers filled into rule and needs; raise a ValueError naming it if it is none."""
    try:
        numbers = table.get("numbers", {})
        filled = {name: table[name].format(**numbers) for name in ("rule", "needs")} | {"held": held(table, numbers)}
        amendments = tuple(Amendment(**{**change, "date": str(change["date"])}) for change in changes)
        found = Claim(**{**table, **filled, "id": id, "numbers": numbers, "amendments": amendments})
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"{id} is no complete claim: {error}") from error
    for name, accepted in (("kind", get_args(Kind)), ("about", get_args(About))):
        if getattr(found, name) not in accepted:
            raise ValueError(f"{name} of {id} must be one of {', '.join(accepted)}, got {getattr(found, name)!r}")
    return found


def held(table: dict[str, Any], numbers: dict[str, Any]) -> str | dict[str, str]:
    """Return what a claim's statistic is held against, the numbers filled in; or that by a word of the statistic."""
    said = table.get("held", "")
    if isinstance(said, dict):
        return {word: text.format(**numbers) for word, text in said.items()}
    return str(said.format(**numbers))


def load_verdicts(results: Path) -> dict[str, Verdict]:
    """Return the verdicts in a chapter's results folder, by claim."""
    found = {}
    for path in sorted((results / "verdicts").glob("*.json")):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            found[path.stem] = Verdict(**{**facts, "estimate": Estimate(**facts["estimate"])})
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{path} is damaged: it is no verdict; draw it again or fetch it again") from error
    return found


def standing(claim: Claim, outcome: Outcome) -> Outcome:
    """Return the outcome of a claim's rule as it counts.

    What could not have failed is `by construction` and no support; what does not hold of ours, but speaks of the
    authors' own set-up, is not contradicted but `not reproduced here`.
    """
    if claim.construction and outcome == "supported":
        return "by construction"
    if claim.about == "their set-up" and outcome == "contradicted":
        return "not reproduced here"
    return outcome


def summary(
    rules: dict[str, Claim], verdicts: dict[str, Verdict], ids: Sequence[str], absent: str = "not yet run"
) -> pd.DataFrame:
    """Return a table of claims for a notebook: statement, verdict (or `absent`), measurement, need and given."""
    rows = []
    for id in ids:
        claim, found = rules[id], verdicts.get(id)
        measured = f"{found.estimate} {claim.units}".strip() if found and found.estimate.n else ""
        verdict = found.outcome if found else absent
        row = {"claim": id, "statement": claim.statement, "verdict": verdict, "measured": measured}
        rows.append(row | {"needs": claim.needs, "given": claim.given})
    return pd.DataFrame(rows).set_index("claim")


def above(*estimates: Estimate, threshold: float = 0.0) -> Outcome:
    """Return supported if every interval lies above the threshold, contradicted if any lies below it.

    That any of k lies below is a family of k tests: by Holm's first step, it takes an interval at 1 - 0.05 / k.
    """
    if not estimates:
        raise ValueError("a verdict needs at least one estimate, got none")
    if all(estimate.low > threshold for estimate in estimates):
        return "supported"
    if any(estimate.at(family(estimates))[1] < threshold for estimate in estimates):
        return "contradicted"
    return "inconclusive"


def family(members: Sized) -> float:
    """Return the level at which one of several intervals, or of groups of them, may decide alone."""
    return LEVEL if len(members) == 1 else 1 - (1 - LEVEL) / len(members)


def below(*estimates: Estimate, threshold: float = 0.0) -> Outcome:
    """Return supported if every interval lies below the threshold, contradicted if any lies above it; see `above`."""
    return above(*(estimate.mapped(-1) for estimate in estimates), threshold=-threshold)


def not_above(*estimates: Estimate, margin: float) -> Outcome:
    """Return supported if every interval lies inside ±margin, contradicted only if any lies above it; see `above`."""
    if within(*estimates, margin=margin) == "supported":
        return "supported"
    return "contradicted" if below(*estimates, threshold=margin) == "contradicted" else "inconclusive"


def within(*estimates: Estimate, margin: float | Sequence[float]) -> Outcome:
    """Return supported if every interval lies inside ±margin, contradicted if any lies wholly outside; see `above`."""
    margins = [margin] * len(estimates) if isinstance(margin, int | float) else margin
    pairs = list(zip(estimates, margins, strict=True))
    if not pairs:
        raise ValueError("a verdict needs at least one estimate, got none")
    if all(-limit <= estimate.low and estimate.high <= limit for estimate, limit in pairs):
        return "supported"
    for estimate, limit in pairs:
        low, high = estimate.at(family(estimates))
        if low > limit or high < -limit:
            return "contradicted"
    return "inconclusive"
