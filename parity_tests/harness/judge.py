"""The verdict on one array: right, or wrong where, by how much, and who is the outlier.

Error is counted in units of noise (see `rounding`), element by element. The budget is one constant for the whole
project: correct float32 and float64 implementations stay below it in tens of thousands of draws, while the classic
mistakes exceed it by orders of magnitude. Shapes and dtypes are compared exactly; NaN and infinities must stand where
PyTorch in the same dtype has them. Which of them it is does not matter where float64 has a finite number: a sum that
overflows is infinite or, if its terms overflow both ways, NaN, depending on the order in which they are added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .disagreement import Disagreement
from .reference import Expected
from .rounding import LAST_WORD

BUDGET = 32.0


@dataclass(frozen=True)
class Wrong:
    """An array that does not agree with what was expected."""

    expected: Expected
    observed: Any
    error: Any  # units of noise, elementwise; None where shapes or dtypes differ already
    rival_error: Any  # the error of PyTorch in the same dtype

    @property
    def worst(self) -> tuple[int, ...]:
        """The index of the largest error."""
        return tuple(int(i) for i in np.unravel_index(np.argmax(self.error), self.error.shape))

    @property
    def share(self) -> float:
        """The share of elements that agree."""
        return float(np.mean(self.error <= BUDGET))


def compare(expected: Expected, observed: Any, part: str, known: float = 0.0) -> float:
    """The worst error in units of noise. Raises Disagreement above the budget, or for another shape or dtype.

    known: an error that was seen before. What is certainly not above it is not measured to the end: all that is said
    of it then is a number up to `known`.
    """
    name, working = expected.name, expected.working
    if not isinstance(observed, (np.ndarray, np.generic)):
        kind = "nothing" if observed is None else type(observed).__name__
        raise Disagreement(f"{name}: expected an array {working.dtype} {working.shape}, got {kind}", part)
    if observed.shape != working.shape:
        raise Disagreement(f"{name}: expected shape {working.shape}, got {observed.shape}", part,
                           Wrong(expected, observed, None, None))  # fmt: skip
    if observed.dtype != working.dtype:
        raise Disagreement(f"{name}: expected dtype {working.dtype}, got {observed.dtype}", part,
                           Wrong(expected, observed, None, None))  # fmt: skip
    if working.size == 0:
        return 0.0
    for unit in expected.growing_unit():
        error = measure(expected, observed, unit)
        if np.max(error) <= known:
            break
    if BUDGET < np.max(error) < np.inf:
        error = _after_all(expected, observed, error)
    if np.max(error) > BUDGET:
        wrong = Wrong(expected, observed, error, measure(expected, working))
        raise Disagreement(describe_values(wrong), part, wrong)
    return float(np.max(error))


def _after_all(expected: Expected, observed: Any, error: Any) -> Any:
    """The error by more samples than usual, until it is within the budget: before anybody is told that he is wrong."""
    for unit in expected.growing_unit(LAST_WORD):
        error = measure(expected, observed, unit)
        if np.max(error) <= BUDGET:
            break
    return error


def measure(expected: Expected, observed: Any, unit: Any = None) -> Any:
    """The error of every element in units of noise; infinite where one is finite and the other is not.

    unit: by fewer samples than all.
    """
    working = expected.working
    if working.dtype.kind != "f":
        return np.where(observed == working, 0.0, np.inf)
    special = ~np.isfinite(working)
    overflowed = special & np.isfinite(expected.truth) & ~np.isfinite(observed)
    same = np.isnan(observed) & np.isnan(working) | (observed == working) | overflowed
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.abs(observed.astype(np.float64) - expected.truth) / (expected.unit if unit is None else unit)
    error = np.where(special, np.where(same, 0.0, np.inf), distance)
    return np.where(np.isnan(error), np.inf, error)


def describe_values(wrong: Wrong) -> str:
    """Where it is worst, with both values, and how much agrees."""
    index = wrong.worst
    name = wrong.expected.name
    place = f"{name}[{', '.join(map(str, index))}]" if index else name
    got, right = wrong.observed[index], wrong.expected.working[index]
    agree = int(np.sum(wrong.error <= BUDGET))
    return (
        f"{place}: {_figure(got)}, PyTorch {_figure(right)}  (off by {_units(wrong.error[index])}; "
        f"{agree} of {wrong.error.size} elements agree)"
    )


def _units(error: float) -> str:
    if not np.isfinite(error):
        return "a kind of number"
    return f"{error:,.0f} noise units" if error < 1e7 else f"{error:.1e} noise units"


def _figure(value: Any) -> str:
    if value.dtype.kind != "f":
        return str(value)
    short = f"{value:.6g}"
    return short if "." in short or "e" in short or "n" in short else f"{short}.0"
