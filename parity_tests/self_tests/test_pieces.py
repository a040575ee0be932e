"""Ops that walk large arrays in pieces give the right answer where one piece ends and the next begins."""

import numpy as np
import pytest

from scratch.ops import _pieces

from ..catalogue import ROWS
from ..harness import candidate, checks
from ..harness.entry import Entry
from ..harness.evidence import Evidence
from .test_foreign_arrays import cases_of

WALKERS = {_pieces.rows, _pieces.elements, _pieces.slices}


def walks(row):
    """Whether the file of a row uses pieces."""
    return any(value in WALKERS for value in vars(candidate.load("scratch", row.name)).values() if callable(value))


WALKING = [row for row in ROWS if isinstance(row, Entry) and row.name.startswith("ops.") and walks(row)]


@pytest.fixture
def tiny_pieces(monkeypatch):
    monkeypatch.setattr(_pieces, "PIECE", 16)  # bytes: four numbers of float32, two of float64


def test_there_are_ops_that_walk():
    assert {"ops.activations.gelu", "ops.normalization.batch_norm", "ops.losses.cross_entropy"} <= {
        row.name for row in WALKING
    }


@pytest.mark.parametrize("row", WALKING, ids=lambda row: row.name)
def test_an_op_is_right_in_tiny_pieces(row, tiny_pieces):
    op, evidence = candidate.load("scratch", row.name), Evidence()
    for case in cases_of(row):
        checks.forward(row, op, case, evidence)
        if row.gradient:
            checks.gradient(row, op, case, evidence)
    assert evidence.compared


@pytest.mark.parametrize("shape", [(), (0,), (1,), (7,), (3, 5), (2, 0, 3), (4, 3, 2)])
@pytest.mark.parametrize("layout", ["C", "F"])
def test_pieces_are_all_of_an_array_in_order(shape, layout, tiny_pieces):
    x = np.asarray(np.arange(np.prod(shape), dtype=np.float32).reshape(shape), order=layout)
    y = np.empty_like(x, order="C")
    for x_, y_, spare in _pieces.elements(x, y, spare=1):
        assert x_.shape == y_.shape == spare.shape
        assert x_.nbytes <= 16
        y_[...] = x_
    np.testing.assert_array_equal(y, x)
    for dim in range(-x.ndim, x.ndim):
        total = np.zeros_like(x.sum(axis=dim, keepdims=True), order="C")
        for x_, sums in _pieces.slices(dim, x, total):
            assert x_.shape[1] == x.shape[dim]
            sums[...] = x_.sum(axis=1, keepdims=True)
        np.testing.assert_array_equal(total, x.sum(axis=dim, keepdims=True))
