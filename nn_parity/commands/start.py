"""`nn-parity start`: a package to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..course import package
from ..course.text import say
from ._shared import rows, told


def start(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The package to make, such as my_nn.")],
    lesson: Annotated[list[int] | None, typer.Option(min=1, help="Blank this lesson (may be repeated).")] = None,
    component: Annotated[
        list[str] | None, typer.Option(metavar="ROW", help="Blank this component (may be repeated).")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Blank everything.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Blank work of yours too, after a copy of it.")] = False,
) -> None:
    """Make a package of your own, with the bodies of a lesson left to write.

    It is a copy of scratch/: everything that is not blanked works, so any
    lesson can come first. Without options it is lesson 1. A package that is
    there already is added to; what you have written in it is never lost.

    \b
    Examples:
      nn-parity start my_nn
      nn-parity start my_nn --lesson 9
      nn-parity start my_nn --component ops.normalization.layer_norm
      nn-parity start my_nn --all --force
    """  # noqa: D301
    with told():
        found = rows()
        known = {row.lesson for row in found.values()}
        unknown = [number for number in lesson or [] if number not in known]
        if unknown:
            raise package.CourseError(f"there is no lesson {unknown[0]}; there are {min(known)} to {max(known)}")
        wanted = [package.find_row(name, list(found)) for name in component or []]
        lessons = known if everything else set(lesson or ([] if wanted else [1]))
        names = [name for name, row in found.items() if row.lesson in lessons or name in wanted]
        fresh = not folder.exists()
        blanked, backup = package.start(folder, names, force=force)
    if backup:
        say(f"your work is kept in {backup}")
    how_many = "1 component is" if len(blanked) == 1 else f"{len(blanked)} components are"
    say(f"{folder}: {'a copy of scratch/, ' if fresh else ''}{how_many} yours to write")
    first = package.next_exercise(folder, found) or blanked[0]
    file = package.file_of(folder, first).as_posix()
    say()
    say(f"first     {first}")
    say(f"file      {file}")
    say(f"hints     nn-parity hint {first}")
    say(f"check it  pytest --candidate={folder.as_posix()} --rows={first}")
    say(f"or        nn-parity watch {folder.as_posix()}")
