"""The bridge from `ops` to tensors: a pure `forward` and `backward` become one operation on the tape.

    layer_norm = differentiable(ops.normalization.layer_norm)
    y = layer_norm(x, weight, bias, eps=1e-5)

The tape keeps the cache that `forward` returned, and gives it to `backward`: the very same calls on the very same
arrays, so the gradients are those of the op to the last bit.

Such an op is fused: its gradient is computed on arrays and has no history, so there is no second derivative through
it, and asking for one is an error. Compositions of the operations of this package have derivatives of every order.

As torch.autograd.Function with `once_differentiable`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Iterator
from typing import Any, Protocol

import numpy as np

from ..types import Array
from ._operands import owner, plain
from .tape import Gradient, Memory, Node, Recording, Vertex, second_time, tick, written_since
from .tensor import Tensor


class Op(Protocol):
    """A module with these two functions. Where `forward` gives a tuple of arrays, `backward` takes one.

    A `backward` may have an option `needed`: it is told the positions of the arguments whose gradients somebody waits
    for, and may return None for the others.
    """

    __name__: str
    forward: Callable[..., Any]
    backward: Callable[..., Any]


def differentiable(op: Any) -> Callable[..., Any]:
    """The op as a function on tensors.

    Arrays, None and numbers among its positional arguments pass through; keywords are options.
    """
    name = op.__name__.rpartition(".")[2]
    selective = hasattr(op, "backward") and "needed" in inspect.signature(op.backward).parameters

    def call(*arguments: Any, **options: Any) -> Any:
        for option, value in options.items():
            if isinstance(value, Tensor):
                raise TypeError(f"{name}: pass the tensor {option!r} by position; keywords are options")
        y, cache = op.forward(*[x.data if isinstance(x, Tensor) else x for x in arguments], **options)
        several = isinstance(y, tuple)
        inputs = [x for x in arguments if isinstance(x, Tensor)]
        outputs = [Tensor(array) for array in y] if several else [Tensor(y)]
        for output in outputs:
            memory = owner(output.data)
            for x in inputs:
                if owner(x.data) is memory:
                    x.memory.share(output, x)
        if Recording.enabled:
            node = FusedNode(op, name, arguments, [*inputs, *outputs], cache, selective)
            if node.targets and not several:
                return outputs[0].become_result_of(node)
            if node.targets:
                like = [(array.shape, array.dtype) for array in y]
                for i, output in enumerate(outputs):
                    output.become_result_of(Node(f"{name}[{i}]", [node], [_place(i, like)], [[]]))
        return tuple(outputs) if several else outputs[0]

    call.__name__ = call.__qualname__ = name
    call.__doc__ = op.forward.__doc__
    return call


class FusedNode:
    """One call of an op on the tape: one call of its `backward` gives the gradients of all inputs."""

    __slots__ = ("cache", "inputs", "memories", "op", "operation", "recorded", "selective", "targets")

    def __init__(
        self, op: Op, name: str, arguments: tuple[Any, ...], tensors: list[Tensor], cache: Any, selective: bool
    ) -> None:
        self.op = op
        self.operation = name
        self.cache = cache
        self.selective = selective  # whether backward has the option `needed`
        self.targets: list[Vertex] = []
        self.inputs: list[Any] | None = []
        for i, x in enumerate(arguments):
            if isinstance(x, Tensor) and x.tracked:
                self.targets.append(x.node or x)
                self.inputs.append((i, x.data.shape, x.data.dtype))
        # The memory of inputs and outputs, and which array owns it. Not the tensors: the outputs hold this node.
        self.memories = [(x.memory, id(owner(x.data))) for x in tensors]
        self.recorded = tick()

    def __repr__(self) -> str:
        return f"<{self.operation}>"

    def pull(self, dy: Any, path: Container[Vertex] | None) -> Iterator[tuple[Vertex, Gradient]]:
        """The gradient of each input on the path, from the gradient of the output or the outputs."""
        if self.inputs is None:
            raise second_time(self.operation, dy.outputs[0][0] if isinstance(dy, Parts) else dy.shape)
        if Memory.last_write > self.recorded:
            self._refuse_what_was_overwritten()
        arrays = dy if type(dy) is np.ndarray else dy.arrays() if isinstance(dy, Parts) else np.asarray(plain(dy))
        found = self.op.backward(arrays, self.cache, **(self._needed(path) if self.selective else {}))
        gradients = found if isinstance(found, tuple) else (found,)
        for target, (i, shape, dtype) in zip(self.targets, self.inputs, strict=True):
            if path is None or target in path:
                dx = gradients[i] if i < len(gradients) else None
                if dx is None or dx.shape != shape or dx.dtype != dtype:
                    got = "none" if dx is None else f"{dx.dtype} {dx.shape}"
                    raise ValueError(f"{self.operation}.backward must return a gradient {dtype} {shape} for argument "
                                     f"{i} of forward; got {got}")  # fmt: skip
                yield target, self._once(dx, dy) if Recording.enabled else dx

    def _needed(self, path: Container[Vertex] | None) -> dict[str, Any]:
        """The option `needed`, for an op that has it."""
        pairs = zip(self.targets, self.inputs or (), strict=True)
        return {"needed": {i for target, (i, *_) in pairs if path is None or target in path}}

    def _refuse_what_was_overwritten(self) -> None:
        """Backward needs what the cache held when it was made. It may share memory with inputs and outputs."""
        kept = {id(owner(array)): array.shape for array in _arrays_in(self.cache)}
        for memory, identity in self.memories:
            if memory.written > self.recorded and identity in kept:
                raise written_since(self.operation, kept[identity])

    def free(self) -> None:
        """Let go of the cache."""
        self.cache = self.inputs = None
        self.memories = []

    def _once(self, dx: Array, dy: Any) -> Tensor:
        """A gradient that refuses to be differentiated again, with respect to whatever it was computed from."""

        def rule(ddy: Any) -> Any:
            raise RuntimeError(f"{self.operation} is a fused op: its gradient is computed on arrays and has no history."
                               f" For a second derivative, write it with the operations of autograd")  # fmt: skip

        given = dy.parts.values() if isinstance(dy, Parts) else [dy]
        targets = [*self.targets, *(tensor.node or tensor for tensor in given if tensor.tracked)]
        node = Node(f"{self.operation} backward", targets, [rule] * len(targets), [[]] * len(targets))
        return Tensor(dx).become_result_of(node)


class Parts:
    """The gradients of the outputs of one op, as far as they have arrived, and the shape and dtype of every output."""

    def __init__(self, parts: dict[int, Any], outputs: list[Any]) -> None:
        self.parts = parts
        self.outputs = outputs

    def __add__(self, other: Parts) -> Parts:
        both = dict(self.parts)
        for i, dy in other.parts.items():
            both[i] = both[i] + dy if i in both else dy
        return Parts(both, self.outputs)

    def arrays(self) -> tuple[Array, ...]:
        """One array per output; zeros for an output that was not used."""
        some = plain(next(iter(self.parts.values())))
        return tuple(
            np.asarray(plain(self.parts[i])) if i in self.parts else np.zeros_like(some, shape=shape, dtype=dtype)
            for i, (shape, dtype) in enumerate(self.outputs)
        )


def _place(i: int, outputs: list[Any]) -> Callable[[Gradient], Parts]:
    return lambda dy: Parts({i: dy}, outputs)


def _arrays_in(cache: Any) -> list[Array]:
    """The arrays in a cache: an array, or tuples, lists and dicts of them."""
    if isinstance(cache, np.ndarray):
        return [cache]
    if isinstance(cache, (tuple, list, dict)):
        return [array for part in (cache.values() if isinstance(cache, dict) else cache) for array in _arrays_in(part)]
    return [cache] if hasattr(cache, "base") else []
