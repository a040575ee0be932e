"""`nn-parity demo`: small experiments that show what a lesson says, as a table and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ._shared import OneSide, check_picture, draw_picture, followed

app = typer.Typer(no_args_is_help=True)


Plot = Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw the curves (with Matplotlib).")]
Seed = Annotated[int, typer.Option(min=0, help="Of all random numbers.")]


@app.callback()
def demo() -> None:
    """Small experiments: first values, optimizers, decay and penalty, filters, gradients over time, transfer.

    \b
    Examples:
      nn-parity demo initialization --plot initialization.png
      nn-parity demo optimizers --plot optimizers.png
      nn-parity demo weight-decay --plot weight_decay.png
      nn-parity demo filters --plot filters.png
      nn-parity demo gradients-over-time --plot gradients.png
      nn-parity demo transfer --plot transfer.png
    """  # noqa: D301


@app.command()
def initialization(plot: Plot = None, seed: Seed = 0) -> None:
    """Deep networks under good and bad first values."""
    from .. import initialization

    check_picture(plot)
    studies = {activation: initialization.study(activation, seed) for activation in initialization.ACTIVATIONS}
    typer.echo("\n\n".join(initialization.table(activation, depths) for activation, depths in studies.items()))
    draw_picture(plot, lambda file: initialization.plot(studies, file))


@app.command()
def optimizers(plot: Plot = None, seed: Seed = 0) -> None:
    """Seven optimizers on one task, each with the best of many learning rates."""
    from .. import optimizers

    check_picture(plot)
    found = optimizers.study(seed, followed(optimizers.OPTIMIZERS, "training"))
    typer.echo(optimizers.table(found))
    draw_picture(plot, lambda file: optimizers.plot(found, file))


@app.command()
def weight_decay(plot: Plot = None, seed: Seed = 0) -> None:
    """An L2 penalty is weight decay for SGD, not for Adam."""
    from .. import weight_decay

    check_picture(plot)
    pulls = weight_decay.study(seed)
    typer.echo(weight_decay.table(pulls))
    draw_picture(plot, lambda file: weight_decay.plot(pulls, file))


@app.command()
def filters(plot: Plot = None, seed: Seed = 0) -> None:
    """Classic filters on a photograph, and the same ones learned from another."""
    from .. import photographs
    from ..data import DataError
    from ..lockstep import Training, sides_of
    from ..recipes import RECIPES

    check_picture(plot)
    recipe = RECIPES["photo_filters"]
    try:
        task = recipe.task(seed)
    except DataError as error:
        typer.echo(f"nn-parity demo filters: {error}", err=True)
        raise typer.Exit(1) from error
    (side,) = sides_of(recipe, "scratch", recipe.parameters(seed))
    for _ in Training.by(recipe, task, [side], seed=seed):
        pass
    typer.echo(photographs.report(task, side.parameters(), side.predict))
    draw_picture(plot, lambda file: photographs.plot(side.parameters()["filters.weight"], file))


@app.command()
def gradients_over_time(plot: Plot = None, seed: Seed = 0) -> None:
    """How far back an RNN, an LSTM and a GRU can learn from."""
    from .. import gradients_over_time

    check_picture(plot)
    reaches = gradients_over_time.study(seed)
    typer.echo(gradients_over_time.table(reaches))
    draw_picture(plot, lambda file: gradients_over_time.plot(reaches, file))


@app.command()
def transfer(
    plot: Plot = None,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each kind; some minutes for five.")] = 5,
    side: Annotated[OneSide, typer.Option(help="The NumPy networks or the PyTorch networks.")] = OneSide.scratch,
) -> None:
    """Few labels: what a network is worth that has learned MNIST before.

    Accuracy on scikit-learn's 8×8 digits, with 10, 50 and all labels a class:
    from scratch; by a linear head on the frozen, pretrained features;
    fine-tuned with a new head; and adapted, with the head of MNIST kept.
    """
    from .. import transfer
    from ..data import DataError
    from ..lockstep import TrainingError

    check_picture(plot)
    try:
        outcomes = list(followed(transfer.study(seeds, side), "trainings", transfer.trainings(seeds)))
    except (DataError, TrainingError) as error:
        typer.echo(f"nn-parity demo transfer: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(transfer.table(outcomes))
    draw_picture(plot, lambda file: transfer.plot(outcomes, file))
