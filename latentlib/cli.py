"""The command `latentlib`."""

import os
import sys
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from latentlib.study import commands

if TYPE_CHECKING:
    from torch import Tensor

    from latentlib.evolution import Run, State
    from latentlib.models.adapter import Adapter

MODEL = "restoring/fashion_mnist"
TRACEBACK = "LATENTLIB_TRACEBACK"  # environment variable that turns on tracebacks


class ErrorsInOneLine(TyperGroup):
    """Report an error and its notes in one line, and exit with a non-zero status."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run the command that the arguments name."""
        try:
            sys.exit(super().main(*arguments, **{**options, "standalone_mode": False}))
        except Exception as error:
            if os.environ.get(TRACEBACK):
                raise
            typer.echo(f"error: {line(error)}", err=True)
            sys.exit(getattr(error, "exit_code", 1))


def line(error: Exception) -> str:
    """Return an error and its notes as one line for the user."""
    if hasattr(error, "format_message"):  # a usage error, such as an unknown option
        place = getattr(getattr(error, "ctx", None), "command_path", "latentlib")
        return f"{' '.join(error.format_message().split()).rstrip('.')}; see {place} --help"
    from latentlib.checks import sentence  # imported late: it needs torch

    cause = error.__cause__ if isinstance(error, typer.Abort) and error.__cause__ else error  # Typer wraps EOFError
    said = sentence(cause)
    notes = [note for note in getattr(cause, "__notes__", []) if not note.endswith("`run`")]  # for Python users only
    hint = [f"{TRACEBACK}=1 shows where"] if said.startswith(type(cause).__name__) else []
    return "; ".join([said, *(" ".join(note.split()) for note in notes), *hint])


app = typer.Typer(
    cls=ErrorsInOneLine,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Evolve the latent vectors of a GAN.",
)
data_app = typer.Typer(help="The data sets.")
for command in (commands.chapters, commands.reproduce, commands.notebook, commands.train, commands.assess):
    app.command()(command)
app.add_typer(data_app, name="data")


@data_app.command("list")
def list_data() -> None:
    """List the data sets with their licence, counts and bundled sample."""
    from latentlib import data

    for card in data.CARDS.values():
        counts = ", ".join(f"{count:,} {split}" for split, count in card.counts.items())
        sample = f"sample ships ({card.sample_source})" if card.sample else "no sample ships"
        typer.echo(f"{card.name}: {card.title}, {counts}; licence: {card.licence}; {sample}")


@data_app.command("get")
def get_data(name: Annotated[str, typer.Argument(help="A data set; see `latentlib data list`.")]) -> None:
    """Find or download a data set, check it, and report where it is."""
    from latentlib import data

    for split in data.card(name).counts:
        found = data.load(name, split, sample=False)
        typer.echo(f"{name} {split}: {len(found):,} images from {found.origin}")


@app.command()
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
    seed: commands.Seed = 0,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the images of an earlier run.")] = False,
) -> None:
    """Evolve the latent vector whose image comes closest to a picture; Ctrl-C stops and keeps the best so far."""
    from latentlib import pictures
    from latentlib.checks import check_writable
    from latentlib.evolution import GeneticAlgorithm
    from latentlib.fitness.reconstruction import reconstruction

    if generator and model:
        raise ValueError(f"give --model or --generator, not both, got {model} and {generator}")
    paths = output / "restored.png", output / "comparison.png"
    if realpath(image) in map(realpath, paths):
        raise ValueError(f"{image} would be overwritten by the result: choose another --output")
    used = chosen(model or MODEL, generator, latent_size)
    target = pictures.read(image, tuple(used.sample.shape[1:]))
    judged = reconstruction(fitness, used, target)
    search = GeneticAlgorithm(mating_rate=mating_rate, mutation_rate=mutation_rate)
    for path in paths:
        check_writable(path)
        if path.exists() and not replace:
            raise ValueError(f"{path} is there already: give --replace, or another --output")
    try:
        run = search.evolve(judged, generations, seed, progress=True)
    except BaseException as error:  # Ctrl-C too
        if hasattr(error, "run"):
            said = write_best(error.run, used, target, paths)
            typer.echo(f"cut short at generation {error.run.state.generation}, the best so far: {fitness} {said}")
        raise
    typer.echo(f"{fitness} {write_best(run, used, target, paths)}")


def chosen(model: str, generator: str | None, latent_size: int | None) -> "Adapter":
    """Return a generator of the zoo, or the user's own, ready for a search."""
    from latentlib import zoo
    from latentlib.models.adapter import fitted
    from latentlib.models.factory import made_by

    return made_by(generator, latent_size) if generator else fitted(zoo.load_generator(model), latent_size)


def write_best(run: "Run[State]", used: "Adapter", target: "Tensor", paths: tuple[Path, Path]) -> str:
    """Write the restored image, alone and beside its target, and return its fitness, passes and folder as text."""
    from latentlib import pictures
    from latentlib.study import plots

    restored = used(run.best.latents)
    pictures.write(restored[0], paths[0])
    plots.save(plots.image_rows({"target": target, "restored": restored}), paths[1])
    reached = f"{float(run.best.fitness):.4f} after {int(run.passes)} generator passes"
    return f"{reached}, in {paths[0].parent.resolve()}"


def main() -> None:
    """Run the command, or show its help if there are no arguments."""
    app(sys.argv[1:] or ["--help"])
