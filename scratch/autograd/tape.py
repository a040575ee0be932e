"""The tape: what is written down while tensors are computed, and how it is read backwards.

The graph has two kinds of vertex. A `Node` is an operation that was recorded. A leaf is a `Tensor` that nobody
computed, with `requires_grad=True`. A node knows its *targets*, the vertices that its inputs came from, and for each
a *rule*, which turns the gradient of the output into the gradient of that input. A leaf has no targets.

Reverse mode follows from the chain rule. If L depends on y only through operations z₁, z₂ …, then

    ∂L/∂y = Σᵢ ∂L/∂zᵢ · ∂zᵢ/∂y

so a vertex may pass its gradient on only when everything that used it has added its share. `topological_order`
finds an order in which that is true; `flow` walks it and adds.

Rules are written in NumPy's notation. An ordinary backward hands them arrays. A backward with `create_graph=True` hands
them tensors, on which the same notation means the operations of this package (`_numpy_protocol`): then the gradient is
itself recorded, and can be differentiated.

The graph refers to operations, not to the tensors that came out of them. So an output lives only as long as somebody
uses it or a rule has saved it, as in PyTorch. Source: Griewank & Walther 2008, "Evaluating Derivatives", chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import ContextDecorator
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from weakref import ref

from ..types import Array

if TYPE_CHECKING:
    from .bridge import FusedNode
    from .tensor import Tensor

Gradient: TypeAlias = "Array | Tensor"
Rule: TypeAlias = Callable[..., Any]  # (dy, *saved) → dx, all of them arrays or all of them tensors
Vertex: TypeAlias = "Node | FusedNode | Tensor"


class Recording:
    """The switch that `no_grad` turns off. One for the whole process."""

    enabled = True


class grad_enabled(ContextDecorator):  # noqa: N801  (used like a function)
    """Record operations, or do not, inside a `with` block or a decorated function."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled

    def __enter__(self) -> None:
        self.before = Recording.enabled
        Recording.enabled = self.enabled

    def __exit__(self, *error: object) -> None:
        Recording.enabled = self.before

    def _recreate_cm(self) -> grad_enabled:  # each call of a decorated function restores what it found itself
        return grad_enabled(self.enabled)


def no_grad() -> grad_enabled:
    """Record nothing inside the `with` block, or inside the decorated function."""
    return grad_enabled(False)


def enable_grad() -> grad_enabled:
    """Record again, inside `no_grad`."""
    return grad_enabled(True)


class Memory:
    """What all tensors that share memory have in common: when it was last written to, and which tensors they are.

    `clock` counts in-place writes, of which there are few; a node remembers what it showed when it was recorded.
    """

    __slots__ = ("sharers", "written")
    clock = 0

    def __init__(self) -> None:
        self.written = 0
        self.sharers: list[ref[Tensor]] | tuple[()] = ()  # a tensor and its views, while they live, if it has any

    def write(self) -> None:
        """Note that the memory has just been written to."""
        Memory.clock += 1
        self.written = Memory.clock

    def share(self, view: Tensor, of: Tensor) -> None:
        """Let a tensor be a view of another one."""
        view.memory = self
        self.sharers = known = self.sharers or []
        for sharer in (of, view):
            if not any(other() is sharer for other in known):
                known.append(ref(sharer, known.remove))


class _Output:
    """Stands for the result of an operation, last among the tensors that a rule saves."""


OUTPUT: Final[Any] = _Output()


class Node:
    """A recorded operation: the vertices its inputs came from, and for each a rule and the tensors it saved.

    `output` is kept only for rules that need the result (exp, tanh …).
    """

    __slots__ = ("operation", "output", "recorded", "rules", "saved", "targets")

    def __init__(
        self,
        operation: str,
        targets: list[Vertex],
        rules: list[Rule],
        saved: list[list[Tensor]],
        output: Tensor | None = None,
    ) -> None:
        self.operation = operation
        self.targets = targets
        self.rules = rules
        self.saved: list[list[Tensor]] | None = saved
        self.output = output
        self.recorded = Memory.clock

    def __repr__(self) -> str:
        return f"<{self.operation}>"

    def pull(self, dy: Gradient, path: Container[Vertex] | None) -> Iterator[tuple[Vertex, Gradient]]:
        """The gradient of each input on the path (None: of every input), from the gradient of the output."""
        if self.saved is None:
            raise second_time(self.operation, getattr(dy, "shape", ()))
        for target, rule, saved in zip(self.targets, self.rules, self.saved):
            if path is None or target in path:
                needs: list[Gradient] = []
                for kept in saved:
                    need = self._result() if kept is OUTPUT else kept
                    if need.memory.written > self.recorded:
                        raise written_since(self.operation, need.shape)
                    needs.append(need if Recording.enabled else need.data)
                yield target, rule(dy, *needs)

    def _result(self) -> Tensor:
        assert self.output is not None
        return self.output.detach().become_result_of(self) if Recording.enabled else self.output

    def free(self) -> None:
        """Let go of what was saved. An operation that saved nothing may be walked again, as in PyTorch."""
        if any(self.saved or ()):
            self.saved = self.output = None
            self.rules = []


def second_time(operation: str, shape: tuple[int, ...]) -> RuntimeError:
    """The error for walking a part of the graph that was freed."""
    return RuntimeError(
        f"backward through {operation}, whose result has shape {shape}, for the second time: what it had saved was "
        f"freed by the first. Pass retain_graph=True to the first, or compute the result again"
    )


def written_since(operation: str, shape: tuple[int, ...]) -> RuntimeError:
    """The error for a tensor that backward needs and that was written to in place."""
    return RuntimeError(
        f"{operation} needs a tensor of shape {shape} for its gradient, but that was written to in place after "
        f"{operation} had used it. Write to a clone, or compute a new tensor instead"
    )


def record(operation: str, data: Any, *branches: tuple[Any, ...]) -> Tensor:
    """The tensor that an operation computed, and on the tape how its gradient goes back.

    data: the result. Each branch is `(input, rule, *saved)`: `rule(dy, *saved)` is the gradient of the input. A
    branch to an input that needs no gradient is dropped, with all it would have saved. `OUTPUT`, last among the saved
    tensors, stands for the result. Everything else that a rule closes over is constant: shapes, numbers, indices.
    """
    result: Tensor = tensor.Tensor(data)
    if Recording.enabled:
        targets: list[Vertex] = []
        rules: list[Rule] = []
        saved: list[list[Tensor]] = []
        output = None
        for target, rule, *needs in branches:
            if target.tracked:
                targets.append(target.node or target)
                rules.append(rule)
                saved.append(needs)
                if needs and needs[-1] is OUTPUT:
                    output = result.detach()
        if targets:
            result.node = Node(operation, targets, rules, saved, output)
            result.tracked = True
    return result


def topological_order(outputs: Sequence[Vertex]) -> list[Vertex]:
    """Every vertex that the outputs depend on, each after all the operations that used it.

    Without recursion: a chain of a million operations is no deeper than one of two.
    """
    users: dict[Vertex, int] = dict.fromkeys(outputs, 0)
    to_visit = list(users)
    while to_visit:
        for target in to_visit.pop().targets:
            if target not in users:
                users[target] = 0
                to_visit.append(target)
            users[target] += 1
    order = []
    ready = [vertex for vertex in users if not users[vertex]]
    while ready:
        vertex = ready.pop()
        order.append(vertex)
        for target in vertex.targets:
            users[target] -= 1
            if not users[target]:
                ready.append(target)
    return order


def flow(arrived: dict[Vertex, Any], wanted: Container[Vertex] | None, *, keep: bool) -> dict[Vertex, Any]:
    """Carry the gradients that have arrived at some vertices back to the wanted ones (None: to all leaves).

    Arrays, or tensors to record the computation. With `keep`, the tape can be read again afterwards.
    """
    order = topological_order(list(arrived))
    path = None if wanted is None else _leading_to(wanted, order)
    for vertex in order:
        if isinstance(vertex, tensor.Tensor) or vertex not in arrived:
            continue
        dy = arrived[vertex]
        if wanted is None or vertex not in wanted:
            del arrived[vertex]
        for target, dx in vertex.pull(dy, path):
            arrived[target] = arrived[target] + dx if target in arrived else dx
        if not keep:
            vertex.free()
    return arrived


def _leading_to(wanted: Container[Vertex], order: list[Vertex]) -> set[Vertex]:
    """The vertices from which a wanted one can be reached; the rest need no gradient."""
    path: set[Vertex] = set()
    for vertex in reversed(order):
        if vertex in wanted or any(target in path for target in vertex.targets):
            path.add(vertex)
    return path


from . import tensor  # noqa: E402  (at the end, because that module imports this one)
