"""How fast each component is, beside PyTorch's: same inputs, same dtype, one thread on both sides.

    pytest benchmarks                                   everything
    pytest benchmarks -k "softmax and small"            one component
    pytest benchmarks --benchmark-json FILE             for --benchmark-compare

A workload that does not agree with PyTorch is not timed.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits

from parity_tests.catalogue import ROWS
from parity_tests.harness import candidate, checks, reference
from parity_tests.harness.entry import Case, Entry
from parity_tests.harness.evidence import Evidence

WORKLOADS = [
    pytest.param(row, size, direction, id=f"{row.name}-{size}-{direction}")
    for row in ROWS
    if isinstance(row, Entry)
    for size in row.sizes
    for direction in (("forward", "forward+backward") if row.gradient else ("forward",))
]


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("side", ["scratch", "torch"])
@pytest.mark.parametrize(("row", "size", "direction"), WORKLOADS)
def test_speed(benchmark: Any, row: Entry, size: str, direction: str, side: str, package: str) -> None:
    case, upstream = agreed(row, size, package)
    benchmark.group = f"{row.name} · {size} · {direction}"
    benchmark.extra_info.update(row=row.name, size=size, direction=direction, side=side)
    make = scratch_call if side == "scratch" else torch_call
    benchmark(make(row, case, upstream if direction == "forward+backward" else None, package))


@lru_cache(maxsize=1)
def agreed(row: Entry, size: str, package: str) -> tuple[Case, tuple[Any, ...]]:
    """The workload and its upstream gradients, once it has been shown that the two sides agree on it."""
    case = row.sizes[size](np.random.default_rng(0))
    checks.accuracy(row, candidate.load(package, row.name), case, Evidence())
    return case, reference.answer(row, case, gradient=row.gradient).upstream


def scratch_call(row: Entry, case: Case, upstream: tuple[Any, ...] | None, package: str) -> Callable[[], Any]:
    """The candidate on this workload, as a call without arguments."""
    op = row.adapter.candidate(candidate.load(package, row.name))
    if upstream is None:
        return lambda: op.forward(*case.arrays, **case.options)
    dy = upstream[0] if len(upstream) == 1 else upstream

    def both() -> Any:
        _, cache = op.forward(*case.arrays, **case.options)
        return op.backward(dy, cache)

    return both


def torch_call(row: Entry, case: Case, upstream: tuple[Any, ...] | None, package: str) -> Callable[[], Any]:
    """PyTorch in eager mode on this workload."""
    op = reference.op(row)
    tensors = [None if a is None else torch.from_numpy(np.array(a)) for a in case.arrays]
    if upstream is None:
        return lambda: op.forward(*tensors, **case.options)
    leaves = [t.requires_grad_() if t is not None and t.is_floating_point() else t for t in tensors]
    wanted = [t for t in leaves if t is not None and t.requires_grad]
    gradients = [torch.from_numpy(dy) for dy in upstream]

    def both() -> Any:
        outputs = op.forward(*leaves, **case.options)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        return torch.autograd.grad(outputs, wanted, gradients, allow_unused=True)

    return both
