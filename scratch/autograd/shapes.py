"""Operations that move elements around without computing anything.

Each is linear, so its rule is its transpose: what reads an element from one place sends its gradient back there, and
what uses an element several times (`expand`) adds the gradients up (`sum_to`).

`reshape` (when it can), `transpose`, `permute` and `expand` give a view: another look at the same memory, as in
PyTorch. Names and arguments are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..types import Array
from . import _operands, indexing
from .tape import record

if TYPE_CHECKING:
    from .tensor import Tensor

Dims = int | Sequence[int] | None


def normalize_dims(operation: str, dim: Dims, ndim: int) -> tuple[int, ...]:
    """`dim` as a tuple of axes counted from the front; None and () mean all axes, as in PyTorch."""
    if dim is None or dim == ():
        return tuple(range(ndim))
    dims = (dim,) if isinstance(dim, (int, np.integer)) else tuple(dim)
    lowest, highest = (-ndim, ndim - 1) if ndim else (-1, 0)
    for axis in dims:
        if not lowest <= axis <= highest:
            raise ValueError(f"{operation}: dim must be between {lowest} and {highest} for a tensor with {ndim} axes; "
                             f"got {dim}")  # fmt: skip
    found = tuple(axis % ndim for axis in dims) if ndim else ()
    if len(set(found)) != len(found):
        raise ValueError(f"{operation}: the same axis appears twice in dim {dim}")
    return found


def view(operation: str, x: Tensor, data: Array, *branches: Any) -> Tensor:
    """Record an operation whose result may share the memory of `x`; then a write to one is a write to both."""
    result = record(operation, data, *branches)
    if _operands.owner(result.data) is _operands.owner(x.data):
        x.memory.share(result, x)
    return result


def reshape(x: Tensor, *shape: Any) -> Tensor:
    """The same elements in another shape; one length may be −1."""
    x, wanted = _operands.as_tensor("reshape", x), _flat(shape)
    before = x.shape
    try:
        data = x.data.reshape(wanted)
    except ValueError:
        raise ValueError(f"reshape: {x.data.size} elements of shape {before} do not fit shape {wanted}") from None
    return view("reshape", x, data, (x, lambda dy: dy.reshape(before)))


def permute(x: Tensor, *dims: Any) -> Tensor:
    """The axes in another order: axis i of the result is axis dims[i] of x."""
    x = _operands.as_tensor("permute", x)
    order = normalize_dims("permute", _flat(dims), x.ndim) if x.ndim else ()
    if len(order) != x.ndim:
        raise ValueError(f"permute: dims {_flat(dims)} must name each of the {x.ndim} axes of shape {x.shape} once")
    back = tuple(order.index(axis) for axis in range(x.ndim))
    return view("permute", x, x.data.transpose(order), (x, lambda dy: np.transpose(dy, back)))


def transpose(x: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two axes swapped."""
    x = _operands.as_tensor("transpose", x)
    (first,), (second,) = (normalize_dims("transpose", dim, x.ndim) or (0,) for dim in (dim0, dim1))
    order = list(range(x.ndim))
    if order:
        order[first], order[second] = second, first
    return permute(x, order)


def expand(x: Tensor, *shape: Any) -> Tensor:
    """Repeat axes of length 1, and put new ones in front, without copying; −1 keeps a length."""
    x = _operands.as_tensor("expand", x)
    wanted, before = _flat(shape), x.shape
    new = len(wanted) - x.ndim
    wanted = tuple(before[i - new] if n == -1 and i >= new else n for i, n in enumerate(wanted))
    try:
        data = np.broadcast_to(x.data, wanted)
    except ValueError:
        raise ValueError(f"expand: shape {before} cannot be repeated to {_flat(shape)}: only axes of length 1 "
                         f"and new axes in front can") from None  # fmt: skip
    return view("expand", x, data, (x, lambda dy: sum_to(dy, before)))


def sum_to(dy: Any, shape: tuple[int, ...]) -> Any:
    """The transpose of `expand`, on arrays and tensors: add up whatever that had repeated."""
    new = dy.ndim - len(shape)
    repeated = tuple(i for i, n in enumerate(dy.shape) if i < new or n != shape[i - new])
    return np.sum(dy, axis=repeated, keepdims=True).reshape(shape) if repeated else dy


def concatenate(tensors: Sequence[Any], dim: int = 0) -> Tensor:
    """Tensors one after the other along an axis that they have. Each gets back its slice of the gradient."""
    if not len(tensors):
        raise ValueError("concatenate needs at least one tensor")
    dtype = _operands.common_dtype("concatenate", *tensors)
    parts = [_operands.as_tensor("concatenate", part, dtype) for part in tensors]
    shapes = [part.shape for part in parts]
    (axis,) = normalize_dims("concatenate", dim, parts[0].ndim) or (0,)
    if parts[0].ndim == 0 or any(_without(shape, axis) != _without(shapes[0], axis) for shape in shapes):
        raise ValueError(f"concatenate: shapes must agree on every axis but {dim}, and have that axis; got {shapes}")
    branches = []
    start = 0
    for part in parts:
        stop = start + part.shape[axis]
        branches.append((part, _slice_of(axis, start, stop)))
        start = stop
    return record("concatenate", np.concatenate([part.data for part in parts], axis=axis), *branches)


def stack(tensors: Sequence[Any], dim: int = 0) -> Tensor:
    """Tensors of one shape, one after the other along a new axis."""
    parts = [_operands.as_tensor("stack", part) for part in tensors]
    if len({part.shape for part in parts}) != 1:
        raise ValueError(f"stack needs tensors of one shape, at least one; got {[part.shape for part in parts]}")
    (axis,) = normalize_dims("stack", dim, parts[0].ndim + 1)
    new_axis = (slice(None),) * axis + (None,)
    return concatenate([indexing.getitem(part, new_axis) for part in parts], axis)


def pad(x: Tensor, pad: Sequence[int], value: float = 0.0) -> Tensor:
    """A constant border. pad: (before, after) of the last axis, then of the one before it …, as in
    torch.nn.functional.pad; negative widths cut off.
    """
    x = _operands.as_tensor("pad", x)
    if len(pad) % 2 or len(pad) > 2 * x.ndim:
        raise ValueError(f"pad must hold two widths for each of at most {x.ndim} axes; got {tuple(pad)}")
    widths = [(0, 0)] * (x.ndim - len(pad) // 2) + list(zip(pad[0::2], pad[1::2], strict=True))[::-1]
    if any(before + n + after < 0 for n, (before, after) in zip(x.shape, widths, strict=True)):
        raise ValueError(f"pad: widths {tuple(pad)} cut off more than shape {x.shape} has")
    if any(width < 0 for width in pad):
        cut = tuple(slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(x.shape, widths, strict=True))
        x = indexing.getitem(x, cut)
        widths = [(max(a, 0), max(b, 0)) for a, b in widths]
    inner = tuple(slice(a, a + n) for n, (a, _) in zip(x.shape, widths, strict=True))
    data = np.pad(x.data, widths, constant_values=value) if widths else x.data.copy()
    return record("pad", data, (x, lambda dy: dy[inner]))


def _slice_of(axis: int, start: int, stop: int) -> Any:
    index = (slice(None),) * axis + (slice(start, stop),)
    return lambda dy: dy[index]


def _without(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return shape[:axis] + shape[axis + 1 :]


def _flat(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """`(2, 3)` from `f(2, 3)` and from `f((2, 3))`."""
    return tuple(sizes[0]) if len(sizes) == 1 and not isinstance(sizes[0], (int, np.integer)) else sizes
