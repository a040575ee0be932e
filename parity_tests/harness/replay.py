"""One failing example, kept in a file, so that `nn-parity replay ROW` can run it again and show every number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from .entry import Case

FOLDER = Path(".nn-parity")


def keep(row: str, check: str, case: Case, folder: Path = FOLDER) -> bool:
    """Write the example. False where it cannot be kept: an option is a function, the folder is not ours to write to."""
    try:
        text = json.dumps(
            {"row": row, "check": check, "arrays": [_plain(a) for a in case.arrays],
             "upstream": None if case.upstream is None else [_plain(a) for a in case.upstream],
             "options": {name: _option(value) for name, value in case.options.items()},
             "exact": case.exact, "tame": case.tame, "seed": case.seed}
        )  # fmt: skip
        folder.mkdir(exist_ok=True)
        file(row, folder).write_text(text + "\n", encoding="utf-8")
    except (TypeError, OSError):
        return False
    return True


def file(row: str, folder: Path = FOLDER) -> Path:
    """Where the example of a row is kept."""
    return folder / f"{row}.json"


def read(row: str, folder: Path = FOLDER) -> tuple[str, Case]:
    """The check that failed, and the example. Raises OSError or ValueError where there is none."""
    found = json.loads(file(row, folder).read_text(encoding="utf-8"))
    upstream = found["upstream"]
    return found["check"], Case(
        tuple(_array(a) for a in found["arrays"]),
        {name: _value(option) for name, option in found["options"].items()},
        exact=found["exact"],
        tame=found["tame"],
        seed=found["seed"],
        upstream=None if upstream is None else tuple(_array(a) for a in upstream),
    )


def _plain(array: Any) -> Any:
    return None if array is None else {"dtype": array.dtype.str, "shape": array.shape, "values": array.ravel().tolist()}


def _array(found: Any) -> Any:
    return None if found is None else np.array(found["values"], found["dtype"]).reshape(found["shape"])


def _option(value: Any) -> Any:
    """As JSON; tuples are marked, since components tell them from lists."""
    return {"tuple": [_option(part) for part in value]} if isinstance(value, tuple) else value


def _value(option: Any) -> Any:
    return tuple(_value(part) for part in option["tuple"]) if isinstance(option, dict) and "tuple" in option else option
