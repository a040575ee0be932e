"""A wrong array beside the right one, and what changes make of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .reference import Expected
from .trials import Trial, agrees


class Pair(NamedTuple):
    """A wrong array beside the right one, and the case."""

    right: Expected
    got: Any
    trial: Trial


def comparable(pair: Pair) -> bool:
    """Whether the values can be compared: floating-point, of the right shape and dtype."""
    right, got, _ = pair
    if not isinstance(got, (np.ndarray, np.generic)) or got.dtype.kind != "f" or not got.size:
        return False
    return bool(got.shape == right.working.shape and got.dtype == right.working.dtype)


def all_right(pairs: list[Pair], change: Callable[[Pair], Any]) -> bool:
    """Whether the change makes every array right. It must make something of each."""
    for pair in pairs:
        try:
            changed = change(pair)
        except (ValueError, IndexError, TypeError):
            return False
        if changed is None or np.shape(changed) != pair.got.shape:
            return False
        if not agrees(pair.right, np.asarray(changed, pair.got.dtype)):
            return False
    return True
