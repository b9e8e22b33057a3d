"""The command `latentlib`."""

from collections.abc import Callable
from functools import wraps
from os.path import realpath
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer

from latentlib.study import repository

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Evolve the latent vectors of a GAN.")
data_app = typer.Typer(no_args_is_help=True, help="The data sets.")
app.add_typer(data_app, name="data")

Device = Annotated[str, typer.Option(help="A torch device: cpu, cuda, mps.")]
MODEL = "restoring/fashion_mnist"
Seed = Annotated[int, typer.Option(min=0, help="Of everything random.")]


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a command: an error that a user can mend becomes one line, with its notes, and exit status 1."""

    @wraps(command)
    def reporting(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except (ValueError, OSError) as error:
            parts = "; ".join([str(error), *getattr(error, "__notes__", [])])
            typer.echo(f"error: {' '.join(parts.split())}", err=True)
            raise typer.Exit(1) from error

    return reporting


@app.command()
@plainly
def chapters() -> None:
    """List the chapters, their notebooks, and how many claims are decided."""
    from latentlib.study import claims

    for chapter in repository.CHAPTERS:
        rules = claims.load_claims(repository.claims(chapter))
        decided = claims.load_verdicts(repository.results(chapter))
        typer.echo(f"{chapter}: {len(decided)} verdicts on {len(rules)} claims with a rule")
        for path in repository.notebooks(chapter):
            typer.echo(f"  {path.relative_to(repository.root())}")


@app.command()
@plainly
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
    """Run a chapter's experiments at a scale and draw its verdicts; a run cut short is taken up again.

    Results at paper scale go to book/results, others to _runs.
    """
    from latentlib.checks import check_choice
    from latentlib.study import executors
    from latentlib.study.chapter import SCALES, load
    from latentlib.study.parameters import check_device
    from latentlib.study.sweep import Stale

    check_choice("chapter", chapter, repository.CHAPTERS)
    check_choice("scale", scale, SCALES)
    check_choice("stale", stale, get_args(Stale))
    check_device(device)
    folder = results or (repository.results(chapter) if scale == "paper" else repository.runs(chapter, scale))
    with executors.choose(workers, scheduler) as executor:
        published, way = repository.published(), cast(Stale, stale)
        verdicts = load(chapter).reproduce(scale, folder, published, device, executor, only, keep, way)
    for verdict in verdicts:
        typer.echo(f"{verdict.claim}  {verdict.outcome:<13} {verdict.statistic}: {verdict.estimate}")
    typer.echo(f"tables and verdicts are in {folder}")


@app.command()
@plainly
def notebook(
    path: Annotated[Path, typer.Argument(help="A notebook's .py file.")],
    parameter: Annotated[list[str] | None, typer.Option("-p", help="name=value, any number of times.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where the executed notebook goes.")] = None,
    store: Annotated[bool, typer.Option(help="Keep the outputs in the .ipynb beside the source.")] = False,
) -> None:
    """Execute a notebook with papermill, other parameters if wanted."""
    import papermill
    import yaml

    from latentlib.study import execution

    pairs = [item.partition("=") for item in parameter or []]
    try:
        if store:
            typer.echo(execution.store(path))
            return
        target = output or repository.root() / "_runs" / "notebooks" / path.parent.name / f"{path.stem}.ipynb"
        execution.execute(path, target, {name: yaml.safe_load(value) for name, _, value in pairs})
        typer.echo(target)
    except papermill.PapermillExecutionError as error:
        raise ValueError(f"{path}: {error.ename}: {error.evalue}") from error


@app.command()
@plainly
def train(
    model: Annotated[str, typer.Argument(help="A model of the zoo, such as restoring/mnist.")],
    seed: Annotated[int | None, typer.Option(min=0, help="Other than the recipe's, for a trial.")] = None,
    device: Device = "cpu",
    epochs: Annotated[int | None, typer.Option(min=1, help="Other than the recipe's, for a trial.")] = None,
    replace: Annotated[bool, typer.Option(help="Replace the weights and card that ship.")] = False,
) -> None:
    """Train a model and write its weights and card, into the cache unless it is new or to be replaced.

    A run cut short is taken up from its last epoch.
    """
    from latentlib import zoo

    typer.echo(zoo.train(model, seed, device, epochs, replace))


@app.command()
@plainly
def assess(model: Annotated[str, typer.Argument(help="A trained model of the zoo.")]) -> None:
    """Measure a trained model on held-out images and write the result into its card."""
    from latentlib.study import assessment

    for name, value in assessment.assess(model).items():
        typer.echo(f"{name}: {value}")


@data_app.command("list")
@plainly
def list_data() -> None:
    """The data sets: licence, counts, and whether a sample ships."""
    from latentlib import data

    for card in data.CARDS.values():
        counts = ", ".join(f"{count:,} {split}" for split, count in card.counts.items())
        sample = f"sample ships ({card.sample_source})" if card.sample else "no sample ships"
        typer.echo(f"{card.name}: {card.title}, {counts}; licence: {card.licence}; {sample}")


@data_app.command("get")
@plainly
def get_data(name: Annotated[str, typer.Argument(help="A data set; see `latentlib data list`.")]) -> None:
    """Find a data set or download it, check it, and say where it is."""
    from latentlib import data

    for split in data.card(name).counts:
        found = data.load(name, split, sample=False)
        typer.echo(f"{name} {split}: {len(found):,} images from {found.origin}")


@app.command()
@plainly
def restore(
    image: Annotated[Path, typer.Option(help="A picture of any size and mode.")],
    model: Annotated[
        str | None, typer.Option(help="A generator of the zoo; restoring/fashion_mnist by default.")
    ] = None,
    generator: Annotated[str | None, typer.Option(help="Your own, module:factory, instead of one of the zoo.")] = None,
    latent_size: Annotated[int | None, typer.Option(help="Of your own generator, if it does not say it.")] = None,
    output: Annotated[Path, typer.Option(help="Folder for restored.png and comparison.png.")] = Path(),
    generations: Annotated[int, typer.Option(help="At least 1.")] = 200,
    mating_rate: Annotated[float, typer.Option(help="In [0, 1].")] = 0.3,
    mutation_rate: Annotated[float, typer.Option(help="In [0, 1].")] = 0.3,
    fitness: Annotated[str, typer.Option(help="mse or ssim.")] = "mse",
    seed: Seed = 0,
) -> None:
    """Evolve the latent vector whose image comes closest to a picture."""
    from latentlib import pictures, plots, zoo
    from latentlib.evolution import GeneticAlgorithm
    from latentlib.fitness.reconstruction import reconstruction
    from latentlib.models.adapter import fitted
    from latentlib.models.factory import made_by

    if generator and model:
        raise ValueError(f"give --model or --generator, not both, got {model} and {generator}")
    restored_path, comparison_path = output / "restored.png", output / "comparison.png"
    if realpath(image) in (realpath(restored_path), realpath(comparison_path)):
        raise ValueError(f"{image} would be overwritten by the result: choose another --output")
    used = made_by(generator, latent_size) if generator else fitted(zoo.load_generator(model or MODEL), latent_size)
    target = pictures.read(image, tuple(used.sample.shape[1:]))
    search = GeneticAlgorithm(mating_rate=mating_rate, mutation_rate=mutation_rate)
    run = search.evolve(reconstruction(fitness, used, target), generations, seed, progress=True)
    restored = used(run.best.latents)
    pictures.write(restored[0], restored_path)
    plots.save(plots.image_rows({"target": target, "restored": restored}), comparison_path)
    typer.echo(
        f"{fitness} {float(run.best.fitness):.4f} after {int(run.passes)} generator passes, in {output.resolve()}"
    )


def main() -> None:
    """The entry point."""
    app()
