"""What a run is asked for: a named set of workloads, and what to compare on them."""

from __future__ import annotations

from dataclasses import dataclass

from . import cuda, timing
from .programs import COMPILED, CUDA, CUPY, SCRATCH, TORCH
from .timing import Plan, Stopwatch


@dataclass(frozen=True)
class Set:
    """What a run consists of."""

    name: str
    sizes: tuple[str, ...]
    plan: Plan
    main_direction_only: bool = False
    growth: bool = False
    memory: tuple[str, ...] = ()  # sizes
    epoch: bool = False
    all_threads: tuple[str, ...] = ()  # sizes that are timed with all threads too


QUICK = Set(
    "quick", ("small", "medium"), Plan(seconds=0.15, least=1, most=15, passes=3, further=0.2), main_direction_only=True
)
FULL = Set(
    "full",
    ("small", "medium", "large"),
    Plan(seconds=0.3, least=1, most=25, passes=3, further=0.2),  # they lie ten minutes apart
    growth=True,
    memory=("medium", "large"),
    epoch=True,
    all_threads=("medium", "large"),
)


@dataclass(frozen=True)
class Request:
    """A set, and what the user asks of it."""

    chosen: Set
    only: str = ""  # a part of the names of the components
    package: str = "scratch"
    device: str = "cpu"
    compiled: bool = False
    peers: tuple[str, ...] = ()
    threads: tuple[int, ...] = (1,)
    stopwatch: Stopwatch | None = None  # another clock, for tests

    @property
    def sides(self) -> tuple[str, ...]:
        """What is timed, the one that the others are compared with first."""
        if self.device == "cuda":
            return (CUDA, CUPY, SCRATCH)
        return (TORCH, SCRATCH, *((COMPILED,) if self.compiled else ()))

    def clock_of(self, side: str, threads: int) -> Stopwatch:
        """What a side is timed with."""
        if self.stopwatch is not None:
            return self.stopwatch
        if side in (CUDA, CUPY):
            return cuda.events
        return timing.wall_time if self.device == "cuda" else timing.stopwatch_of(threads)
