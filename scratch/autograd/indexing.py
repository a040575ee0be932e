"""Reading elements by index, x[index], and the transpose: putting them back.

Reading an element twice means that it counts twice, so its gradients are added, never assigned: `scatter` is to
`getitem` what `sum_to` is to `expand`.

The index is what NumPy takes: integers, slices, `...`, `None`, and masks, arrays, lists or tensors of integers. Where
NumPy and PyTorch read an index differently, as `x[0, :, [1, 2]]`, it is read as in PyTorch: first integers and
slices, then, from the result, arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..types import Array
from . import shapes, tensor
from .tape import record

if TYPE_CHECKING:
    from .tensor import Tensor


class Places(NamedTuple):
    """An index in two steps: one that gives a view, and one of arrays (or `...`) that reads from the view."""

    view: tuple[Any, ...]
    arrays: Any


def getitem(x: Tensor, index: Any) -> Tensor:
    """x[index]: a view for integers and slices, a copy for masks and arrays. Raises IndexError as NumPy does."""
    return read(x, split(index, x.shape))


def read(x: Tensor, places: Places) -> Tensor:
    """The elements at some places."""
    basic, arrays = places
    shape, y = x.shape, x
    try:
        if any(part != slice(None) for part in basic[:-1]):
            y = shapes.view("getitem", x, x.data[basic], (x, lambda dy: scatter(dy, basic, shape)))
        if arrays is ...:
            return y
        between = y.shape
        return record("getitem", y.data[arrays], (y, lambda dy: scatter(dy, arrays, between)))
    except IndexError as error:
        raise IndexError(f"getitem: {error}; the tensor has shape {shape}") from None


def scatter(dy: Any, index: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    """Zeros of `shape`, with `dy` added at the index, as often as the index names a place. On arrays and tensors."""
    if isinstance(dy, tensor.Tensor):
        return record("scatter", scatter(dy.data, index, shape), (dy, lambda ddy: ddy[index]))
    dx = np.zeros_like(dy, shape=shape)
    if any(isinstance(part, np.ndarray) and part.dtype != bool for part in index):
        np.add.at(dx, index, dy)
    else:
        dx[index] = dy  # slices and masks name no place twice
    return dx


def write(data: Array, places: Places, value: Any) -> None:
    """Assign to the elements of an array at some places."""
    basic, arrays = places
    try:
        data[basic][arrays] = value
    except (IndexError, ValueError) as error:
        raise type(error)(f"x[index] = y: {error}; x has shape {data.shape}, y {np.shape(value)}") from None


def split(index: Any, shape: tuple[int, ...]) -> Places:
    """An index of a tensor of some shape, in its two steps."""
    parts = [_part(part) for part in (index if isinstance(index, tuple) else (index,))]
    used = sum(_axes(part) for part in parts)
    dots = [i for i, part in enumerate(parts) if part is ...]
    if len(dots) > 1 or used > len(shape):
        raise IndexError(f"getitem: {used} indices (and {len(dots)} times '...') for a tensor of shape {shape}")
    start = dots[0] if dots else len(parts)
    parts[start : start + 1] = [slice(None)] * (len(shape) - used)
    view: list[Any] = []
    arrays: list[Any] = []
    for part in parts:
        if isinstance(part, np.ndarray):
            view += [slice(None)] * _axes(part) or [None]  # a lone True or False selects from a new axis
            arrays.append(part if part.ndim else part[None])
        else:
            view.append(part)
            arrays += [] if isinstance(part, int) else [slice(None)]
    plain = not any(isinstance(part, np.ndarray) for part in parts)
    return Places((*view, ...), ... if plain else tuple(arrays))


def _axes(part: Any) -> int:
    """How many axes of the tensor one part of an index is about."""
    if isinstance(part, np.ndarray):
        return part.ndim if part.dtype == bool else 1
    return 0 if part is None or part is ... else 1


def _part(part: Any) -> Any:
    """One part of an index: an int, a slice, None, `...`, or a copy of an array of integers or booleans."""
    if part is None or part is ... or isinstance(part, slice):
        return part
    if isinstance(part, (int, np.integer)) and not isinstance(part, bool):
        return int(part)
    given = part.data if isinstance(part, tensor.Tensor) else part
    array = np.array(given) if not isinstance(given, list) or given else np.zeros(0, np.int64)
    if array.dtype.kind not in "biu":
        raise IndexError(f"getitem: an index is made of integers, slices, '...', None and arrays of integers or "
                         f"booleans; got {array.dtype} ({type(part).__name__})")  # fmt: skip
    return array if array.ndim or array.dtype == bool else int(array)
