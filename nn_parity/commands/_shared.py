"""What commands share: options, the names of the components, errors as messages, bars, pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from parity_tests.harness.profiles import EXAMPLES

from ..course.package import CourseError
from ..course.text import say

if TYPE_CHECKING:
    from parity_tests.harness.entry import Row

Thing = TypeVar("Thing")

Candidate = Annotated[
    str | None, typer.Option("--candidate", "-c", metavar="FOLDER", help="Your package (default: the one here).")
]
Quick = Annotated[
    bool, typer.Option("--quick", help=f"{EXAMPLES['quick']} examples a check instead of {EXAMPLES['default']}.")
]
Thorough = Annotated[
    bool,
    typer.Option("--thorough", help=f"{EXAMPLES['thorough']:,} examples a check instead of {EXAMPLES['default']}."),
]
Component = Annotated[str, typer.Argument(metavar="ROW", help="A component: layer_norm, or ops.activations.relu.")]


class OneSide(StrEnum):
    """The side that is trained, or writes."""

    scratch = "scratch"
    torch = "torch"


@contextmanager
def told() -> Iterator[None]:
    """What a learner can mend is a message, and exit status 1."""
    try:
        yield
    except CourseError as error:
        typer.echo(f"nn-parity: {error}", err=True)
        raise typer.Exit(1) from None


def rows() -> dict[str, Row]:
    """The components by name, in the order of the lessons. Imports PyTorch: takes seconds."""
    try:
        from parity_tests.catalogue import ROWS
    except ImportError as error:
        raise CourseError(f"the checklist needs pip install -e '.[test]' in a clone ({error})") from error
    return {row.name: row for row in ROWS}


def followed(things: Iterable[Thing], what: str, count: int | None = None) -> Iterable[Thing]:
    """The things one by one, with a bar on a terminal. count: how many, where they cannot tell beforehand."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    things = list(things) if count is None else things
    return track(things, what, count, console=console, transient=True, disable=not console.is_terminal)


def heading(text: str) -> None:
    """A line that begins something."""
    say(text, bold=True)


def check_picture(plot: Path | None, hint: str = "--plot") -> None:
    """Before the work, not after it: can the picture be written?"""
    if plot is None:
        return
    from .. import plots

    if not plot.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {plot.parent}", param_hint=hint)
    try:
        plots.check_format(plot)
    except plots.PlotError as error:
        raise typer.BadParameter(str(error), param_hint=hint) from error


def draw_picture(plot: Path | None, draw: Callable[[Path], None]) -> None:
    """Write the picture, where one is wanted, and say so."""
    if plot is not None:
        draw(plot)
        typer.echo(f"\npicture: {plot}")
