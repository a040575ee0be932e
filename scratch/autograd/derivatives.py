"""Derivatives of functions on tensors: gradients, Jacobians, Hessians, and their products with a vector.

Everything is made of one thing: carry a gradient back along the tape (`flow`). A row of a Jacobian is what arrives
for a one-hot gradient; a Hessian is the Jacobian of a gradient that was computed with `create_graph=True`, so that
it has a history of its own.

As torch.autograd.grad and torch.autograd.functional.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from . import tensor
from ._operands import as_tensor, owner, plain, silent
from .shapes import reshape, stack
from .tape import Gradient, Vertex, flow, grad_enabled

if TYPE_CHECKING:
    from .tensor import Tensor

Tensors: TypeAlias = "Tensor | Sequence[Tensor]"
Function: TypeAlias = "Callable[..., Tensors]"


def backward(output: Tensor, gradient: Any, *, retain_graph: bool | None, create_graph: bool) -> None:
    """See `Tensor.backward`."""
    seed = _seed("backward", output, gradient)
    vertex, keep = output.node or output, _keep(retain_graph, create_graph)
    with grad_enabled(create_graph), silent():
        arrived = flow({vertex: seed if create_graph else seed.data}, None, keep=keep)
        taken = {id(owner(seed.data))}
        for leaf, dx in arrived.items():
            assert isinstance(leaf, tensor.Tensor)
            leaf.grad = _own(dx, leaf, taken) if leaf.grad is None else leaf.grad + dx


def grad(
    outputs: Tensors,
    inputs: Tensors,
    grad_outputs: Any = None,
    *,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> tuple[Tensor | None, ...]:
    """Σ ∂output/∂input · grad_output for each input, without touching any `.grad`.

    An input that the outputs do not depend on is an error, or gets None with `allow_unused`.
    """
    outputs, inputs = _as_tuple(outputs), _as_tuple(inputs)
    seeds = _as_tuple(grad_outputs) if grad_outputs is not None else (None,) * len(outputs)
    for i, x in enumerate(inputs):
        if not x.requires_grad:
            raise ValueError(f"grad: input {i}, of shape {x.shape}, does not require a gradient")
    arrived: dict[Vertex, Gradient] = {}
    with grad_enabled(create_graph), silent():
        for output, v in zip(outputs, seeds, strict=True):
            vertex, seed = output.node or output, _seed("grad", output, v)
            dy = seed if create_graph else seed.data
            arrived[vertex] = arrived[vertex] + dy if vertex in arrived else dy
        taken = {id(owner(plain(dy))) for dy in arrived.values()}
        wanted = {x.node or x for x in inputs}
        arrived = flow(arrived, wanted, keep=_keep(retain_graph, create_graph))
    found = [arrived.get(x.node or x) for x in inputs]
    for i, (x, dx) in enumerate(zip(inputs, found, strict=True)):
        if dx is None and not allow_unused:
            raise ValueError(f"grad: input {i}, of shape {x.shape}, was not used to compute the outputs; pass "
                             f"allow_unused=True to get None for it")  # fmt: skip
    return tuple(None if dx is None else _own(dx, x, taken) for x, dx in zip(inputs, found, strict=True))


def vjp(function: Function, inputs: Tensors, v: Any = None, *, create_graph: bool = False) -> tuple[Any, Any]:
    """`(function(inputs), vᵀ J)`: one gradient per input, for the gradient v of the output."""
    with grad_enabled(True):
        copies = _fresh(inputs, connected=create_graph)
        outputs = function(*copies)
        found = _grad_or_zeros(outputs, copies, v, create_graph=create_graph)
    return outputs if create_graph else _detached(outputs), _like(inputs, found)


def jacobian(function: Function, inputs: Tensors, *, create_graph: bool = False) -> Any:
    """∂output/∂input, shaped (*output.shape, *input.shape); a tuple for several inputs, nested for several outputs."""
    with grad_enabled(True):
        copies = _fresh(inputs, connected=create_graph)
        outputs = function(*copies)
        rows = [_jacobian_of(output, copies, create_graph) for output in _as_tuple(outputs)]
    return _like(outputs, [_like(inputs, row) for row in rows])


def _jacobian_of(output: Tensor, inputs: tuple[Tensor, ...], create_graph: bool) -> list[Tensor]:
    rows = []
    for i in range(output.size):
        one_hot = np.zeros(output.size, output.dtype)
        one_hot[i] = 1
        rows.append(_grad_or_zeros(output, inputs, one_hot.reshape(output.shape), create_graph=create_graph))
    found = []
    for i, x in enumerate(inputs):
        shape = output.shape + x.shape
        found.append(
            reshape(stack([row[i] for row in rows]), shape) if rows else tensor.Tensor(np.zeros(shape, x.dtype))
        )
    return found


def hessian(function: Function, inputs: Tensors, *, create_graph: bool = False) -> Any:
    """The second derivatives of a function with one number as its value, shaped (*input.shape, *input.shape)."""

    def gradient(*copies: Tensor) -> Any:
        return _like(inputs, _value_and_gradient(function, copies)[1])

    return jacobian(gradient, inputs, create_graph=create_graph)


def hvp(function: Function, inputs: Tensors, v: Any, *, create_graph: bool = False) -> tuple[Any, Any]:
    """`(function(inputs), H v)`, at the cost of two backwards: H v is the gradient of ⟨gradient, v⟩."""
    with grad_enabled(True):
        copies = _fresh(inputs, connected=create_graph)
        output, gradients = _value_and_gradient(function, copies)
        found = _grad_or_zeros(gradients, copies, v, create_graph=create_graph)
    return output if create_graph else _detached(output), _like(inputs, found)


def _value_and_gradient(function: Function, inputs: tuple[Tensor, ...]) -> tuple[Tensor, list[Tensor]]:
    output = function(*inputs)
    if not isinstance(output, tensor.Tensor) or output.size != 1:
        raise ValueError("hessian and hvp need a function whose value is a tensor of one element")
    return output, _grad_or_zeros(output, inputs, None, create_graph=True)


def _grad_or_zeros(outputs: Tensors, inputs: tuple[Tensor, ...], v: Any, *, create_graph: bool) -> list[Tensor]:
    """The gradients of those outputs that have a history; zeros where an input plays no part."""
    outputs = _as_tuple(outputs)
    seeds = _as_tuple(v) if v is not None else (None,) * len(outputs)
    checked = [_seed("derivative", output, seed, history=False) for output, seed in zip(outputs, seeds, strict=True)]
    live = [(output, seed) for output, seed in zip(outputs, checked, strict=True) if output.requires_grad]
    found: Sequence[Tensor | None] = [None] * len(inputs)
    if live:
        found = grad([output for output, _ in live], inputs, [seed for _, seed in live], retain_graph=True,
                     create_graph=create_graph, allow_unused=True)  # fmt: skip
    return [tensor.Tensor(np.zeros_like(x.data)) if dx is None else dx for x, dx in zip(inputs, found, strict=True)]


def _seed(operation: str, output: Tensor, gradient: Any, *, history: bool = True) -> Tensor:
    """The gradient to start from, shaped like the output."""
    if not isinstance(output, tensor.Tensor):
        raise TypeError(f"{operation}: an output must be a tensor; got {type(output).__name__}")
    if history and not output.tracked:
        raise RuntimeError(f"{operation}: this tensor of shape {output.shape} has no history and requires no gradient. "
                           f"Nothing it was computed from has requires_grad=True, or it was detached, or computed "
                           f"inside no_grad()")  # fmt: skip
    data = output.data
    if gradient is None:
        if data.size != 1:
            raise ValueError(f"{operation}: an output of shape {output.shape} needs a gradient of that shape; only "
                             f"for one element it can be left out")  # fmt: skip
        return tensor.Tensor(np.ones_like(data))
    seed = as_tensor(operation, gradient, data.dtype)
    if seed.data.shape != data.shape:
        raise ValueError(f"{operation}: the gradient must have the shape of the output, {output.shape}; "
                         f"got {seed.shape}")  # fmt: skip
    return seed


def _keep(retain_graph: bool | None, create_graph: bool) -> bool:
    return create_graph if retain_graph is None else retain_graph


def _own(dx: Gradient, x: Tensor, taken: set[int]) -> Tensor:
    """A gradient whose memory is nobody else's, laid out as `x` is: a rule may hand the same array to two inputs."""
    found: Tensor = dx if isinstance(dx, tensor.Tensor) else tensor.Tensor(dx)
    memory = id(owner(found.data))
    if memory in taken or found.data.strides != x.data.strides or not found.data.flags.writeable:
        copy: Tensor = tensor.Tensor(found.data.copy())
        return copy.become_result_of(found.node) if found.node else copy
    taken.add(memory)
    return found


def _fresh(inputs: Tensors, *, connected: bool) -> tuple[Tensor, ...]:
    """The inputs as leaves of a new graph, or, connected, as results of the graph they belong to."""
    copies = tuple(x.clone() if connected and x.requires_grad else x.detach() for x in _as_tuple(inputs))
    for copy in copies:
        copy.requires_grad = True
    return copies


def _as_tuple(tensors: Any) -> tuple[Any, ...]:
    return tuple(tensors) if isinstance(tensors, (tuple, list)) else (tensors,)


def _like(given: Any, found: Sequence[Any]) -> Any:
    """One result for one tensor, a tuple for several."""
    return tuple(found) if isinstance(given, (tuple, list)) else found[0]


def _detached(tensors: Any) -> Any:
    return _like(tensors, [x.detach() for x in _as_tuple(tensors)])
