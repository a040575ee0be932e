"""`nn-parity watch`: checks run again on every save."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from ..course import affected, package
from ..course.text import say
from ._shared import rows, told

PAUSE = 0.3  # seconds between two looks at the files


def watch(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Your package (default: the one here).")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Check the next exercise and stop.")] = False,
) -> None:
    """Check your package whenever you save a file: just what the change can affect, the next exercise first.

    Ctrl-C ends it.
    """
    from parity_tests.harness.prerequisites import prerequisites

    with told():
        place = package.find_package(None if folder is None else str(folder))
        found = rows()
    built_from = {name: prerequisites(name) for name in found}
    first = package.next_exercise(place, found)
    state = affected.snapshot(place)
    running = _check(place, [first] if first else [])
    try:
        if once:
            raise typer.Exit(running.wait() if running else 0)
        while True:
            time.sleep(PAUSE)
            now = affected.snapshot(place)
            changed = [file for file in {*now, *state} if now.get(file) != state.get(file)]
            if changed:
                state = now
                if running:
                    running.terminate()  # what it checks is no longer what is written
                    running.wait()
                names = [affected.component_of(place, file) for file in changed]
                running = _check(place, in_order(affected.affected(names, built_from), names))
    except KeyboardInterrupt:
        if running:
            running.terminate()
        say()


def in_order(to_run: list[str], saved: list[str]) -> list[str]:
    """What was saved comes first: it is what the learner looks at."""
    return sorted(to_run, key=lambda name: name not in saved)


def _check(folder: Path, names: list[str]) -> subprocess.Popen[bytes] | None:
    if not names:
        say("nothing to check: save a file")
        return None
    say()
    say(f"{time.strftime('%H:%M:%S')}  {', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''}")
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "pytest", "-n", "0", f"--rootdir={root}", "-c", str(root / "pyproject.toml"),
               f"--candidate={folder}", f"--rows={','.join(names)}", "--hypothesis-profile=quick",
               str(root / "parity_tests" / "test_ops.py"), str(root / "parity_tests" / "test_projects.py")]  # fmt: skip
    return subprocess.Popen(command)
