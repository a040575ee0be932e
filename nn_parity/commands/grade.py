"""`nn-parity grade`: many candidates, one table."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ..course import grading, package, pages
from ..course.text import say
from ._shared import Quick, followed, rows, told


def grade(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Packages with a tree like scratch/.")],
    lesson: Annotated[list[int] | None, typer.Option(help="This lesson only (may be repeated).")] = None,
    component: Annotated[list[str] | None, typer.Option(metavar="ROW", help="This component only.")] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="The table for machines.")] = None,
    html_file: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="The table as a page.")] = None,
    minutes: Annotated[float, typer.Option(min=0.1, help="Time for one candidate.")] = 30.0,
    quick: Quick = False,
) -> None:
    """Judge packages of other people and write one table.

    A component runs in a process of its own, with limits of time and memory
    and without PyTorch, files and network; it is sent inputs and gives back
    arrays. That keeps accidents and ordinary cheating out. It is no prison:
    for code that you have to fear, use a machine that you can throw away.

    \b
    Example:
      nn-parity grade handed_in/*/my_nn --lesson 9 --csv out.csv --html out.html
    """  # noqa: D301
    with told():
        if not hasattr(os, "fork"):
            raise package.CourseError("grade needs processes as Unix has them: on Windows use WSL")
        for folder in folders:
            if not folder.is_dir():
                raise package.CourseError(f"there is no folder {folder}")
        for file in (csv_file, html_file):
            if file is not None and not file.absolute().parent.is_dir():
                raise package.CourseError(f"there is no folder {file.parent}")
        found = rows()
        chosen = [package.find_row(name, list(found)) for name in component or []]
        wanted = [name for name, row in found.items() if row.lesson in (lesson or []) or name in chosen]
        if (lesson or component) and not wanted:
            raise package.CourseError(f"there is no lesson {lesson}")
    results = []
    for folder in followed(folders, "grading"):
        one = grading.grade(folder, wanted, minutes=minutes, profile="quick" if quick else "default")
        results.append({**one, "candidate": folder.as_posix()})
        say(f"{one['ticked']:>4} of {one['total']}  {folder}  {one['note']}".rstrip())
    if csv_file:
        grading.write_csv(csv_file, results)
        say(f"table: {csv_file}")
    if html_file:
        from parity_tests.catalogue import LESSONS

        pages.write(html_file, pages.grades(results, LESSONS))
        say(f"page: {html_file}")
