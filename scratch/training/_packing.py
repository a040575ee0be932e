"""From a state (dicts, lists, numbers, arrays) to JSON and a flat table of arrays, and back.

    {"lr": 0.1, "betas": (0.9, 0.99), "exp_avg": array}     at the path "optimizer"

    {"dict": [["lr", 0.1], ["betas", {"tuple": [0.9, 0.99]}], ["exp_avg", {"array": "optimizer.exp_avg"}]]}
    {"optimizer.exp_avg": array}

JSON alone would turn tuples into lists and whole-number keys into texts; so every container says what it is. Python
writes a float with as many digits as it takes to read the same float again.
"""

from typing import Any

import numpy as np

from ..types import Array


def pack(value: Any, path: str, arrays: dict[str, Array]) -> Any:
    """What JSON can hold; arrays are copied into the table, each under the path that leads to it.

    Raises TypeError for what a checkpoint cannot keep, ValueError where two paths are the same.
    """
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype.kind not in "biuf":
            raise TypeError(f"{path}: a checkpoint keeps numbers and booleans; got an array of {value.dtype}")
        if path in arrays:
            raise ValueError(f"{path}: two parts of the state have this path")
        arrays[path] = np.array(value, order="C")
        return {"array" if isinstance(value, np.ndarray) else "scalar": path}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        if any(type(key) not in (str, int) for key in value):
            raise TypeError(f"{path}: the keys must be texts or whole numbers; got {list(value)}")
        return {"dict": [[key, pack(part, f"{path}.{key}", arrays)] for key, part in value.items()]}
    if isinstance(value, (list, tuple)):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [pack(part, f"{path}.{i}", arrays) for i, part in enumerate(value)]}
    raise TypeError(f"{path}: a checkpoint keeps numbers, texts, arrays and what is made of them; got {type(value)}")


def unpack(packed: Any, arrays: dict[str, Array]) -> Any:
    """What was packed. Raises ValueError or KeyError for what `pack` has not made."""
    if not isinstance(packed, dict):
        return packed
    ((kind, content),) = packed.items()
    if kind == "array":
        return arrays[content]
    if kind == "scalar":
        return arrays[content][()]
    if kind == "dict":
        return {key: unpack(part, arrays) for key, part in content}
    if kind in ("list", "tuple"):
        parts = [unpack(part, arrays) for part in content]
        return tuple(parts) if kind == "tuple" else parts
    raise ValueError(f"{kind!r} is no kind of state")


def arrays_in(packed: Any) -> list[str]:
    """The paths of the arrays that a packed state refers to."""
    if not isinstance(packed, dict):
        return []
    ((kind, content),) = packed.items()
    if kind in ("array", "scalar"):
        return [content]
    parts = [part for _, part in content] if kind == "dict" else content
    return [path for part in parts for path in arrays_in(part)]
