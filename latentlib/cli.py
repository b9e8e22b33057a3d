"""The command `latentlib`."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from latentlib import repository

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Evolve the latent vectors of a GAN.")
data_app = typer.Typer(no_args_is_help=True, help="The data sets.")
app.add_typer(data_app, name="data")

Device = Annotated[str, typer.Option(help="A torch device: cpu, cuda, mps.")]
Seed = Annotated[int, typer.Option(min=0, help="Of everything random.")]


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with an error a user can mend told in one line with its notes, and exit status 1."""

    @wraps(command)
    def told(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except (ValueError, OSError) as error:
            told_all = "; ".join([str(error), *getattr(error, "__notes__", [])])
            typer.echo(f"error: {' '.join(told_all.split())}", err=True)
            raise typer.Exit(1) from error

    return told


@app.command()
@plainly
def chapters() -> None:
    """List the chapters, their notebooks, and how many claims are decided."""
    from latentlib import claims

    for chapter in repository.CHAPTERS:
        rules = claims.load_claims(repository.root() / "book" / "claims" / f"{chapter}.toml")
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
) -> None:
    """Run a chapter's experiments at a scale and draw its verdicts; a run cut short is taken up again.

    Results at paper scale go to book/results, others to _runs.
    """
    from latentlib import spread
    from latentlib.chapters.chapter import SCALES, load
    from latentlib.chapters.parameters import check_device
    from latentlib.checks import check_choice

    check_choice("chapter", chapter, repository.CHAPTERS)
    check_choice("scale", scale, SCALES)
    check_device(device)
    runs = repository.root() / "_runs" / scale / chapter
    folder = results or (repository.results(chapter) if scale == "paper" else runs)
    with spread.over(workers, scheduler) as spreading:
        published = repository.root() / "book" / "published"
        verdicts = load(chapter).reproduce(scale, folder, published, device, spreading, only, keep)
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

    from latentlib import reproduce

    pairs = [item.partition("=") for item in parameter or []]
    try:
        if store:
            typer.echo(reproduce.store(path))
            return
        target = output or repository.root() / "_runs" / "notebooks" / path.parent.name / f"{path.stem}.ipynb"
        reproduce.execute(path, target, {name: yaml.safe_load(value) for name, _, value in pairs})
        typer.echo(target)
    except papermill.PapermillExecutionError as error:
        raise ValueError(f"{path}: {error.ename}: {error.evalue}") from error


@app.command()
@plainly
def train(
    model: Annotated[str, typer.Argument(help="A model of the zoo, such as restoring/mnist.")],
    seed: Annotated[int | None, typer.Option(min=0, help="Other than the recipe's.")] = None,
    device: Device = "cpu",
    epochs: Annotated[int | None, typer.Option(min=1, help="Other than the recipe's, for a trial.")] = None,
) -> None:
    """Train a model again and write its weights and card; a run cut short is taken up from its last epoch."""
    from latentlib import zoo

    typer.echo(zoo.train(model, seed, device, epochs))


@app.command()
@plainly
def assess(model: Annotated[str, typer.Argument(help="A trained model of the zoo.")]) -> None:
    """Measure a trained model on held-out images and write the result into its card."""
    from latentlib import zoo

    for name, value in zoo.assess(model).items():
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
    model: Annotated[str, typer.Option(help="A generator of the zoo.")] = "restoring/fashion_mnist",
    output: Annotated[Path, typer.Option(help="Folder for restored.png and comparison.png.")] = Path(),
    generations: Annotated[int, typer.Option(help="At least 1.")] = 200,
    mating_rate: Annotated[float, typer.Option(help="In [0, 1].")] = 0.3,
    mutation_rate: Annotated[float, typer.Option(help="In [0, 1].")] = 0.3,
    fitness: Annotated[str, typer.Option(help="mse or ssim.")] = "mse",
    seed: Seed = 0,
) -> None:
    """Evolve the latent vector whose image comes closest to a picture."""
    from latentlib import data, pictures, plots, zoo
    from latentlib.evolution import GeneticAlgorithm
    from latentlib.fitness.reconstruction import reconstruction

    target = pictures.read(image, data.card(zoo.entry(model).dataset).shape)
    generator = zoo.load_generator(model)
    search = GeneticAlgorithm(mating_rate=mating_rate, mutation_rate=mutation_rate)
    run = search.evolve(reconstruction(fitness, generator, target), generations, seed, progress=True)
    restored = generator(run.best.latents)
    pictures.write(restored[0], output / "restored.png")
    plots.save(plots.image_rows({"target": target, "restored": restored}), output / "comparison.png")
    typer.echo(
        f"{fitness} {float(run.best.fitness):.4f} after {int(run.passes)} generator passes, in {output.resolve()}"
    )


def main() -> None:
    """The entry point."""
    app()
