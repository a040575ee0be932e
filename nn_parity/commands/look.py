"""`nn-parity look`: the filters of a convolutional network, their answers, and where it looked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ._shared import check_picture, draw_picture

STEPS = 300


def look(
    plot: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw it (with Matplotlib).")] = None,
    steps: Annotated[int, typer.Option(min=1, help="Updates before the look.")] = STEPS,
    seed: Annotated[int, typer.Option(min=0, help="Of first weights and order.")] = 0,
) -> None:
    """Look into a convolutional network: filters, activation maps, Grad-CAM.

    Trains the NumPy network of mnist_cnn for a while, and looks.

    \b
    Examples:
      nn-parity look --plot looking.png
      nn-parity look --steps 1000
    """  # noqa: D301
    from .. import looking
    from ..data import DataError
    from ..lockstep import Training, sides_of
    from ..recipes import RECIPES

    check_picture(plot)
    recipe = RECIPES["mnist_cnn"]
    try:
        task = recipe.task(seed)
    except DataError as error:
        typer.echo(f"nn-parity look: {error}", err=True)
        raise typer.Exit(1) from error
    (side,) = sides_of(recipe, "scratch", recipe.parameters(seed))
    training = Training.by(recipe, task, [side], limit=steps, seed=seed)
    with typer.progressbar(training, length=training.steps, label="training", file=sys.stderr) as steps_taken:
        for _ in steps_taken:
            pass
    examples = [int((task.test_targets == digit).argmax()) for digit in range(looking.EXAMPLES)]
    network = side.network
    seen = looking.look(network, network.conv1, network.conv2, task.test_inputs[examples], task.test_targets[examples])
    typer.echo(f"after {training.taken} updates: {training.measure.text(side.scores[-1][1])} right\n")
    typer.echo(looking.table(seen))
    draw_picture(plot, lambda file: looking.plot(seen, file))
