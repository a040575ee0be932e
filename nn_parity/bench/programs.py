"""A workload of the catalogue as programs without arguments, one for each way to run it.

    scratch        NumPy                          torch          PyTorch, eager
    scratch cupy   the same source on a GPU       torch cuda     PyTorch on a GPU
                                                  torch compile  PyTorch, compiled

Every program computes the same thing from the same arrays, and can be asked for its answer, so that the judge of the
parity tests sees it before a stopwatch does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from parity_tests.harness import candidate, reference
from parity_tests.harness.adapter import for_timing
from parity_tests.harness.entry import Case, Entry

from . import placement

SCRATCH, TORCH, COMPILED, CUDA, CUPY = "scratch", "torch", "torch compile", "torch cuda", "scratch cupy"
SIDES = (SCRATCH, TORCH, COMPILED, CUDA, CUPY)


class Missing(Exception):
    """A side cannot run here; the message says what to install, or what the machine lacks."""


@dataclass(frozen=True)
class Program:
    """`run` computes everything and returns it: outputs, then gradients. `arrays` brings that home to NumPy."""

    run: Callable[[], Sequence[Any]]
    arrays: Callable[[Sequence[Any]], list[Any]]

    def answer(self) -> list[Any]:
        """Outputs and gradients as NumPy arrays; None for a gradient that does not exist."""
        return self.arrays(self.run())


def program(side: str, row: Entry, case: Case, upstream: Sequence[Any], package: str = "scratch") -> Program:
    """The program of one side. Without upstream gradients it runs forward alone. Raises Missing."""
    if side in (SCRATCH, CUPY):
        return _ours(row, case, upstream, package, _host() if side == SCRATCH else _cupy())
    device = _cuda() if side == CUDA else "cpu"
    return _theirs(row, case, upstream, device, compiled=side == COMPILED)


@dataclass(frozen=True)
class _Library:
    """Where the arrays of our side live."""

    bring: Callable[[Any], Any]
    home: Callable[[Any], Any]


def _host() -> _Library:
    return _Library(lambda array: array, lambda array: array)


def _cupy() -> _Library:
    try:
        import cupy
    except ImportError as error:
        raise Missing("scratch on a GPU needs CuPy: pip install 'nn-parity[gpu]'") from error
    if not cupy.cuda.is_available():
        raise Missing("CuPy finds no NVIDIA GPU on this machine")
    return _Library(cupy.asarray, cupy.asnumpy)


def _cuda() -> str:
    import torch

    if not torch.cuda.is_available():
        raise Missing("PyTorch finds no NVIDIA GPU on this machine (torch.cuda.is_available() is False)")
    return "cuda"


def _ours(row: Entry, case: Case, upstream: Sequence[Any], package: str, library: _Library) -> Program:

    def bring(array: Any) -> Any:
        return library.bring(placement.placed(array, placement.NUMPY))

    arrays = [None if a is None else bring(a) for a in case.arrays]
    op = for_timing(row.adapter.candidate(candidate.load(package, row.name)), arrays, case.options)
    gradients = [bring(dy) for dy in upstream]
    dy = gradients[0] if len(gradients) == 1 else tuple(gradients)
    has_cache = hasattr(op, "backward")

    def run() -> Sequence[Any]:
        result = op.forward(*arrays, **case.options)
        if not has_cache:
            return _as_tuple(result)
        y, cache = result
        if not gradients:
            return _as_tuple(y)
        found = _as_tuple(op.backward(dy, cache))
        return (*_as_tuple(y), *found[: len(arrays)])

    return Program(run, lambda found: [None if a is None else library.home(a) for a in found])


def _theirs(row: Entry, case: Case, upstream: Sequence[Any], device: str, *, compiled: bool) -> Program:
    import torch

    op = reference.op(row)
    forward = torch.compile(op.forward) if compiled else op.forward

    def bring(array: Any) -> torch.Tensor:
        return torch.from_numpy(placement.placed(array, placement.TORCH)).to(device)

    tensors = [None if a is None else bring(a) for a in case.arrays]
    gradients = [bring(dy) for dy in upstream]
    places = [i for i, t in enumerate(tensors) if upstream and t is not None and t.is_floating_point()]
    leaves: list[Any] = [t.requires_grad_() if t is not None and i in places else t for i, t in enumerate(tensors)]

    def run() -> Sequence[Any]:
        outputs = _as_tuple(forward(*leaves, **case.options))
        if not upstream:
            return outputs
        pairs = [(y, dy) for y, dy in zip(outputs, gradients, strict=True) if y.requires_grad]
        wanted = [leaves[i] for i in places]
        found: list[Any] = [None] * len(leaves)
        if pairs:
            ys, dys = zip(*pairs, strict=True)
            for i, dx in zip(places, torch.autograd.grad(ys, wanted, dys, allow_unused=True), strict=True):
                found[i] = dx
        return (*outputs, *found)

    return Program(run, lambda found: [None if a is None else a.detach().cpu().numpy() for a in found])


def _as_tuple(result: Any) -> tuple[Any, ...]:
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


def elements(arrays: Sequence[Any]) -> int:
    """How many numbers there are."""
    return sum(math.prod(a.shape) for a in arrays if a is not None)
