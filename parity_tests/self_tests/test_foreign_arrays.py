"""Every op runs on arrays that are not NumPy's, and computes the same: so it runs on a GPU when it is handed CuPy's."""

import dataclasses
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from ..catalogue import ROWS
from ..harness import candidate, reference
from ..harness.adapter import ARRAYS
from ..harness.duck import DuckArray, hide, reveal
from ..harness.entry import Entry
from ..harness.judge import compare

DRAWS = 12
OPS = [row for row in ROWS if isinstance(row, Entry) and row.adapter is ARRAYS and row.name.startswith("ops.")]

# Why an op is not meant for a GPU.
ON_THE_HOST = {
    "ops.backpropagation.gradient_check": "a tool for finding errors: it compares element by element, in plain loops",
}


def as_tuple(result):
    return result if isinstance(result, tuple) else (result,)


def run(op, arrays, options, upstream):
    """Outputs, then gradients."""
    result = op.forward(*arrays, **options)
    if not hasattr(op, "backward"):
        return as_tuple(result)
    y, cache = result
    dy = upstream[0] if len(upstream) == 1 else tuple(upstream)
    return (*as_tuple(y), *as_tuple(op.backward(dy, cache)))


def cases_of(row):
    """A few draws of the row, always the same; the large ones of hypothesis are no use here."""
    found = []

    @settings(max_examples=DRAWS, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(row.inputs)
    def collect(case):
        found.append(case)

    collect()
    return found


@pytest.mark.parametrize("row", [row for row in OPS if row.name not in ON_THE_HOST], ids=lambda row: row.name)
def test_an_op_runs_on_foreign_arrays_and_computes_the_same(row):
    op = candidate.load("scratch", row.name)
    compared = 0
    for case in cases_of(row):
        upstream = reference.upstream_of(reference.op(row), case) if row.gradient else ()
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            right = run(op, case.arrays, case.options, upstream)
            got = run(op, [hide(a) for a in case.arrays], case.options, [hide(dy) for dy in upstream])
        for i, (expected, found) in enumerate(zip(right, got, strict=True)):
            if expected is None:
                assert found is None
                continue
            values = reveal(found)
            assert values.dtype == expected.dtype
            if not np.array_equal(values, expected, equal_nan=expected.dtype.kind == "f"):
                within_noise(row, case, i, values, expected)
            compared += 1
    assert compared


def within_noise(row, case, i, values, expected):
    """A matrix product may depend on where in memory its operands begin."""
    answer = reference.answer(row, case, gradient=row.gradient)
    unit = (*answer.outputs, *answer.gradients)[i]
    compare(
        dataclasses.replace(unit, truth=np.asarray(expected, unit.truth.dtype), working=expected), values, "forward"
    )


@pytest.mark.parametrize("forbidden", [
    lambda x: np.asarray(x),
    lambda x: np.array([1.0, 2.0]) + x,
    lambda x: x + np.array([1.0, 2.0]),
    lambda x: np.concatenate([x, np.ones(2)]),
    lambda x: np.where(x > 0, x, np.zeros(2)),
    lambda x: x[np.array([0, 1])],
    lambda x: x.__setitem__(slice(None), np.ones(2)),
    lambda x: np.zeros(2).__setitem__(slice(None), x),
    lambda x: np.ones(2)[x > 0],
    lambda x: np.add(np.ones(2), np.ones(2), out=x) and np.add(x, np.ones(2)),
    lambda x: bool(x > 0),
    lambda x: np.vecdot(x, x),
])  # fmt: skip
def test_the_foreign_array_refuses_what_a_gpu_would(forbidden):
    with pytest.raises((TypeError, ValueError, IndexError)):
        forbidden(DuckArray(np.array([1.0, -2.0])))


def test_the_foreign_array_computes_and_stays_foreign():
    x = DuckArray(np.array([[1.0, -2.0], [3.0, 4.0]]))
    for made in (x * 2, 1 - x, x @ x.T, np.exp(x), x.sum(), np.maximum(x, 0), np.zeros_like(x, shape=(3,)), x[0, 1],
                 np.arange(3, like=x), np.concatenate([x, x]), np.einsum("ij->j", x), np.float32(2) * x):  # fmt: skip
        assert isinstance(made, DuckArray)
    assert (x.shape, x.ndim, x.dtype, float(x[1, 0]), int(x.argmax()), bool((x > 0).any())) == (
        (2, 2), 2, np.float64, 3.0, 3, True,
    )  # fmt: skip
