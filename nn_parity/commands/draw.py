"""`nn-parity draw`: train a network that draws digits, look at what it draws, and have it judged."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ._shared import OneSide, check_picture

if TYPE_CHECKING:
    from ..lockstep import Side
    from ..recipes import Recipe
    from ..tasks import Task

EXIT_FAILED, EXIT_INTERRUPTED = 1, 130


class Drawer(StrEnum):
    """What can be trained to draw."""

    autoencoder = "autoencoder"
    vae = "vae"
    gan = "gan"
    dcgan = "dcgan"


def draw(
    name: Annotated[Drawer, typer.Argument(metavar="PROJECT", help="autoencoder, vae, gan or dcgan.")],
    plot: Annotated[Path, typer.Option("--plot", "-o", metavar="FILE.png", help="The picture (with Matplotlib).")],
    side: Annotated[OneSide, typer.Option(help="The NumPy network or the PyTorch network.")] = OneSide.scratch,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the data.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Stop after so many updates.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the first weights, the order, the samples.")] = 0,
) -> None:
    """Train a network that draws digits; look at them, and judge them.

    The picture shows samples and walks between them (for the autoencoder:
    images and what came back). The judge is a classifier of real digits: how
    many samples it is sure of, how many of the ten digits there are, and how
    far its features of samples are from those of real digits (Fréchet).

    \b
    Examples:
      nn-parity draw vae -o vae.png
      nn-parity draw dcgan --side torch --steps 500 -o dcgan.png
    """  # noqa: D301
    from ..data import DataError
    from ..display import Display
    from ..lockstep import Training, TrainingError, sides_of
    from ..recipes import RECIPES

    check_picture(plot)
    recipe = RECIPES[name]
    changes = {option: value for option, value in (("epochs", epochs), ("limit", steps)) if value is not None}
    display = Display()
    try:
        sides = sides_of(recipe, side, recipe.parameters(seed))
        training = Training.by(recipe, recipe.task(seed), sides, seed=seed, **changes)
        display.begin(recipe, training, "float32", "scratch")
        for _ in display.follow(training):
            pass
        display.finish(recipe, training, interrupted=False)
        _show(recipe, training.task, sides[0], plot)
    except KeyboardInterrupt:
        typer.echo("nn-parity: interrupted", err=True)
        raise typer.Exit(EXIT_INTERRUPTED) from None
    except (TrainingError, DataError) as error:
        typer.echo(f"nn-parity: {error}", err=True)
        raise typer.Exit(EXIT_FAILED) from None


def _show(recipe: Recipe, task: Task, side: Side, plot: Path) -> None:
    """The picture, and what the judge says."""
    from .. import drawings, recognition

    title = f"{recipe.name} ({side.label})"
    if recipe.name == Drawer.autoencoder:
        drawings.draw_reconstructions(side.predict, task.test_inputs, title, plot)
    else:
        found = recognition.figures(side.predict(task.test_inputs))
        typer.echo(f"\n{drawings.describe(found)}")
        drawings.draw_samples(side.predict, task.test_inputs, f"{title}: samples, not chosen", plot)
    typer.echo(f"\npicture: {plot}")
