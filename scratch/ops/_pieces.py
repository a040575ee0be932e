"""Large arrays, a piece at a time: why `y = dy * (1 - y * y)` takes twice as long as it has to, and what to do.

NumPy computes that line in three passes over whole arrays, and each pass fetches its operands from memory and sends its
result back there: some 10 bytes a nanosecond, while the arithmetic alone could eat ten times as many. A piece of 128 KB
stays in the cache of the processor from the first of its passes to the last, so each array crosses to memory once:

    for dy_, y_, dx_ in elements(dy, y, dx):      # views of the same stretch of each
        np.multiply(y_, y_, out=dx_)
        ...

The pieces are views: what is written to them with `out=` or `+=` stands in the whole array. An array that is to be
written to must be contiguous, as `np.empty_like(x, order="C")` is; of others a copy would be written to. What fits in
one piece comes in one piece, and so does an array that is not NumPy's own: a GPU wants as much at once as there is.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..types import Array

PIECE = 1 << 17  # bytes of one array: a handful of pieces fits in the cache of a core


def rows(*arrays: Array, spare: int = 0) -> Iterator[Any]:
    """arrays: (N, ...) each, with the same N → tuples of (n, ...): the same rows of each, in order; together all N.

    spare: so many arrays more, like those of the first, to compute in. What is in them does not last to the next piece.
    """
    first = arrays[0]
    count = len(first)
    step = max(1, PIECE * count // max(1, first.nbytes))
    if step >= count or not isinstance(first, np.ndarray):
        if count:
            yield (*arrays, *(np.empty_like(first, order="C") for _ in range(spare)))
        return
    spares = [np.empty_like(first, shape=(step, *first.shape[1:]), order="C") for _ in range(spare)]
    for start in range(0, count, step):
        stop = min(start + step, count)
        yield (*(array[start:stop] for array in arrays), *(array[: stop - start] for array in spares))


def elements(*arrays: Array, spare: int = 0) -> Iterator[Any]:
    """arrays: all of one shape → tuples of (n,): the same elements of each, in order; together all of them."""
    return rows(*(array.reshape(-1) for array in arrays), spare=spare)


def slices(dim: int, *arrays: Array, spare: int = 0) -> Iterator[Any]:
    """arrays: of one shape, but for axis dim → tuples of (n, C, m): what lay along that axis now lies along axis 1.

    That axis always comes whole, so that one may sum or look for the largest along it.
    """
    shape = arrays[0].shape or (1,)
    dim %= len(shape)
    before, after = math.prod(shape[:dim]), math.prod(shape[dim + 1 :])
    return rows(*(array.reshape(before, array.shape[dim] if array.ndim else 1, after) for array in arrays), spare=spare)
