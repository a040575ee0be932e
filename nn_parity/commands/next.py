"""`nn-parity next`: what to write now."""

from __future__ import annotations

from ..course import package, progress
from ..course.text import say
from ._shared import Candidate, rows, told


def next_(candidate: Candidate = None) -> None:
    """Name the next component to write, in the order of the lessons."""
    with told():
        folder = package.find_package(candidate)
        found = rows()
    mine = package.exercises(folder, found)
    done = progress.read(folder)
    ticked = sum(done.get(name, {}).get("state") == "ticked" for name in mine)
    name = package.next_exercise(folder, found)
    if name is None:
        say(f"all {ticked} of yours agree with PyTorch", fg="green")
        later = [row.lesson for row in found.values() if row.name not in mine]
        if later:
            say(f"go on with: nn-parity start {folder.as_posix()} --lesson {min(later)}")
        return
    row = found[name]
    say(f"{name}  ({row.title}, lesson {row.lesson}; {ticked} of {len(mine)} of yours agree)")
    say(f"file      {package.file_of(folder, name).as_posix()}")
    say(f"hints     nn-parity hint {name}")
    say(f"check it  pytest --candidate={folder.as_posix()} --rows={name}")
