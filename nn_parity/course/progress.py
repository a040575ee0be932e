"""What a learner has reached so far, in one file in the folder of their package.

    {"format": 1, "rows": {"ops.activations.relu": {"state": "ticked", "noise": 0.5, "yours": true}, …}}

`yours`: `start` has left it for the learner to write.
The file is written whole and then put in place, so that a crash leaves the old one. It holds no paths: the folder can
be moved, and shared.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "progress.json"
FORMAT = 1
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """What a run has changed."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]

    def __str__(self) -> str:
        parts = [f"+{len(self.gained)} since last time"] if self.gained else []
        parts += [f"{len(self.lost)} went back: {', '.join(self.lost[:3])}" if self.lost else ""]
        return ", ".join(part for part in parts if part)


def read(folder: Path) -> Rows:
    """The rows by name; none where there is no such file, or one that cannot be read."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        rows = found["rows"] if found["format"] == FORMAT else {}
        return {name: row for name, row in rows.items() if isinstance(row, dict) and "state" in row}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write(folder: Path, rows: Rows) -> None:
    """Replace the file in one step."""
    text = json.dumps({"format": FORMAT, "rows": dict(sorted(rows.items()))}, indent=1) + "\n"
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{FILE}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, folder / FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def update(folder: Path, seen: Mapping[str, Mapping[str, Any]]) -> Change:
    """Take the rows of a run into the file. A row that was run in part only stays what it was."""
    rows = read(folder)
    told = {name: {**rows.get(name, {}), **row} for name, row in seen.items() if row["state"] != "partly run"}
    before = {name for name in told if rows.get(name, {}).get("state") == "ticked"}
    after = {name for name, row in told.items() if row["state"] == "ticked"}
    write(folder, {**rows, **told})
    return Change(tuple(n for n in told if n in after - before), tuple(n for n in told if n in before - after))


def find(start: Path) -> list[Path]:
    """The packages with a progress file in a folder: the folder itself, or those right below."""
    if (start / FILE).is_file():
        return [start]
    return sorted(file.parent for file in start.glob(f"*/{FILE}"))
