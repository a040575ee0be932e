"""A failing example with few, small, round numbers in it.

Hypothesis has made shapes and options as simple as they get; the numbers are still random ones. Here they are rounded
as far as the failure stays, so that a person can follow the example on paper.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from . import checks, reference
from .disagreement import Disagreement
from .entry import Case, Entry
from .evidence import Evidence
from .failure import Check, Failure

CHECKS: dict[str, Check] = {"forward": checks.forward, "gradient": checks.gradient}
SECONDS = 2.0
FEW = 16  # numbers, which are tried one by one


def simplified(row: Entry, check: str, failure: Failure) -> Failure:
    """The same failure on simpler numbers, as simple as they got in time."""
    module, part = failure.module, failure.disagreement.part
    if check not in CHECKS or failure.disagreement.detail is None or not isinstance(failure.case, Case):
        return failure
    begin, case = time.monotonic(), failure.case
    if check == "gradient":
        try:
            case = dataclasses.replace(case, upstream=reference.answer(row, case, gradient=True).upstream)
        except Exception:
            return failure
    first = _fails(row, check, module, case, part)
    simplest = [first] if first else []
    if not simplest:
        return failure
    for simpler in _steps(case, simplest):
        if time.monotonic() - begin > SECONDS:
            break
        found = _fails(row, check, module, simpler, part)
        simplest += [found] if found else []
    return simplest[-1]


def _fails(row: Entry, check: str, module: ModuleType, case: Case, part: str) -> Failure | None:
    try:
        CHECKS[check](row, module, case, Evidence())
    except Disagreement as found:
        if found.part == part and found.detail is not None:
            return Failure(found, module, case)
    except Exception:  # PyTorch or the candidate does not take these numbers
        return None
    return None


def _steps(case: Case, failures: list[Failure]) -> Iterator[Case]:
    """Simpler cases, each made from the simplest that has failed when it is asked for."""

    def current() -> Case:
        found: Case = failures[-1].case
        return found

    count = len(_arrays(case))
    for place in range(count):
        for change in (np.ones_like, _pattern, np.round, _one_digit):
            array = _arrays(current())[place]
            if array is None or array.dtype.kind != "f" or not array.size:
                continue
            yield _with(current(), place, change(array))
    for place in range(count):
        array = _arrays(current())[place]
        if array is None or array.dtype.kind != "f" or array.size > FEW:
            continue
        for index in np.ndindex(array.shape):
            for value in (0, 1, 2):
                changed = _arrays(current())[place].copy()
                if changed[index] not in (0, 1, 2)[: value + 1]:
                    changed[index] = value
                    yield _with(current(), place, changed)


def _arrays(case: Case) -> list[Any]:
    return [*case.arrays, *(case.upstream or ())]


def _with(case: Case, place: int, array: Any) -> Case:
    arrays = _arrays(case)
    arrays[place] = np.asarray(array)
    count = len(case.arrays)
    upstream = None if case.upstream is None else tuple(arrays[count:])
    return dataclasses.replace(case, arrays=tuple(arrays[:count]), upstream=upstream)


def _pattern(array: Any) -> Any:
    return np.resize(np.array([1, 2, -1, 3, 0, -2, 4], array.dtype), array.shape)


def _one_digit(array: Any) -> Any:
    """Every number with one significant digit."""
    with np.errstate(all="ignore"):
        scale = 10.0 ** np.floor(np.log10(np.abs(np.where(array == 0, 1, array)).astype(np.float64)))
        rounded = np.round(array / scale) * scale
    return np.where(np.isfinite(array) & np.isfinite(rounded), rounded, array).astype(array.dtype)
