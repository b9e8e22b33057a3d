"""What a search costs: passes a second, and the memory of large images. Run it on a quiet machine."""

import math
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import pairwise, product
from pathlib import Path

import pandas as pd
import torch
from torch import Tensor, nn

from latentlib.fitness.reconstruction import ReconstructionMSE
from latentlib.models import adapt
from latentlib.priors import Normal
from latentlib.randomness import seeded
from latentlib.study.executors import choose
from studies.beyond.course import judged, problem_of, search
from studies.beyond.goals import fitness_of
from studies.beyond.rivals.asking import Asked
from studies.beyond.rivals.strategies import CMA
from studies.beyond.settings import Settings
from studies.restoring.experiments.timing import now

BATCHES = (1, 8, 50, 200)  # rows of a forward pass
REPEATS = 5
ROWS = {"smoke": 8, "quick": 200, "paper": 1000}  # to be timed
SIDES = {"smoke": (32,), "quick": (64,), "paper": (64, 128, 256)}  # of images whose memory is measured
CHUNKS = (1, 8, 32)  # images of a forward pass
STYLE, LEAST, MOST = 512, 16, 256  # genes of a style, and channels of a layer
MEGABYTE = 2**10  # in kilobytes
CELLS, WORKERS = 4, (1, 2)


def throughput(settings: Settings) -> pd.DataFrame:
    """Return seconds a row of judging, one row per `batch` and `repeat`: `forward`, and with its gradient (`step`)."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return pd.DataFrame(timed(settings))
    finally:
        torch.set_num_threads(threads)


def timed(settings: Settings) -> list[dict[str, float]]:
    """Return the rows of `throughput`; batches take turns, and the first turn is not counted."""
    fitness, count = fitness_of(replace(settings, runs=1)), ROWS[settings.scale]
    rows: list[dict[str, float]] = []
    took: dict[str, float] = {}
    for repeat in range(-1, REPEATS):
        for batch in BATCHES:
            latents = fitness.prior.draw((1, batch, fitness.genes), seeded(settings.seed, settings.device))
            for column, gradient in (("forward", False), ("step", True)):
                asked = Asked.of(latents, gradient=gradient)
                took[column] = seconds(partial(judged, fitness, asked), count // batch or 1, settings.device) / batch
            rows.append({"repeat": repeat, "batch": batch, **took})
    return [row for row in rows if row["repeat"] >= 0]


def seconds(work: Callable[[], object], times: int, device: str) -> float:
    """Return the seconds of some work, as a mean over so many times."""
    begun = now(device)
    for _ in range(times):
        work()
    return (now(device) - begun) / times


class Styled(nn.Module):
    """A generator shaped like StyleGAN's (Karras et al. 2019), with random weights: convolutions scaled by a style.

    Args:
        side: of its images, a power of two from 8.
        seed: of its weights.
    """

    def __init__(self, side: int, seed: int = 0) -> None:
        super().__init__()
        widths = [min(MOST, max(LEAST, 8192 // 2**level)) for level in range(2, side.bit_length())]
        with torch.random.fork_rng([]):
            torch.manual_seed(seed)
            self.mapping = nn.Sequential(nn.Linear(STYLE, STYLE), nn.LeakyReLU(0.2), nn.Linear(STYLE, STYLE))
            self.constant = nn.Parameter(torch.randn(1, widths[0], 4, 4))
            pairs = list(pairwise(widths))
            self.styles = nn.ModuleList(nn.Linear(STYLE, before) for before, _ in pairs)
            self.layers = nn.ModuleList(nn.Conv2d(before, after, 3, padding=1) for before, after in pairs)
            self.colour = nn.Conv2d(widths[-1], 3, 1)

    def forward(self, latents: Tensor) -> Tensor:
        """Return images (n, 3, side, side) in [-1, 1] of latents (n, STYLE)."""
        style = self.mapping(latents)
        features = self.constant.expand(len(latents), -1, -1, -1)
        for scale, layer in zip(self.styles, self.layers, strict=True):
            features = nn.functional.interpolate(features * (1 + scale(style))[:, :, None, None], scale_factor=2)
            features = nn.functional.leaky_relu(layer(features), 0.2)
        images: Tensor = self.colour(features).tanh()
        return images


def memory(settings: Settings) -> pd.DataFrame:
    """Return the memory that judging takes of a process, one row per `side` of the images, `chunk` and `gradient`.

    Columns: `megabytes`, most at any time beyond those before, and `adapting`, the same of `adapt`, which looks at 64
    images. Each is measured in a fresh process on a CPU, under Linux; NaN elsewhere.
    """
    cases = product(SIDES[settings.scale], CHUNKS, (False, True))
    return pd.DataFrame(
        [{"side": side, "chunk": chunk, "gradient": slope, **alone(side, chunk, slope)} for side, chunk, slope in cases]
    )


def alone(side: int, chunk: int, gradient: bool) -> dict[str, float]:
    """Return what a process of its own occupies to adapt a generator and to judge images."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(occupied, side, chunk, gradient).result()


def occupied(side: int, chunk: int, gradient: bool) -> dict[str, float]:
    """Return the most megabytes that this process takes to adapt a generator, and then to judge a chunk of images."""
    torch.set_num_threads(1)
    network, latents = Styled(side), Normal().draw((1, chunk, STYLE), seeded(0))
    before = resident(reset=True)
    fitness = ReconstructionMSE(adapt(network, STYLE), torch.zeros(1, 3, side, side))
    adapting = resident("VmHWM") - before
    before = resident(reset=True)
    judged(fitness, Asked.of(latents, gradient=gradient))
    return {"megabytes": resident("VmHWM") - before, "adapting": adapting}


def resident(line: str = "VmRSS", *, reset: bool = False) -> float:
    """Return the megabytes of this process now, or the most (`VmHWM`) since the last reset; NaN without Linux."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        words = next(text for text in Path("/proc/self/status").read_text().splitlines() if text.startswith(line))
        return int(words.split()[1]) / MEGABYTE
    except OSError:
        return math.nan


def workers(settings: Settings) -> pd.DataFrame:
    """Return the wall time of restoring in several cells, one row for each number of Dask `workers`.

    Columns: `wall`, seconds; `alone`, the seconds that the same cells take one after the other in this process.
    """
    cells = [replace(settings, seed=settings.seed + number) for number in range(CELLS)]
    taken = sum(float(restored(cell)["took"].iloc[0]) for cell in cells)
    rows = []
    for count in WORKERS:
        with choose(count) as spread:
            list(spread(restored, cells[:count]))  # so that every worker has imported what it needs
            begun = now(settings.device)
            list(spread(restored, cells))
            rows.append({"workers": count, "wall": now(settings.device) - begun, "alone": taken})
    return pd.DataFrame(rows)


def restored(settings: Settings) -> pd.DataFrame:
    """Return the seconds that one search for the targets of a cell `took`."""
    fitness = fitness_of(settings)
    rival = CMA(problem_of(fitness, settings.passes, settings.seed), separable=True)
    return pd.DataFrame([{"took": float(search(fitness, rival, settings.passes).seconds[-1])}])
