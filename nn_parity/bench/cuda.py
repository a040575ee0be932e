"""PyTorch and CuPy on an NVIDIA GPU: its own clock, and what TF32 does.

A call returns before the GPU has done the work. Time is taken by events that the GPU itself records, before the first
call and after the last, once it has been waited for. CuPy computes on the same default stream as PyTorch.

TF32 rounds the factors of a float32 product to 11 bits. PyTorch leaves it off for matrix products and on for
convolutions; here it is off for both, or nothing would agree with the CPU to float32's last digits. What it would bring
and cost is measured once for each run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from .timing import Call, Plan, Side, Stopwatch, interleave, wall_time

TF32_SIZE = 2048


def events(call: Call, times: int) -> float:
    """Seconds on the GPU that one call takes."""
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))  # type: ignore[no-untyped-call]
    torch.cuda.synchronize()
    start.record()
    for _ in range(times):
        call()
    end.record()
    torch.cuda.synchronize()
    return float(start.elapsed_time(end)) / 1e3 / times  # from milliseconds


def peak_of(call: Call) -> int:
    """Bytes that CUDA's allocator hands out at most, over what is in use before."""
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    call()
    torch.cuda.synchronize()
    return int(torch.cuda.max_memory_allocated() - before)


@contextmanager
def tf32(allowed: bool) -> Iterator[None]:
    """Products in TF32, or in full float32; for matrices and convolutions alike."""
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.allow_tf32, cudnn.allow_tf32
    matmul.allow_tf32 = cudnn.allow_tf32 = allowed
    try:
        yield
    finally:
        matmul.allow_tf32, cudnn.allow_tf32 = before


def effect_of_tf32(device: str = "cuda", stopwatch: Stopwatch | None = None, size: int = TF32_SIZE) -> dict[str, Any]:
    """A matrix product with TF32 and without: how fast, and how far off in units of one float32 rounding."""
    generator = np.random.default_rng(0)
    a, b = (generator.standard_normal((size, size)) for _ in range(2))
    truth = a.astype(np.float32).astype(np.float64) @ b.astype(np.float32).astype(np.float64)
    left, right = (torch.from_numpy(x.astype(np.float32)).to(device) for x in (a, b))
    clock = stopwatch or (events if device == "cuda" else wall_time)
    found: dict[str, Any] = {"size": size}
    rounding = float(np.sqrt(np.mean(truth**2))) * float(np.finfo(np.float32).eps)
    for label, allowed in (("off", False), ("on", True)):
        with tf32(allowed):
            error = (left @ right).cpu().numpy().astype(np.float64) - truth
            times = interleave({"product": Side(lambda: left @ right, clock)}, Plan(seconds=0.3, repeats=1))["product"]
        found[label] = {
            "seconds": times.median,
            "roundings": float(np.sqrt(np.mean(error**2))) / rounding,
        }
    return found
