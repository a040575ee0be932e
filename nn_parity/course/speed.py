"""How fast a component is beside PyTorch's, on its small workload, one thread each, taken in turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

ROUNDS = 7
SHORTEST = 2e-3  # seconds that a measurement lasts at least


def ratio(row: Any, module: ModuleType) -> float | None:
    """PyTorch's time over ours, forward and backward: 2 is twice as fast. None where there is no workload."""
    import torch

    from parity_tests.harness import reference
    from parity_tests.harness.adapter import for_timing

    sizes = getattr(row, "sizes", {})
    if not sizes:
        return None
    case = next(iter(sizes.values()))(np.random.default_rng(0))
    answer = reference.answer(row, case, gradient=row.gradient)
    dy = answer.upstream[0] if len(answer.upstream) == 1 else answer.upstream
    op = for_timing(row.adapter.candidate(module), case.arrays, case.options)
    theirs = reference.op(row)
    tensors = [None if a is None else torch.from_numpy(np.array(a)) for a in case.arrays]
    leaves = [t.requires_grad_() if row.gradient and t is not None and t.is_floating_point() else t for t in tensors]
    wanted = [t for t in leaves if t is not None and t.requires_grad]
    gradients = [torch.from_numpy(np.array(v)) for v in answer.upstream]

    def ours() -> Any:
        result = op.forward(*case.arrays, **case.options)
        return op.backward(dy, result[1]) if row.gradient else result

    def pytorch() -> Any:
        outputs = theirs.forward(*leaves, **case.options)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        if not row.gradient:
            return outputs
        pairs = [(y, v) for y, v in zip(outputs, gradients, strict=False) if y.requires_grad]
        return torch.autograd.grad([y for y, _ in pairs], wanted, [v for _, v in pairs], allow_unused=True)

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with np.errstate(all="ignore"):
            return _ratio(ours, pytorch)
    finally:
        torch.set_num_threads(threads)


def _ratio(ours: Callable[[], Any], theirs: Callable[[], Any]) -> float:
    counts = [_repeats(call) for call in (ours, theirs)]
    ratios = []
    for _ in range(ROUNDS):
        mine, other = (_seconds(call, count) for call, count in zip((ours, theirs), counts, strict=True))
        ratios.append(other / mine)
    return statistics.median(ratios)


def _repeats(call: Callable[[], Any]) -> int:
    call()
    return max(1, round(SHORTEST / max(_seconds(call, 1), 1e-7)))


def _seconds(call: Callable[[], Any], count: int) -> float:
    begin = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - begin) / count
