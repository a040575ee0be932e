"""`nn-parity demo`: small experiments that show what a lesson says, as a table and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ._shared import check_picture

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(no_args_is_help=True)

Plot = Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw the curves (with Matplotlib).")]
Seed = Annotated[int, typer.Option(min=0, help="Of all random numbers.")]


@app.callback()
def demo() -> None:
    """Small experiments: what bad first values do, and why decay is no penalty.

    \b
    Examples:
      nn-parity demo initialization --plot initialization.png
      nn-parity demo weight-decay --plot weight_decay.png
    """  # noqa: D301


@app.command()
def initialization(plot: Plot = None, seed: Seed = 0) -> None:
    """Deep networks under good and bad first values."""
    from .. import initialization

    check_picture(plot, "--plot")
    studies = {activation: initialization.study(activation, seed) for activation in initialization.ACTIVATIONS}
    typer.echo("\n\n".join(initialization.table(activation, depths) for activation, depths in studies.items()))
    _draw(plot, lambda file: initialization.plot(studies, file))


@app.command()
def weight_decay(plot: Plot = None, seed: Seed = 0) -> None:
    """An L2 penalty is weight decay for SGD, not for Adam."""
    from .. import weight_decay

    check_picture(plot, "--plot")
    pulls = weight_decay.study(seed)
    typer.echo(weight_decay.table(pulls))
    _draw(plot, lambda file: weight_decay.plot(pulls, file))


def _draw(plot: Path | None, draw: Callable[[Path], None]) -> None:
    if plot is not None:
        draw(plot)
        typer.echo(f"\ncurves: {plot}")
