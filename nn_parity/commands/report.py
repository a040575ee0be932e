"""`nn-parity report`: how far you have come, as a page and for machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ..course import package, progress
from ..course.text import say
from ._shared import Candidate, followed, rows, told


def report(
    candidate: Candidate = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.html", help="The page.")] = Path(
        "report.html"
    ),
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="The same for machines.")] = None,
    timed: Annotated[bool, typer.Option("--speed/--no-speed", help="Time what is ticked beside PyTorch.")] = True,
) -> None:
    """Write a page about how far you have come: what agrees, and how fast it is beside PyTorch."""
    from parity_tests.catalogue import LESSONS
    from parity_tests.harness import candidate as judged

    from ..course import pages, speed

    with told():
        folder = package.find_package(candidate)
        found = rows()
        for file in (output, json_file):
            if file is not None and not file.absolute().parent.is_dir():
                raise package.CourseError(f"there is no folder {file.parent}")
    mine, done = package.exercises(folder, found), progress.read(folder)
    ticked = [name for name in mine if done.get(name, {}).get("state") == "ticked"]
    name = folder.resolve().name
    speeds = {}
    for row in followed(ticked if timed else [], "timing"):
        try:
            measured = speed.ratio(found[row], judged.load(judged.package_name(str(folder)), row))
        except Exception:  # it may have been broken since it was ticked; the report is about what was
            continue
        if measured is not None:
            speeds[row] = measured
    lines = pages.lines_of(found, mine, done, speeds)
    pages.write(output, pages.report(name, lines, LESSONS))
    say(f"{len(ticked)} of {len(mine)} components agree with PyTorch: {output}")
    if json_file is not None:
        told_to_machines = {"format": 1, "candidate": name, "ticked": len(ticked), "total": len(mine), "rows": lines}
        json_file.write_text(json.dumps(told_to_machines, indent=1) + "\n", encoding="utf-8")
        say(f"for machines: {json_file}")
