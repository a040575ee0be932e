"""Rows of a user: components outside of this tree, judged by the same checks against a reference of their own."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from .entry import Entry, Row

FOREIGN = ("torch", "reference_torch")  # what an own component must not import: it may well be built on scratch/


class BadRows(ValueError):
    """The file cannot be used; the message says why."""


def load(file: Path) -> tuple[Row, ...]:
    """`ROWS` of the file: entries, each with its reference. Raises BadRows, and whatever running the file raises."""
    if not file.is_file():
        raise BadRows(f"there is no file {file}")
    spec = importlib.util.spec_from_file_location("own_rows_of_a_user", file)
    if spec is None or spec.loader is None:
        raise BadRows(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rows = getattr(module, "ROWS", None)
    if not isinstance(rows, Sequence) or not rows or not all(isinstance(row, Entry) for row in rows):
        raise BadRows(f"{file} must define ROWS, a tuple of one Entry or more")
    names = [row.name for row in rows]
    for row in rows:
        if names.count(row.name) > 1:
            raise BadRows(f"{file} has two rows {row.name}")
        if not row.reference:
            raise BadRows(f'{file}: {row.name} needs reference={{...}}, what it is compared with, by name: "forward"')
    return tuple(rows)
