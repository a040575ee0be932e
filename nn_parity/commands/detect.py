"""`nn-parity detect`: train the detector of digits, and draw what it finds on canvases that it has never seen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ._shared import OneSide, check_picture


def detect(
    file: Annotated[Path, typer.Argument(metavar="FILE.png", help="The picture to draw.")],
    side: Annotated[OneSide, typer.Option(help="The NumPy network or the PyTorch network.")] = OneSide.scratch,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the data.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the data, the first weights, the order.")] = 0,
    canvases: Annotated[int, typer.Option(min=1, max=60, help="How many to draw.")] = 12,
) -> None:
    """Train digit_detector and draw the boxes that it predicts.

    Every box says what was found and how sure the network is. Green is right,
    red is wrong, and a dashed frame is a digit that was missed.

    \b
    Examples:
      nn-parity detect boxes.png
      nn-parity detect boxes.png --side torch --epochs 2 --canvases 6
    """  # noqa: D301
    from ..box_plots import draw_detections
    from ..data import DataError
    from ..display import Display
    from ..lockstep import Training, TrainingError, sides_of
    from ..recipes import RECIPES

    check_picture(file, "FILE.png")
    recipe, display = RECIPES["digit_detector"], Display()
    try:
        task = recipe.task(seed)
        sides = sides_of(recipe, side, recipe.parameters(seed))
        training = Training.by(recipe, task, sides, seed=seed, **({} if epochs is None else {"epochs": epochs}))
        display.begin(recipe, training, "float32", "scratch")
        for _ in display.follow(training):
            pass
        display.finish(recipe, training, False)
    except (DataError, TrainingError) as error:
        typer.echo(f"nn-parity: {error}", err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        typer.echo("nn-parity: interrupted", err=True)
        raise typer.Exit(130) from None
    shown = task.test_inputs[:canvases]
    draw_detections(file, shown, sides[0].predict(shown), task.test_targets[:canvases])
    typer.echo(f"boxes: {file}")
