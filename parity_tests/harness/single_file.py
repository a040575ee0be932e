"""One file as a candidate: judged in the place of the component that it is, in a copy of the shipped tree."""

from __future__ import annotations

import atexit
import importlib.util
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

PACKAGE = "single_file_nn"


class NoRow(ValueError):
    """Which component a file is cannot be told."""


def row_of(file: Path, chosen: str, names: Sequence[str]) -> str:
    """The component that a file is: `chosen` where given, otherwise by its name. Raises NoRow."""
    wanted = chosen or file.stem
    found = [name for name in names if name == wanted] or [n for n in names if n.rpartition(".")[2] == wanted]
    if len(found) > 1:
        inside = [name for name in found if file.resolve().with_suffix("").parts[-3:] == tuple(name.split("."))[-3:]]
        found = inside or [name for name in found if name.startswith("ops.")] or found
    if len(found) == 1:
        return found[0]
    if found:
        raise NoRow(f"{wanted} may be {' or '.join(found)}: say which with --row")
    raise NoRow(f"no component is called {wanted}: say which one it is with --row")


def package_around(file: Path, row: str) -> Path:
    """A copy of the shipped tree in which the file takes the place of the component."""
    place = Path(tempfile.mkdtemp(prefix="nn-parity-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    shipped = importlib.util.find_spec("scratch")
    assert shipped is not None and shipped.origin is not None
    folder = place / PACKAGE
    shutil.copytree(Path(shipped.origin).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(file, folder.joinpath(*row.split(".")).with_suffix(".py"))
    return folder
