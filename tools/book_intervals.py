"""Intervals drawn small, beside the threshold that they are held against."""

import math
import re
from dataclasses import dataclass
from html import escape

from latentlib.study.claims import Claim, Verdict

WIDTH, HEIGHT, MARGIN = 112, 20, 0.12  # of the drawing, and its share that stays free on either side
NUMBER = r"(-?\d+(?:\.\d+)?(?:e-?\d+)?)"
BOUND = re.compile(rf"(?:(?:all|both|one) )?([<>≤≥]) {NUMBER}")
MARGINS = re.compile(rf"(?:(?:all|both) )?within ±{NUMBER}")
FACTOR = re.compile(rf"within a factor of {NUMBER}")
POINT = re.compile(rf"= {NUMBER}")
SIGN = re.compile(rf"either side of {NUMBER}")


@dataclass(frozen=True)
class Held:
    """Where an interval must lie to support a claim.

    Args:
        low: end of the region, minus infinity where it is open.
        high: end of the region, infinity where it is open.
        outside: whether either side of the ends does, not what lies between them.
    """

    low: float = -math.inf
    high: float = math.inf
    outside: bool = False

    @property
    def ticks(self) -> list[float]:
        """The thresholds."""
        return sorted({end for end in (self.low, self.high) if math.isfinite(end)})

    def holds(self, low: float, high: float) -> bool:
        """Return whether an interval lies where it supports the claim."""
        return low > self.high or high < self.low if self.outside else self.low <= low and high <= self.high


def said(claim: Claim, statistic: str) -> str:
    """Return in words what a statistic of a claim is held against."""
    if isinstance(claim.held, dict):
        return next((text for word, text in claim.held.items() if word in statistic), "")
    return claim.held or claim.needs


def held(claim: Claim, statistic: str) -> Held | None:
    """Return what a statistic of a claim is held against, None where no number says it."""
    text = said(claim, statistic)
    if found := BOUND.fullmatch(text):
        end = float(found[2])
        return Held(low=end) if found[1] in ">≥" else Held(high=end)
    if found := MARGINS.fullmatch(text):
        return Held(-float(found[1]), float(found[1]))
    if found := FACTOR.fullmatch(text):
        return Held(1 / float(found[1]), float(found[1]))
    if found := POINT.fullmatch(text):
        return Held(float(found[1]), float(found[1]))
    if found := SIGN.fullmatch(text):
        return Held(float(found[1]), float(found[1]), outside=True)
    return None


def words(claim: Claim, verdict: Verdict) -> str:
    """Return an interval and what it is held against, for those who do not see the drawing."""
    value, low, high = verdict.estimate.texts()
    spread = "no spread" if verdict.estimate.low == verdict.estimate.high else f"95 % interval {low} to {high}"
    needs = said(claim, verdict.statistic)
    return f"{value}, {spread}" + f"; needs {needs}" * bool(needs)


def drawn(claim: Claim, verdict: Verdict | None) -> str:
    """Return the interval of a verdict as inline SVG: region of support, thresholds, whisker and value.

    Empty where nothing was measured.
    """
    if verdict is None or not verdict.estimate.n:
        return ""
    estimate, region = verdict.estimate, held(claim, verdict.statistic) or Held()
    shown = [estimate.low, estimate.value, estimate.high, *region.ticks]
    least, most = min(shown), max(shown)
    spread = (most - least) or abs(most) or 1.0

    def at(number: float) -> str:
        inside = (number - least) / spread * (1 - 2 * MARGIN) + MARGIN if most > least else 0.5
        return f"{min(max(inside, 0.0), 1.0) * WIDTH:.1f}".removesuffix(".0")

    low, value, high = map(at, (estimate.low, estimate.value, estimate.high))
    zone = ""
    if region.ticks and not region.outside:
        start, end = float(at(region.low)), float(at(region.high))
        zone = f'<rect class="zone" x="{start:g}" y="3" width="{max(end - start, 1):g}" height="14"/>'
    ticks = "".join(f"M{at(tick)} 1V19" for tick in region.ticks)
    return (
        f'<svg class="interval" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{escape(words(claim, verdict))}</title>"
        f'{zone}<path class="axis" d="M0 10H{WIDTH}"/>'
        + f'<path class="held" d="{ticks}"/>' * bool(ticks)
        + f'<path class="whisker" d="M{low} 10H{high}M{low} 6V14M{high} 6V14"/>'
        + f'<circle cx="{value}" cy="10" r="2.8"/></svg>'
    )
