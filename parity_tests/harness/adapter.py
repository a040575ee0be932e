"""How the harness speaks to a component that does not take NumPy arrays.

The harness draws, compares and reports NumPy arrays. An adapter turns them into what the component wants and its
results back. `ARRAYS` does nothing; `LISTS` serves the components of the first lessons, which know Python lists only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Adapter:
    """`to_candidate(array)` before the call, `from_candidate(result, shape)` after it."""

    to_candidate: Callable[[Any], Any]
    from_candidate: Callable[[Any], Any]


def _to_list(array: Any) -> Any:
    return None if array is None else array.tolist()


def _from_list(result: Any) -> Any:
    return None if result is None else np.asarray(result, dtype=np.float64)


ARRAYS = Adapter(to_candidate=lambda array: array, from_candidate=lambda result: result)
LISTS = Adapter(to_candidate=_to_list, from_candidate=_from_list)
