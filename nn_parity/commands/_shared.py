"""What the commands of the course share: their options, the names of the components, errors as messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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


def followed(things: Iterable[Thing], what: str) -> Iterable[Thing]:
    """The things one by one, with a bar on a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(list(things), what, console=console, transient=True, disable=not console.is_terminal)


def heading(text: str) -> None:
    """A line that begins something."""
    say(text, bold=True)
