"""Ratios between the variants of the workload, timed in turn (A B A B ...), medians of five, on one thread.

python tests/benchmarks/compare.py [ROUNDS]
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import median

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported: the table is of one thread

import pandas as pd
import populations
import sets
import torch
from workload import VARIANTS, Work, genetic

ROUNDS = 5
SIZES = [(200, 16), (50, 16), (100, 16), (400, 16), (200, 1), (200, 4), (200, 32)]  # population, runs
IMAGES = (12, 25, 50, 100)  # in a set
SEARCHES = [(50, 16), (200, 16), (800, 16), (3200, 16), (200, 4), (200, 64)]  # chunk, runs


def seconds(work: Work) -> float:
    """Per evaluation."""
    start = time.perf_counter()
    done = work()
    return (time.perf_counter() - start) / done


def rates(variants: Mapping[str, Work], rounds: int) -> dict[str, float]:
    """Evaluations a second of every variant: the medians of rounds in which each has its turn."""
    for work in variants.values():
        work()  # warm up
    timed = [{name: seconds(work) for name, work in variants.items()} for _ in range(rounds)]
    return {name: 1 / median(turn[name] for turn in timed) for name in variants}


def peak(chunk: int, runs: int) -> float:
    """MiB that a search adds to its process at most, in a process of its own."""
    command = [sys.executable, __file__, "--memory", str(chunk), str(runs)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def measure_memory(chunk: int, runs: int) -> None:
    """Print how far a search's peak rises above what the process held before it (Linux counts both)."""
    genetic(population=4, runs=1)()  # what torch allots once
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of the imports
    before = resident("VmRSS")
    genetic(runs=runs, chunk=chunk)()
    print(resident("VmHWM") - before)


def resident(entry: str) -> float:
    """MiB of this process, now (VmRSS) or at most so far (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(entry)) / 1024


def ratios(rate: Mapping[str, float]) -> pd.DataFrame:
    """What was aimed at, beside what was reached."""
    ours, folded = rate["genetic algorithm"], rate["genetic algorithm, folded generator"]
    rows = [
        ("genetic algorithm / bare forward", ours / rate["bare forward, batch 200"], ">= 1.9"),
        ("genetic algorithm, folded / bare forward", folded / rate["bare forward, batch 200"], ">= 2.1"),
        ("genetic algorithm / DEAP, one by one", ours / rate["DEAP, one by one"], ">= 10"),
        ("share of time in the algorithm", ours / rate["genetic algorithm, free fitness"], "< 0.02"),
        ("SSIM / scikit-image loop", rate["SSIM"] / rate["SSIM, scikit-image loop"], ">= 10"),
        ("RMSE of a set / loop over pairs", rate["RMSE of a set"] / rate["RMSE of a set, loop over pairs"], ">= 50"),
        ("NCC of a set / loop over pairs", rate["NCC of a set"] / rate["NCC of a set, loop over pairs"], ">= 50"),
        *of_sets(rate),
    ]
    return table(rows, "ratio", "reached", "aim")


def of_sets(rate: Mapping[str, float]) -> list[tuple[str, object, object]]:
    """The same for searches on sets of images."""
    genetic_of_sets, free = rate["sets: genetic algorithm"], rate["sets: genetic algorithm, free fitness"]
    batch, loop = rate["sets: MAP-Elites, 50 children at a time"], rate["sets: MAP-Elites, loop"]
    return [
        ("MAP-Elites of sets, 50 at a time / loop", batch / loop, ">= 40"),
        ("share of time in the algorithm, sets", genetic_of_sets / free, "< 0.05"),
    ]


def of_networks(rounds: int) -> pd.DataFrame:
    """The same for populations of networks."""
    rows: list[tuple[str, object, object]] = []
    fastest = {}
    for name in populations.PAIRS:
        passes, loop, variation = rates(populations.variants(name), rounds).values()
        fastest[name] = passes
        rows.append((f"{name}: time of the passes / plain loop", loop / passes, "<= 1.1"))
        rows.append((f"{name}: share of a generation in variation", passes / (passes + variation), "< 0.1"))
    dense, small = fastest["MLP pair"], fastest["small convolutions"]
    return table([*rows, ("MLP pair / small convolutions, images", dense / small, ">= 15")], "ratio", "reached", "aim")


def linearity(rounds: int) -> pd.DataFrame:
    """Evaluations a second beside those of population 200 and 16 runs: 1 is linear."""
    rate = rates({f"population {p}, runs {r}": genetic(p, r) for p, r in SIZES}, rounds)
    base = next(iter(rate.values()))
    return table([(name, value, value / base) for name, value in rate.items()], "size", "per second", "of the first")


def table(rows: list[tuple[str, object, object]], *columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).set_index(columns[0])


def main(rounds: int = ROUNDS) -> None:
    torch.set_num_threads(1)
    show = partial(print, end="\n\n", flush=True)
    rate = rates({name: build() for name, build in {**VARIANTS, **sets.VARIANTS}.items()}, rounds)
    show(table([(name, value, 1 / value) for name, value in rate.items()], "variant", "per second", "seconds each"))
    show(ratios(rate))
    show(of_networks(rounds))
    show(linearity(rounds))
    images = rates({f"sets of {size} images": sets.genetic(size=size) for size in IMAGES}, rounds)
    show(
        table(
            [(name, value, value * size) for size, (name, value) in zip(IMAGES, images.items(), strict=True)],
            "sets",
            "per second",
            "images per second",
        )
    )
    memory = [(f"chunk {chunk}, runs {runs}", peak(chunk, runs), "") for chunk, runs in SEARCHES]
    show(table(memory, "search", "peak MiB", ""))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        measure_memory(*map(int, sys.argv[2:]))
    else:
        main(*map(int, sys.argv[1:]))
