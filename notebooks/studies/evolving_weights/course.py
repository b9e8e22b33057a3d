"""A training from first weights to its end, measured on the way; a long one goes on where it was cut short."""

import math
import time
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from latentlib import files
from latentlib.randomness import seeded
from latentlib.study import source
from studies.evolving_weights.arms import Arm, arm
from studies.evolving_weights.data import Real, real
from studies.evolving_weights.game import Game, calibration, scores
from studies.evolving_weights.measures import measured
from studies.evolving_weights.networks import players
from studies.evolving_weights.settings import Settings

MARKS = (0, 1, 5, 10, 16, 20, 25, 30, 60, 120, 240, 300)  # epochs; the thesis shows 0, 1, 16, 25 and 30
SCORED = 512  # real images, and latents, of which the thesis's scores are means
ONWARDS = "paper"  # scale at which a course can be taken up again


def course(settings: Settings, marks: tuple[int, ...] = MARKS) -> pd.DataFrame:
    """Return the measures of a training, one row per mark and one of its end.

    Columns: `epoch`, `passes`, `shown` and `took`, the seconds spent on training alone; the thesis's four numbers, see
    `game.scores`; `fake_change`, what one more turn of the generator does to `fake_score`; `calibration` on held-out
    images; and those of `measured`.
    """
    rows, _ = played(settings, marks)
    return pd.DataFrame(rows)


def played(
    settings: Settings, marks: tuple[int, ...] = MARKS
) -> tuple[list[dict[str, Any]], list[tuple[Tensor, Tensor]]]:
    """Return the rows of a course, and the genomes of generator and discriminator at each."""
    images = real(settings)
    game = Game(settings, players(settings), images.training, seeded(settings.seed_of("game")))
    trained, saved = arm(game), saved_at(settings, marks)
    rows, shown, last = resumed(saved, game, trained)
    ends = sorted({mark for mark in marks if mark < settings.epochs} | {settings.epochs})
    for end in ends[len(rows) :]:
        start = time.monotonic()
        for _ in range((end - last) * settings.steps):
            trained.step()
        took = time.monotonic() - start + (rows[-1]["took"] if rows else 0)
        last, pair = end, trained.best()
        found = {"epoch": end, "passes": game.passes, "shown": game.shown, "took": took}
        rows.append(found | told(settings, game, trained, pair, images))
        shown.append(pair)
        if saved:
            save(saved, game, trained, rows, shown)
    return rows, shown


def told(settings: Settings, game: Game, trained: Arm, pair: tuple[Tensor, Tensor], images: Real) -> dict[str, float]:
    """Return scores and measures of a pair; the generator has one more turn."""
    evaluation = seeded(settings.seed_of("scores"))
    rows = torch.randint(len(images.training), (SCORED,), generator=evaluation)
    size = int(game.players.generator.prototype.latent_size)  # type: ignore[arg-type]
    latents = torch.randn(SCORED, size, generator=evaluation).to(settings.device)
    asked = images.training[rows.to(images.training.device)], latents
    found = scores(game.players, *pair, *asked)
    if not all(map(math.isfinite, found.values())):
        raise ValueError(f"scores must be finite, got {found} of {settings}")
    measures = {"calibration": calibration(game.players, *pair, images.held_out[:SCORED], latents)}
    measures |= measured(settings, game.players, pair[0], images)
    trained.turn(*game.batch())
    after = scores(game.players, trained.best()[0], pair[1], *asked)["fake_score"]
    return found | {"fake_change": after - found["fake_score"]} | measures


def saved_at(settings: Settings, marks: tuple[int, ...]) -> Path | None:
    """Return where a course is saved; nowhere below `paper` scale."""
    if settings.scale != ONWARDS:
        return None
    return files.cache() / "courses" / f"{files.digest(repr((settings, marks, source.digest(__name__))))}.pt"


def save(path: Path, game: Game, trained: Arm, rows: list[dict[str, Any]], shown: list[tuple[Tensor, Tensor]]) -> None:
    """Write all that a course needs to go on."""
    state = {"rows": rows, "shown": shown, "arm": trained.state(), "passes": game.passes, "shown_images": game.shown}
    state |= {"random": game.random.get_state(), "kept": game.kept}
    with files.replacing(path) as partial:
        torch.save(state, partial)


def resumed(
    path: Path | None, game: Game, trained: Arm
) -> tuple[list[dict[str, Any]], list[tuple[Tensor, Tensor]], int]:
    """Put game and arm where they were saved, and return rows, genomes and the epoch; nothing for a new course."""
    if path is None or not path.exists():
        return [], [], 0
    state = torch.load(path, weights_only=False, map_location=game.settings.device)  # our own file, from the cache
    trained.resume(state["arm"])
    game.passes, game.shown, game.kept = state["passes"], state["shown_images"], state["kept"]
    game.random.set_state(state["random"].cpu())
    return state["rows"], state["shown"], state["rows"][-1]["epoch"]
