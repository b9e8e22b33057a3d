"""The commands that work on the book's repository; `latentlib.cli` registers them."""

from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from latentlib.study import repository

LARGEST = 2**32 - 1  # as in `randomness`, which needs torch
Device = Annotated[str, typer.Option(help="A torch device: cpu, cuda, mps.")]
Seed = Annotated[int, typer.Option(min=0, max=LARGEST, help="Of everything random.")]


def chapters() -> None:
    """List the chapters, their notebooks, and the number of claims decided."""
    from latentlib.study import claims

    for chapter in repository.CHAPTERS:
        rules = claims.load_claims(repository.claims(chapter))
        decided = claims.load_verdicts(repository.results(chapter))
        typer.echo(f"{chapter}: {len(decided.keys() & rules)} verdicts on {len(rules)} claims with a rule")
        for path in repository.notebooks(chapter):
            typer.echo(f"  {path.relative_to(repository.root())}")


def reproduce(
    chapter: Annotated[str, typer.Argument(help="A chapter; see `latentlib chapters`.")],
    scale: Annotated[str, typer.Option(help="smoke, quick or paper.")] = "quick",
    device: Device = "cpu",
    results: Annotated[Path | None, typer.Option(help="Where tables and verdicts go.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes on this machine, at least 1.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="A running Dask cluster, such as tcp://host:8786.")] = None,
    only: Annotated[str | None, typer.Option(help="One sweep, such as grid.")] = None,
    keep: Annotated[bool, typer.Option(help="Count what stands in the stored tables as finished.")] = False,
    stale: Annotated[str, typer.Option(help="Finished cells whose code has changed: keep or recompute.")] = "keep",
) -> None:
    """Run a chapter's experiments at a scale and draw its verdicts; an interrupted run is resumed.

    Results at paper scale go to book/results, others to _runs.
    """
    from latentlib.checks import check_choice, check_writable
    from latentlib.study import executors
    from latentlib.study.chapter import SCALES, load
    from latentlib.study.parameters import check_device
    from latentlib.study.sweep import Stale

    check_choice("chapter", chapter, repository.CHAPTERS)
    check_choice("scale", scale, SCALES)
    check_choice("stale", stale, get_args(Stale))
    check_device(device)
    folder = results or (repository.results(chapter) if scale == "paper" else repository.runs(chapter, scale))
    check_writable(folder / ".lock")
    with executors.choose(workers, scheduler) as executor:
        published, way = repository.published(), cast(Stale, stale)
        verdicts = load(chapter).reproduce(scale, folder, published, device, executor, only, keep, way)
    for verdict in verdicts:
        typer.echo(f"{verdict.claim}  {verdict.outcome:<13} {verdict.statistic}: {verdict.estimate}")
    typer.echo(f"tables and verdicts are in {folder}")


def notebook(
    path: Annotated[Path, typer.Argument(help="A notebook's .py file.")],
    parameter: Annotated[list[str] | None, typer.Option("-p", help="name=value, any number of times.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where the executed notebook goes.")] = None,
    store: Annotated[bool, typer.Option(help="Keep the outputs in the .ipynb beside the source.")] = False,
) -> None:
    """Execute a notebook with papermill, with other parameters if given."""
    from latentlib.study import execution

    if store:
        if parameter or output:
            raise ValueError(
                "a notebook is stored at its defaults, beside its source: give --store without -p, --output"
            )
        typer.echo(execution.store(path))
        return
    target = output or repository.root() / "_runs" / "notebooks" / path.parent.name / f"{path.stem}.ipynb"
    execution.execute(path, target, execution.given(parameter or []))
    typer.echo(target)


def train(
    model: Annotated[str, typer.Argument(help="A model of the zoo, such as restoring/mnist.")],
    seed: Annotated[int | None, typer.Option(min=0, max=LARGEST, help="Other than the recipe's, for a trial.")] = None,
    device: Device = "cpu",
    epochs: Annotated[int | None, typer.Option(min=1, help="Other than the recipe's, for a trial.")] = None,
    replace: Annotated[bool, typer.Option(help="Replace the weights and card that ship.")] = False,
) -> None:
    """Train a model and write its weights and card, into the cache unless it is new or to be replaced.

    An interrupted run is resumed from its last epoch.
    """
    from latentlib.study import training
    from latentlib.study.parameters import check_device

    check_device(device)
    typer.echo(training.train(model, seed, device, epochs, replace))


def assess(model: Annotated[str, typer.Argument(help="A trained model of the zoo.")]) -> None:
    """Measure a trained model on held-out images and write the result into its card."""
    from latentlib.study import assessment

    for name, value in assessment.assess(model).items():
        typer.echo(f"{name}: {value}")
