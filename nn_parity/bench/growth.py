"""How the time grows with the size: workloads in between the named sizes, the exponent, and where two curves cross.

Between two named sizes whose arrays have the same ranks there are more: every axis gets a length on the way from the
one to the other, and the arrays are cut out of the larger one, so that probabilities stay between 0 and 1 and masks
stay masks. A cut that makes no sense for a component (a class that is no longer there) is refused by it and left out.
A row whose growth is about one axis, such as the length of a sequence, names it in `sweeps`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from parity_tests.harness.entry import Case, Entry

from .workloads import BOTH, Prepared, Refused, Workload, agreed, directions

BETWEEN = 2  # workloads between two named sizes
MAIN = 3  # points at the large end that the exponent is fitted to


def sweep(row: Entry) -> list[Workload]:
    """The workloads of a row between its named sizes, in its main direction; those of `sweeps` after them."""
    found = [
        _workload(row, f"{small} … {large}, {step}/{BETWEEN + 1}", partial(_between, row, small, large, step))
        for small, large in pairwise(row.sizes)
        for step in range(1, BETWEEN + 1)
    ]
    for axis in row.sweeps:
        for value in axis.values:
            make = partial(axis.case, value, np.random.default_rng(0))
            found.append(_workload(row, f"{axis.over} = {value}", make, axis.over, value))
    return found


def _workload(
    row: Entry, size: str, make: Callable[[], Case | None], over: str = "elements", at: float | None = None
) -> Workload:
    direction = BOTH if BOTH in directions(row) else directions(row)[0]

    def case() -> Case:
        found = make()
        if found is None:
            raise Refused("the two sizes are of another kind")
        return found

    def prepare(sides: Sequence[str], package: str) -> Prepared:
        try:
            return agreed(row, case, direction, sides, package)
        except Refused:
            raise
        except Exception as error:  # whatever a component says to arrays that were cut
            raise Refused(f"{type(error).__name__}: {error}") from error

    return Workload(row.name, row.title, row.lesson, size, direction, prepare, at, over)


def _between(row: Entry, small: str, large: str, step: int) -> Case | None:
    first, second = (row.sizes[size](np.random.default_rng(0)) for size in (small, large))
    return cut(first, second, step / (BETWEEN + 1))


def cut(small: Case, large: Case, way: float) -> Case | None:
    """A case between two others: 0 would be the small one, 1 the large one. None where the two are of another kind."""
    same = len(small.arrays) == len(large.arrays) and repr(small.options) == repr(large.options)
    arrays: list[Any] = []
    for a, b in zip(small.arrays, large.arrays, strict=False):
        if a is None or b is None:
            same = same and a is b
            arrays.append(None)
            continue
        if a.ndim != b.ndim or any(m > n for m, n in zip(a.shape, b.shape, strict=True)):
            return None
        lengths = [round(m ** (1 - way) * n**way) for m, n in zip(a.shape, b.shape, strict=True)]
        arrays.append(np.array(b[tuple(slice(length) for length in lengths)], order="C"))
    return dataclasses.replace(large, arrays=tuple(arrays)) if same else None


def exponent(at: Sequence[float], seconds: Sequence[float]) -> float | None:
    """The p of seconds ∝ atᵖ at the large end, where overheads no longer count. None for fewer than two points."""
    points = sorted(zip(at, seconds, strict=True))[-MAIN:]
    if len({x for x, _ in points}) < 2:
        return None
    xs, ys = np.log([x for x, _ in points]), np.log([y for _, y in points])
    return float(np.polyfit(xs, ys, 1)[0])


def crossings(at: Sequence[float], ratios: Sequence[float]) -> list[float]:
    """The sizes at which the two sides take equally long, between neighbouring points on log axes."""
    found = []
    for (x, r), (next_x, next_r) in pairwise(sorted(zip(at, ratios, strict=True))):
        if (r - 1) * (next_r - 1) < 0:
            share = math.log(r) / (math.log(r) - math.log(next_r))
            found.append(math.exp(math.log(x) + share * (math.log(next_x) - math.log(x))))
    return found
