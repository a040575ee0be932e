"""The third judge: a finite difference of the candidate's own forward, along a random direction, in float64.

    ⟨dx, v⟩ = d/dt Σ dy · forward(x + t v)   at t = 0

Central differences are extrapolated (Richardson) over shrinking steps. Where three neighbouring steps agree best, their
difference says how far the result can be trusted; there is no step size and no tolerance to choose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

STEPS = [4.0**-k for k in range(3, 16)]  # a softmax of large scores is flat on its steps: the slope is between them


@dataclass(frozen=True)
class Slope:
    """A directional derivative and how far it can be off."""

    value: float
    uncertainty: float


def direction(arrays: Sequence[Any], seed: int) -> list[Any]:
    """A random direction for each float array, relative to its elements, so that positive ones stay positive.

    Infinite ones, such as the -inf of a mask, stay where they are.
    """
    generator = np.random.default_rng(seed)
    floats = [a if a is not None and a.dtype.kind == "f" else None for a in arrays]
    return [None if a is None else np.where(np.isfinite(a), a, 0) * generator.uniform(-1, 1, a.shape) for a in floats]


def slope(
    forward: Callable[..., Sequence[Any]],
    arrays: Sequence[Any],
    along: Sequence[Any],
    upstream: Sequence[Any],
    rounding: float,
) -> Slope | None:
    """d/dt of Σ upstream · forward(arrays + t · along). None where forward refuses near the case.

    rounding: how far off that sum may be by rounding alone.
    """

    def weighted(t: float) -> float:
        moved = [a if v is None else a + t * v for a, v in zip(arrays, along, strict=True)]
        return float(sum(np.sum(dy * y) for dy, y in zip(upstream, forward(*moved), strict=True)))

    central: list[float] = []
    better: list[float] = []
    best: Slope | None = None
    for step in STEPS:
        if best is not None and best.uncertainty <= rounding / step:
            break  # shorter steps round worse than this
        try:
            central.append((weighted(step) - weighted(-step)) / (2 * step))
        except ValueError:
            return None
        better += [(16 * fine - coarse) / 15 for coarse, fine in pairwise(central[-2:])]  # the error falls with step²
        if len(better) < 3:
            continue
        coarse, middle, fine = better[-3:]
        # Two may agree by chance.
        found = Slope(middle, max(abs(middle - coarse), abs(fine - middle)) + rounding / step)
        if np.isfinite(found.uncertainty) and (best is None or found.uncertainty < best.uncertainty):
            best = found
    return best
