"""A NumPy array that remembers how it was computed.

A `Tensor` holds an array (`data`) and, when it was computed from tensors that need gradients, the operation it came
from (`node`, see `tape`). `backward` then gives every leaf its gradient. Names, defaults and corner cases are those
of `torch.Tensor`.

What an operation does and what its gradient is stand with the operation: `arithmetic`, `functions`, `choices`,
`reductions`, `shapes`, `indexing`, `linear_algebra`. The class below gives them the usual signs.

In-place writes (`x += y`, `x[index] = y`) are counted, and a backward that needs an overwritten value refuses. Not
seen are writes to the array itself (`x.data[...] = y`, `x.numpy()[...] = y`): PyTorch does not see those either.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..types import Array
from . import (
    _numpy_protocol,
    _operands,
    arithmetic,
    choices,
    derivatives,
    functions,
    indexing,
    inplace,
    linear_algebra,
    reductions,
    shapes,
)
from .tape import Memory, Node, record

if TYPE_CHECKING:
    from .bridge import FusedNode


class Tensor:
    """An array, and where it came from.

    data: an array, which is shared and not copied, or numbers in nested lists (Python floats become float32, as in
    PyTorch). requires_grad: whether `backward` should find ∂loss/∂self; only floating-point tensors may.
    """

    __slots__ = ("__weakref__", "data", "grad", "memory", "node", "tracked")

    data: Array
    grad: Tensor | None
    node: Node | FusedNode | None
    memory: Memory
    tracked: bool  # whether gradients flow to this tensor or through it

    # A tensor among the vertices of the graph is a leaf: there before all operations, and nothing lies behind it.
    targets = ()
    recorded = 0

    def __init__(self, data: Any, *, requires_grad: bool = False) -> None:
        self.data = data if type(data) is np.ndarray else _as_array(data)
        self.grad = None
        self.node = None
        self.memory = Memory()
        self.tracked = False
        if requires_grad:
            self.requires_grad = True

    # What it is

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of every axis."""
        return self.data.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return self.data.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.data.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.data.size

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a tensor without axes has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        history = f", {self.node!r}" if self.node else ", requires_grad=True" if self.tracked else ""
        return f"Tensor({np.array2string(self.data, separator=', ', prefix='Tensor(')}, {self.dtype}{history})"

    # Its place in the graph

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to this tensor or through it."""
        return self.tracked

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if self.node is not None and not wanted:
            raise RuntimeError(f"{self.node} computed this tensor; only a leaf can stop requiring gradients: "
                               f"use .detach()")  # fmt: skip
        if wanted and self.dtype.kind != "f":
            raise TypeError(f"only floating-point tensors can require gradients; this one of shape {self.shape} has "
                            f"dtype {self.dtype}")  # fmt: skip
        self.tracked = bool(wanted)

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation computed this tensor."""
        return self.node is None

    def backward(self, gradient: Any = None, *, retain_graph: bool | None = None, create_graph: bool = False) -> None:
        """Add ∂self/∂leaf · gradient to `leaf.grad`, for every leaf that requires a gradient.

        gradient: ∂loss/∂self, shaped like self; may be left out for a tensor of one element, where it is 1.
        retain_graph: keep what backward needs, so that it can run again (default: as create_graph).
        create_graph: record the computation of the gradients, so that they can be differentiated in turn.
        """
        derivatives.backward(self, gradient, retain_graph=retain_graph, create_graph=create_graph)

    def detach(self) -> Tensor:
        """The same array without its history. Memory is shared: writing to one writes to both."""
        same = Tensor(self.data)
        same.memory = self.memory
        return same

    def become_result_of(self, node: Node | FusedNode) -> Tensor:
        """Take an operation on the tape as the history of this tensor."""
        self.node, self.tracked = node, True
        return self

    def clone(self) -> Tensor:
        """A copy with memory of its own, through which gradients flow."""
        return record("clone", self.data.copy(), (self, lambda dy: dy))

    def __reduce__(self) -> tuple[Any, ...]:
        """How `copy.deepcopy` and `pickle` make another one."""
        if self.node is not None:
            raise RuntimeError(f"{self.node} computed this tensor; only leaves can be copied deeply: use .detach()")
        return _leaf, (type(self), self.data, self.tracked, self.grad)

    # Out of the graph

    def item(self) -> Any:
        """The only element, as a Python number."""
        if self.size != 1:
            raise ValueError(f"item() needs a tensor of one element; this one has shape {self.shape}")
        return self.data.item()

    def numpy(self) -> Array:
        """The array itself. Refused where a gradient would silently be lost."""
        if self.tracked:
            raise RuntimeError("a tensor that requires a gradient becomes an array by .detach().numpy() only: "
                               "an array has no gradient")  # fmt: skip
        return self.data

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> Array:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError(f"a tensor of shape {self.shape} is neither true nor false: it has {self.size} elements")
        return bool(self.item())

    def __float__(self) -> float:
        return float(self._number())

    def __int__(self) -> int:
        return int(self._number())

    def _number(self) -> Any:
        if self.tracked:
            warnings.warn("a Python number has no gradient, the tensor it is made of has: say .item() if that is meant",
                          stacklevel=3)  # fmt: skip
        return self.item()

    __array_ufunc__ = _numpy_protocol.array_ufunc
    __array_function__ = _numpy_protocol.array_function

    # Operations

    __add__ = __radd__ = arithmetic.add
    __sub__ = arithmetic.subtract
    __mul__ = __rmul__ = arithmetic.multiply
    __truediv__ = arithmetic.divide
    __pow__ = pow = arithmetic.pow
    __neg__ = arithmetic.negative
    __abs__ = abs = functions.abs
    __matmul__ = linear_algebra.matmul

    def __rsub__(self, other: Any) -> Tensor:
        return arithmetic.subtract(other, self)

    def __rtruediv__(self, other: Any) -> Tensor:
        return arithmetic.divide(other, self)

    def __rpow__(self, other: Any) -> Tensor:
        return arithmetic.pow(other, self)

    def __rmatmul__(self, other: Any) -> Tensor:
        return linear_algebra.matmul(other, self)

    __hash__ = object.__hash__
    __eq__ = choices.equal  # type: ignore[assignment]  # elementwise, as in NumPy and PyTorch
    __ne__ = choices.not_equal  # type: ignore[assignment]
    __lt__ = choices.less
    __le__ = choices.less_equal
    __gt__ = choices.greater
    __ge__ = choices.greater_equal

    exp = functions.exp
    log = functions.log
    sqrt = functions.sqrt
    tanh = functions.tanh
    clip = choices.clip
    to = astype = _operands.cast

    sum = reductions.sum
    mean = reductions.mean
    var = reductions.var
    max = reductions.max
    min = reductions.min
    amax = reductions.amax
    amin = reductions.amin
    cumsum = reductions.cumsum

    reshape = shapes.reshape
    permute = shapes.permute
    transpose = shapes.transpose
    expand = shapes.expand

    __getitem__ = indexing.getitem
    __setitem__ = inplace.setitem
    __iadd__ = inplace.add
    __isub__ = inplace.subtract
    __imul__ = inplace.multiply
    __itruediv__ = inplace.divide

    @property
    def T(self) -> Tensor:  # noqa: N802
        """The axes in reverse order; the transpose of a matrix."""
        return shapes.permute(self, tuple(range(self.ndim))[::-1])


def _leaf(kind: type[Tensor], data: Array, tracked: bool, grad: Tensor | None) -> Tensor:
    tensor = kind.__new__(kind)
    Tensor.__init__(tensor, data, requires_grad=tracked)
    tensor.grad = grad
    return tensor


def _as_array(data: Any) -> Array:
    """What is no NumPy array yet: a NumPy scalar, an array of another library, numbers, nested lists."""
    if isinstance(data, np.generic):
        return np.asarray(data)
    array: Array = data if hasattr(data, "dtype") else np.asarray(data)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"a tensor holds real numbers; got {array.dtype} ({type(data).__name__})")
    return array.astype(np.float32) if array is not data and array.dtype == np.float64 else array
