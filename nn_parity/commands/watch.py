"""`nn-parity watch`: checks run again on every save."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..course import affected, package, progress
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

    What is built from a component is checked as soon as that agrees; until
    then it can only wait. Ctrl-C ends it.
    """
    from parity_tests.harness.prerequisites import prerequisites

    with told():
        place = package.find_package(None if folder is None else str(folder))
        found = rows()
    first = package.next_exercise(place, found)
    checks = Checks(place, {name: prerequisites(name) for name in found})
    state = affected.snapshot(place)
    if first is None:
        say("nothing is left to write: save a file, and it is checked")
    else:
        checks.run([first])
    try:
        if once:
            raise typer.Exit(checks.wait())
        while True:
            time.sleep(PAUSE)
            now = affected.snapshot(place)
            changed = [file for file in {*now, *state} if now.get(file) != state.get(file)]
            state = now
            if changed:
                checks.saved([affected.component_of(place, file) for file in changed])
            checks.go_on()
    except KeyboardInterrupt:
        checks.stop()
        say()


class Checks:
    """One run of checks after the other: what was saved, and then, where that agrees, what is built from it."""

    def __init__(self, folder: Path, built_from: Mapping[str, Iterable[str]]) -> None:
        self.folder, self.built_from = folder, built_from
        self.process: subprocess.Popen[bytes] | None = None
        self.now: list[str] = []  # what the process checks
        self.later: list[str] = []  # what is built from it
        self.open: set[str] = set()  # files saved since the last run that came to its end

    def saved(self, names: Sequence[str]) -> None:
        """Files were saved: their components first. A file that no component is built from changes nothing."""
        if not affected.affected(names, self.built_from):
            return
        self.stop()  # what it checks is no longer what is written
        self.open.update(names)
        all_of_them = affected.affected(self.open, self.built_from)
        own = [name for name in all_of_them if name in names]
        self.later = [name for name in all_of_them if name not in own] if own else []
        self.run(own or all_of_them)

    def go_on(self) -> None:
        """Where a run has come to its end, begin the next one."""
        if self.process is None or self.process.poll() is None:
            return
        known = progress.read(self.folder)
        agree = self.process.returncode == 0 and all(known.get(n, {}).get("state") == "ticked" for n in self.now)
        self.process = None
        later, self.later = self.later, []
        if later and agree:
            self.run(later)
        else:  # what is built from a wrong component can only wait for it
            self.open.clear()

    def run(self, names: list[str]) -> None:
        """Begin to check these components, in this order."""
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        say()
        say(f"{time.strftime('%H:%M:%S')}  {', '.join(names[:3])}{more}")
        self.now, self.process = names, _pytest(self.folder, names)

    def wait(self) -> int:
        """The exit status of the run, at its end."""
        return self.process.wait() if self.process else 0

    def stop(self) -> None:
        """End the run."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        self.process = None


def _pytest(folder: Path, names: Sequence[str]) -> subprocess.Popen[bytes]:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "pytest", "-n", "0", f"--rootdir={root}", "-c", str(root / "pyproject.toml"),
               f"--candidate={folder}", f"--rows={','.join(names)}", "--hypothesis-profile=quick",
               str(root / "parity_tests" / "test_ops.py"), str(root / "parity_tests" / "test_projects.py")]  # fmt: skip
    return subprocess.Popen(command)
