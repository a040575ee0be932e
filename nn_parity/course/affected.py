"""Which components a changed file can affect: itself, and whatever is built from it, directly or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path


def component_of(folder: Path, file: Path) -> str:
    """The dotted name of a file in a package; a package's `__init__.py` is the package."""
    parts = file.resolve().relative_to(folder.resolve()).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def affected(changed: Iterable[str], built_from: Mapping[str, Iterable[str]]) -> list[str]:
    """The rows to run again, in the order of `built_from`: row → the names of all modules that it imports.

    Every row comes after what it is built from, if the order of the rows is that of the lessons.
    """
    touched = set(changed)
    found: list[str] = []
    grew = True
    while grew:
        grew = False
        for row, names in built_from.items():
            if row not in found and (row in touched or touched & set(names)):
                found.append(row)
                touched.add(row)
                grew = True
    return [row for row in built_from if row in found]


def snapshot(folder: Path) -> dict[Path, tuple[int, int]]:
    """What is in the Python files of a folder, as far as a look at the directory tells."""
    found = {}
    for file in folder.rglob("*.py"):
        try:
            stat = file.stat()
        except OSError:  # an editor is just replacing it
            continue
        found[file] = (stat.st_mtime_ns, stat.st_size)
    return found
