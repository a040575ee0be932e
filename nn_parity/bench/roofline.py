"""What this machine can do at most: multiply-adds a second in a large matrix product, bytes a second in a large copy.

A component that makes F operations on B bytes cannot be faster than max(F / peak, B / bandwidth). How near it comes is
a figure that needs no other program to compare with.

Source: Williams, Waterman & Patterson 2009, "Roofline: an insightful visual performance model for multicore
architectures".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .timing import Plan, Reading, Side, Stopwatch, at_once, interleave

MATRIX = 1024
COPY_BYTES = 64 * 1024**2  # more than caches hold
PLAN = Plan(seconds=0.6, least=3, most=10, repeats=1)


@dataclass(frozen=True)
class Roofline:
    """Measured, so a little below what the data sheet says."""

    flops: float  # a second
    bandwidth: float  # bytes a second, reading and writing counted

    def share(self, flops: int, moved: int, seconds: float) -> float:
        """How much of what the machine can do a workload gets out of it: 1 is the roof."""
        return max(flops / self.flops, moved / self.bandwidth) / seconds


def measure(stopwatch: Stopwatch, reading: Reading = at_once, device: str = "cpu") -> Roofline:
    """The faster of NumPy and PyTorch in each of the two."""
    import torch

    matrix = np.random.default_rng(0).standard_normal((MATRIX, MATRIX), np.float32)
    source = np.zeros(COPY_BYTES // 4, np.float32)
    target = np.ones_like(source)
    on_device: list[Any] = [torch.from_numpy(a).to(device) for a in (matrix, source, target)]
    products = {"torch": Side(lambda: on_device[0] @ on_device[0], stopwatch)}
    copies = {"torch": Side(lambda: on_device[2].copy_(on_device[1]), stopwatch)}
    if device == "cpu":
        products["numpy"] = Side(lambda: matrix @ matrix, stopwatch)
        copies["numpy"] = Side(lambda: np.copyto(target, source), stopwatch)
    fastest_product = min(times.median for times in interleave(products, PLAN, reading).values())
    fastest_copy = min(times.median for times in interleave(copies, PLAN, reading).values())
    return Roofline(2 * MATRIX**3 / fastest_product, 2 * COPY_BYTES / fastest_copy)
