"""From a paper's claim to a verdict: the rule is fixed first, and the verdict carries its interval and provenance.

The claims are kept in `book/claims/CHAPTER.toml`, one table per id, and the verdicts in
`book/results/CHAPTER/verdicts/ID.json`; the scoreboard is built from both.
"""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from latentlib import files
from latentlib.study.statistics import Estimate

Outcome = Literal["supported", "contradicted", "inconclusive", "not testable here"]


@dataclass(frozen=True)
class Claim:
    """A claim of a paper in our words, and the rule that decides it.

    Args:
        id: such as JK-01.
        statement: the claim.
        where: where it is in the paper.
        published: the paper's own numbers.
        rule: when it is supported or contradicted, fixed before the run.
    """

    id: str
    statement: str
    where: str
    published: str
    rule: str


@dataclass(frozen=True)
class Verdict:
    """The outcome of a claim.

    Args:
        claim: its id.
        outcome: supported, contradicted, inconclusive or not testable here.
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
        with files.replacing(path) as partial:
            partial.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        return path


def load_claims(path: Path) -> dict[str, Claim]:
    """Return the claims in a chapter's TOML file, by id."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {id: Claim(id=id, **table) for id, table in tables.items()}


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


def summary(
    rules: dict[str, Claim], verdicts: dict[str, Verdict], ids: Sequence[str], absent: str = "not yet run"
) -> pd.DataFrame:
    """Return a table of claims for a notebook: statement, verdict (or `absent`) and measurement."""
    rows = []
    for id in ids:
        found = verdicts.get(id)
        measured = str(found.estimate) if found and found.estimate.n else ""
        verdict = found.outcome if found else absent
        rows.append({"claim": id, "statement": rules[id].statement, "verdict": verdict, "measured": measured})
    return pd.DataFrame(rows).set_index("claim")


def above(*estimates: Estimate, threshold: float = 0.0) -> Outcome:
    """Return supported if every interval lies above the threshold, contradicted if any lies below it."""
    if not estimates:
        raise ValueError("a verdict needs at least one estimate, got none")
    if all(estimate.low > threshold for estimate in estimates):
        return "supported"
    if any(estimate.high < threshold for estimate in estimates):
        return "contradicted"
    return "inconclusive"


def below(*estimates: Estimate, threshold: float = 0.0) -> Outcome:
    """Return supported if every interval lies below the threshold, contradicted if any lies above it."""
    return above(*(Estimate(-e.value, -e.high, -e.low, e.n) for e in estimates), threshold=-threshold)


def within(*estimates: Estimate, margin: float | Sequence[float]) -> Outcome:
    """Return supported if every interval lies inside ±margin, contradicted if any lies wholly outside."""
    margins = [margin] * len(estimates) if isinstance(margin, int | float) else margin
    pairs = list(zip(estimates, margins, strict=True))
    if not pairs:
        raise ValueError("a verdict needs at least one estimate, got none")
    if all(-limit <= estimate.low and estimate.high <= limit for estimate, limit in pairs):
        return "supported"
    if any(estimate.low > limit or estimate.high < -limit for estimate, limit in pairs):
        return "contradicted"
    return "inconclusive"
