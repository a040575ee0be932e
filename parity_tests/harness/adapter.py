"""How the harness speaks to a component that is not a module of `forward` and `backward` over NumPy arrays.

The harness draws, compares and reports arrays, and calls everything by the op protocol. An adapter makes an op of
what the two modules of a row hold. `ARRAYS` leaves them as they are; `LISTS` serves the first lessons, which know
Python lists only; layers and optimizers have adapters of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from .disagreement import Disagreement
from .rounding import SAMPLES


@dataclass(frozen=True)
class Adapter:
    """`candidate(module)` and `reference(module)` are ops. The reference may carry `argument_names` for messages."""

    candidate: Callable[[ModuleType], Any] = lambda module: module
    reference: Callable[[ModuleType], Any] = lambda module: module
    any_layout: bool = True  # whether the candidate sees how arrays lie in memory
    samples: int = SAMPLES  # of the noise; fewer do where every result depends on thousands of roundings


def for_timing(op: Any, arrays: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """The op of a candidate for one case only: of a layer one that is made once, not at every call."""
    return op.lasting(arrays, options) if hasattr(op, "lasting") else op


def _takes_lists(module: ModuleType) -> Any:
    """An op on arrays around one on nested lists of Python floats."""

    def through(function: str) -> Callable[..., Any]:
        def call(first: Any, *rest: Any, **options: Any) -> Any:
            arrays = [first, *(rest if function == "forward" else ())]
            lists = [array.tolist() for array in arrays]
            result = getattr(module, function)(*lists, *(() if function == "forward" else rest), **options)
            if repr(lists) != repr([array.tolist() for array in arrays]):  # NaN equals NaN in writing only
                raise Disagreement(f"{function} modified its input: build a new list", function)
            return _arrays(result, depth=1 if function == "forward" else 0)

        return call

    op = SimpleNamespace(__name__=module.__name__)
    for function in ("forward", "backward"):
        if hasattr(module, function):
            setattr(op, function, through(function))
    return op


def _arrays(result: Any, depth: int) -> Any:
    """Numbers and lists as float64 arrays; of (y, cache) only y."""
    if depth and isinstance(result, tuple):
        return (_arrays(result[0], 0), *result[1:])
    if isinstance(result, tuple):
        return tuple(_arrays(part, 0) for part in result)
    return None if result is None else np.asarray(result, dtype=np.float64)


ARRAYS = Adapter()
LISTS = Adapter(candidate=_takes_lists, any_layout=False)
