"""A folder for what a component writes. A confined candidate has one of its own, and may write nowhere else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_own: list[Path] = []


def work_in(place: Path) -> None:
    """From now on, in this process, there is only this folder. Whoever starts the process removes it."""
    _own[:] = [place]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder; what is in it goes away."""
    if _own:
        yield _own[0]
        return
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)
