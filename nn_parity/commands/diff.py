"""`nn-parity diff`: your version beside the shipped one."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from ..course import package, progress
from ..course.text import say
from ._shared import Candidate, Component, rows, told


def diff(
    row: Component,
    candidate: Candidate = None,
    spoil: Annotated[bool, typer.Option("--spoil", help="Also before yours agrees: shows the solution.")] = False,
) -> None:
    """Compare your version with the shipped one, once yours agrees with PyTorch."""
    with told():
        folder = package.find_package(candidate)
        name = package.find_row(row, list(rows()))
        if not spoil and progress.read(folder).get(name, {}).get("state") != "ticked":
            raise package.CourseError(
                f"{name} is not ticked yet, and the shipped version is the solution: --spoil shows it"
            )
        if package.state_of(folder, name) == "missing":
            raise package.CourseError(f"there is no {package.file_of(folder, name)}")
    own, shipped = package.file_of(folder, name), package.file_of(package.shipped(), name)
    lines = difflib.unified_diff(
        own.read_text(encoding="utf-8").splitlines(),
        shipped.read_text(encoding="utf-8").splitlines(),
        own.as_posix(),
        f"scratch/{shipped.relative_to(package.shipped()).as_posix()}",
        lineterm="",
    )
    empty = True
    for line in lines:
        empty = False
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        say(line, fg=colour) if colour else say(line)
    if empty:
        say("the same, to the letter")
