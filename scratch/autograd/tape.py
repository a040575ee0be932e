"""The tape: what is written down while tensors are computed, and how it is read backwards.

The graph has two kinds of vertex. A `Node` is an operation that was recorded. A leaf is a `Tensor` that nobody
computed, with `requires_grad=True`. A node knows its *targets*, the vertices that its inputs came from, and for each
a *rule*, which turns the gradient of the output into the gradient of that input. A leaf has no targets.

Reverse mode follows from the chain rule. If L depends on y only through operations z₁, z₂ …, then

    ∂L/∂y = Σᵢ ∂L/∂zᵢ · ∂zᵢ/∂y

so a vertex may pass its gradient on only when everything that used it has added its share. Whatever used it was
recorded later. So `flow` reads the tape from the last operation to the first: of all vertices that a gradient has
reached it always takes the one recorded last, to which nothing can be added any more. No search beforehand is needed;
the order in which operations were recorded is a topological order of the graph.

Rules are written in NumPy's notation. An ordinary backward hands them arrays. A backward with `create_graph=True` hands
them tensors, on which the same notation means the operations of this package (`_numpy_protocol`): then the gradient is
itself recorded, and can be differentiated.

The graph refers to operations, not to the tensors that came out of them. So an output lives only as long as somebody
uses it or a rule has saved it, as in PyTorch. Source: Griewank & Walther 2008, "Evaluating Derivatives", chapter 3.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import ContextDecorator
from heapq import heapify, heappop, heappush
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


tick: Callable[[], int] = itertools.count(1).__next__
"""The time, as the tape counts it: a number larger than all before. Operations and in-place writes take one each."""


class Memory:
    """What all tensors that share memory have in common: when it was last written to, and which tensors they are."""

    written = 0
    last_write = 0  # to any memory at all
    sharers: list[ref[Tensor]] | tuple[()] = ()  # a tensor and its views, while they live, if it has any

    def write(self) -> None:
        """Note that the memory has just been written to."""
        self.written = Memory.last_write = tick()

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
        self.recorded = tick()

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


def flow(arrived: dict[Vertex, Any], wanted: Container[Vertex] | None, *, keep: bool) -> dict[Vertex, Any]:
    """Carry the gradients that have arrived at some vertices back to the wanted ones (None: to all leaves).

    Arrays, or tensors to record the computation. With `keep`, the tape can be read again afterwards.
    """
    path = None if wanted is None else _leading_to(wanted, arrived)
    waiting = [(-vertex.recorded, vertex) for vertex in arrived if vertex.targets]  # a heap: the latest comes first
    heapify(waiting)
    while waiting:
        _, vertex = heappop(waiting)
        dy = arrived[vertex] if wanted is not None and vertex in wanted else arrived.pop(vertex)
        for target, dx in vertex.pull(dy, path):
            if target.targets and target not in arrived:
                heappush(waiting, (-target.recorded, target))
            arrived[target] = arrived[target] + dx if target in arrived else dx
        if not keep:
            vertex.free()
    return arrived


def everything_behind(outputs: Iterable[Vertex]) -> list[Vertex]:
    """All vertices that the outputs depend on and they themselves, those recorded first before those recorded later.

    Without recursion: a chain of a million operations is no deeper than one of two.
    """
    found = set(outputs)
    to_visit = list(found)
    while to_visit:
        for target in to_visit.pop().targets:
            if target not in found:
                found.add(target)
                to_visit.append(target)
    return sorted(found, key=lambda vertex: vertex.recorded)


def _leading_to(wanted: Container[Vertex], outputs: Iterable[Vertex]) -> set[Vertex]:
    """The vertices from which a wanted one can be reached; the rest need no gradient."""
    path: set[Vertex] = set()
    for vertex in everything_behind(outputs):
        if vertex in wanted or any(target in path for target in vertex.targets):
            path.add(vertex)
    return path


from . import tensor  # noqa: E402  (at the end, because that module imports this one)
