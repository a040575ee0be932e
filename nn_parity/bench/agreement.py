"""Whether a workload may be timed: a program that computes something else is neither fast nor slow.

Up to a few hundred thousand numbers it is judged as the parity tests judge it, element by element. Larger workloads say
no more about correctness, and measuring the noise of every element takes a minute each; of those the error in the mean
is compared with the noise in the mean, which a single sample of the noise gives well enough, and with the error of
PyTorch in the same dtype.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from parity_tests.harness import reference
from parity_tests.harness.checks import ACCURACY_ELEMENTS
from parity_tests.harness.disagreement import Disagreement
from parity_tests.harness.entry import Case, Entry
from parity_tests.harness.judge import BUDGET, compare
from parity_tests.harness.reference import Answer, Expected


def expected(row: Entry, case: Case, *, gradient: bool) -> Answer:
    """What PyTorch says in float64 on the processor, with the noise of it."""
    samples = None if case.elements <= ACCURACY_ELEMENTS else 1
    return reference.answer(row, case, gradient=gradient, samples=samples)


def judge(right: Answer, case: Case, answer: Sequence[Any], *, gradient: bool) -> None:
    """Raise Disagreement where a program does not give that: outputs, then gradients if it computed any."""
    check = compare if case.elements <= ACCURACY_ELEMENTS else _compare_in_the_mean
    count = len(right.outputs)
    for wanted, got in zip(right.outputs, answer[:count], strict=True):
        check(wanted, got, "forward")
    if gradient:
        for maybe, got in zip(right.gradients, answer[count:], strict=False):
            if maybe is not None:
                check(maybe, got, "backward")


def _compare_in_the_mean(wanted: Expected, got: Any, part: str) -> None:
    shape = wanted.working.shape
    if got is None or got.shape != shape or got.dtype != wanted.working.dtype:
        raise Disagreement(f"{wanted.name}: expected {wanted.working.dtype} {shape}, got "
                           + ("nothing" if got is None else f"{got.dtype} {got.shape}"), part)  # fmt: skip
    if wanted.unit is None or wanted.working.dtype.kind != "f":
        if not np.array_equal(got, wanted.working):
            raise Disagreement(f"{wanted.name}: other values than PyTorch's", part)
        return
    finite = np.isfinite(wanted.working) & np.isfinite(wanted.truth)  # -inf is how a token is ruled out, say
    if not np.array_equal(got[~finite], wanted.working[~finite], equal_nan=True):
        raise Disagreement(f"{wanted.name}: infinite or NaN at other places than PyTorch's", part)
    truth = wanted.truth[finite]
    error, rival = (_root_mean_square(a[finite].astype(np.float64) - truth) for a in (got, wanted.working))
    noise = _root_mean_square(wanted.unit[finite])
    if not error <= max(BUDGET * noise, rival):
        raise Disagreement(f"{wanted.name}: {error / noise:,.0f} noise units off in the mean (RMS)", part)


def _root_mean_square(values: Any) -> float:
    return float(np.sqrt(np.mean(np.square(values)))) if values.size else 0.0
