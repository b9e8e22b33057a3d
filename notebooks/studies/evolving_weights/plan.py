"""The plan of the chapter: every sweep with its cells, in the order of what decides most claims.

At `paper` scale it takes about eleven hours of one core, by the cost of single steps. An arm with gradients runs ten
times the epochs of a population of 32, so that all arms spend about as many passes; the tables say how many. `tuning`
comes first: what `tuned.best_steps` says of its table goes into `settings.TUNED` before anything else is run.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from latentlib.study.chapter import Planned
from studies.evolving_weights.course import course
from studies.evolving_weights.experiments.costs import costs
from studies.evolving_weights.experiments.facts import facts
from studies.evolving_weights.experiments.rivals import rivals
from studies.evolving_weights.experiments.tournament import tournament
from studies.evolving_weights.settings import (
    ADAM,
    ARMS,
    AT_ONCE,
    COMMA,
    COMMON,
    ES,
    FIXED,
    FRESH,
    GA,
    HYBRID,
    IN_TURN,
    OF_DISCRIMINATOR,
    OF_GENERATOR,
    OPPONENT,
    PAIRED,
    PLAIN,
    PLUS,
    WITHOUT,
    Settings,
)

EVEN = 10  # epochs of an arm with gradients for one of a population of 32, at equal passes
SMALL: dict[str, Any] = {"images": 100, "steps": 1, "epochs": 2, "batch": 8, "population": 4, "compared": 60}
HALF: dict[str, Any] = {"images": 400, "steps": 10, "epochs": 30, "batch": 32, "population": 8, "compared": 400}
SIZES = {"smoke": SMALL, "quick": HALF, "paper": {}}
RING: dict[str, dict[str, Any]] = {
    "smoke": {},
    "quick": {"steps": 10},
    "paper": {"images": 10_000, "steps": 50, "batch": 128, "compared": 2000},
}
DENSE: dict[str, dict[str, Any]] = {"smoke": {}, "quick": {}, "paper": {"images": 10_000, "steps": 100}}
CONVOLUTIONAL: dict[str, dict[str, Any]] = {"smoke": {}, "quick": {}, "paper": {"images": 10_000, "steps": 20}}
ANIME: dict[str, dict[str, Any]] = {"smoke": {}, "quick": {}, "paper": {"images": 9_000, "steps": 10, "compared": 1000}}
SEEDS = {  # of each sweep
    "smoke": dict.fromkeys(("ring", "games", "variants", "tuning", "sizes", "causes", "other"), 1),
    "quick": dict.fromkeys(("ring", "games", "variants", "tuning", "sizes", "causes", "other"), 1),
    "paper": {"ring": 20, "games": 6, "variants": 5, "tuning": 2, "sizes": 5, "causes": 8, "other": 5},
}
ASIDE = 1000  # the first seed of `tuning`, none of which is used elsewhere
STEPS = {  # what `tuning` chooses from
    ADAM: (1e-4, 2e-4, 5e-4, 1e-3, 2e-3),
    GA: (0.003, 0.01, 0.03, 0.1, 0.3),
    ES: (0.003, 0.01, 0.03, 0.1, 0.3),
}
WIDTHS = {"smoke": (2, 8), "quick": (2, 8, 32), "paper": (2, 4, 8, 16, 32, 64, 128, 256, 512)}  # 18 to 265,218 weights
CAUSES = {"smoke": (2,), "quick": (8,), "paper": (4, 16, 64)}
IMAGES = {"smoke": (50,), "quick": (100, 400), "paper": (1_000, 5_000, 20_000, 60_000)}  # of KU-21


def plan(scale: str, device: str = "cpu") -> list[Planned]:
    """Return every sweep of the chapter at a scale."""
    base = Settings(scale=scale, device=device, **SIZES[scale])
    seeds, whole = SEEDS[scale], scale == "paper"
    ring = replace(base, dataset="ring", pair="ring", **RING[scale])
    dense = replace(base, pair="dense", **DENSE[scale])
    small = replace(base, pair="small", **CONVOLUTIONAL[scale])
    anime = replace(base, dataset="anime", pair="quarter", **ANIME[scale])
    few = replace(dense, steps=max(1, dense.steps // 5))
    return [
        Planned("tuning", course, list(tuned([ring, few, small], seeds["tuning"]))),
        Planned("facts", facts, list(drawn(dense, seeds["other"]))),
        Planned("ring", course, [*arms(ring, seeds["ring"]), *arms(replace(ring, goal=FIXED), seeds["ring"])]),
        Planned("games", course, [*arms(dense, seeds["games"]), *arms(small, seeds["other"])]),
        Planned("costs", costs, [replace(one, steps=10 if whole else 1) for one in (ring, dense, small)], timed=True),
        Planned("variants", course, list(variants(few, seeds["variants"]))),
        Planned("tournament", tournament, list(drawn(few, seeds["other"]))),
        Planned("sizes", course, list(sizes(ring, WIDTHS[scale], seeds["sizes"]))),
        Planned(
            "causes",
            course,
            list(causes(replace(ring, epochs=max(1, ring.epochs // 2)), CAUSES[scale], seeds["causes"])),
        ),
        Planned("techniques", course, list(techniques(small, seeds["other"]))),
        Planned("amounts", course, list(amounts(few, IMAGES[scale], seeds["other"]))),
        Planned("rivals", rivals, list(drawn(replace(dense, arm=ADAM), seeds["other"]))),
        Planned("faces", course, [*arms(anime, seeds["other"], (ADAM, GA))]),
    ]


def drawn(base: Settings, count: int, first: int = 0) -> Iterator[Settings]:
    """Yield the settings with every seed."""
    return (replace(base, seed=seed) for seed in range(first, first + count))


def lengthened(base: Settings) -> Settings:
    """Return the settings with the epochs that make passes equal, where an arm takes one step a batch."""
    return replace(base, epochs=EVEN * base.epochs) if base.arm in (ADAM, HYBRID) else base


def arms(base: Settings, seeds: int, names: tuple[str, ...] = ARMS) -> Iterator[Settings]:
    """Yield every arm with every seed; on a fixed goal, where there is no game, the plain three and luck."""
    for name in names:
        if not (base.goal == FIXED and name == HYBRID):
            yield from drawn(lengthened(replace(base, arm=name)), seeds)


def tuned(bases: list[Settings], seeds: int) -> Iterator[Settings]:
    """Yield every step that an arm may have, in trainings of a third of the length, on seeds set aside."""
    for base in bases:
        short = replace(base, epochs=max(1, base.epochs // 3))
        for name, steps in STEPS.items():
            for step in steps if base.scale != "smoke" else steps[:1]:
                yield from drawn(lengthened(replace(short, arm=name, step=step)), seeds, ASIDE)


def variants(base: Settings, seeds: int) -> Iterator[Settings]:
    """Yield the other readings of the thesis's algorithm: crossover, play, one population of pairs, objectives."""
    changed: list[dict[str, Any]] = [
        {"play": IN_TURN},
        {"play": AT_ONCE},
        {"play": PAIRED},
        {"play": PAIRED, "objective": OF_GENERATOR},
        {"play": PAIRED, "objective": OF_DISCRIMINATOR},
        *({"crossover": name} for name in ("weight", "layer", "none")),
    ]
    for changes in changed:
        yield from drawn(replace(base, arm=GA, **changes), seeds)


def sizes(base: Settings, widths: tuple[int, ...], seeds: int) -> Iterator[Settings]:
    """Yield Adam, evolution and the strategy on one fixed goal, with generators of ever more weights."""
    for width in widths:
        for name in (ADAM, GA, ES):
            short = replace(base, goal=FIXED, hidden=width, arm=name, epochs=max(1, base.epochs // 3))
            yield from drawn(lengthened(short), seeds)


def causes(base: Settings, widths: tuple[int, ...], seeds: int) -> Iterator[Settings]:
    """Yield why evolution may fail, crossed: a moving goal, many weights, fresh samples, children that replace."""
    for width in widths:
        for goal in (OPPONENT, FIXED):
            for samples in (FRESH, COMMON):
                for survival in (COMMA, PLUS):
                    cell = replace(base, hidden=width, goal=goal, samples=samples, survival=survival)
                    yield from drawn(cell, seeds)


def techniques(base: Settings, seeds: int) -> Iterator[Settings]:
    """Yield Adam with all techniques of the thesis, and without each in turn."""
    for name in WITHOUT:
        if name != PLAIN:
            yield from drawn(replace(base, arm=ADAM, without=name, epochs=3 * base.epochs), seeds)


def amounts(base: Settings, images: tuple[int, ...], seeds: int) -> Iterator[Settings]:
    """Yield Adam and evolution on smaller sets of images."""
    for count in images:
        for name in (ADAM, GA):
            yield from drawn(lengthened(replace(base, arm=name, images=count)), seeds)
