"""How long two programs take, and how much longer one takes than the other.

Absolute times do not repeat: the clock of the processor moves, neighbours come and go. What repeats is a ratio of
programs that were timed in turn. So a round times every side, right after one another, and back in the opposite order
in the next one.

Nor does everything cancel in a ratio. A processor shared with others is in one of several states for seconds or
minutes (an interpreter may take twice as long in one of them, a matrix product a tenth longer), and so is a process: on
which pages its arrays lie, whether there are large ones to be had. All rounds of one moment see one state; more of them
make the figure precise and no truer. So the rounds are made again in several passes, with everything else that is
measured in between, each on arrays and programs built anew. Disturbances only ever add: of all readings of a round,
from every pass, the fastest counts. The ratio is that of the medians over the rounds; its spread is the middle 95 % of
what the ratio becomes when passes and rounds are drawn anew, with replacement, from those that were seen (the
bootstrap: Efron 1979).
"""

from __future__ import annotations

import ctypes
import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

Call = Callable[[], object]
Stopwatch = Callable[[Call, int], float]  # seconds that one call takes, when made so many times in a row

RESAMPLES = 1000
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Plan:
    """How long to measure one workload."""

    seconds: float = 0.4  # all sides and passes together
    least: int = 7  # rounds, however long they take
    most: int = 40
    repeats: int = 3  # in a round, one right after the other; the fastest counts
    stretch: float = 1e-3  # one reading of the stopwatch spans so much time at least
    passes: int = 7


@dataclass(frozen=True)
class Side:
    """One of the programs that are compared."""

    call: Call
    stopwatch: Stopwatch


@dataclass(frozen=True)
class Schedule:
    """What a pass consists of, the same for all passes of a workload."""

    calls: Mapping[str, int]  # in a row for one reading, by side
    rounds: int
    repeats: int


Rounds = tuple[float, ...]  # seconds a call, one for each round of a pass


@dataclass(frozen=True)
class Times:
    """What one side took."""

    passes: tuple[Rounds, ...]
    calls: int

    @property
    def rounds(self) -> Rounds:
        """Each in the pass that was disturbed least."""
        return tuple(map(min, zip(*self.passes, strict=True)))

    @property
    def median(self) -> float:
        """The figure to quote."""
        return statistics.median(self.rounds)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Between these lies the middle half of the rounds."""
        first, _, third = statistics.quantiles(self.rounds, n=4, method="inclusive")
        return first, third


@dataclass(frozen=True)
class Ratio:
    """How many times as long one side takes as the other, and between which values that may lie."""

    value: float
    low: float
    high: float


def processor_time(call: Call, times: int) -> float:
    """Seconds of processor time, of all threads together: other programs on the machine do not count."""
    return _per_call(time.process_time, call, times)


def wall_time(call: Call, times: int) -> float:
    """Seconds on the clock on the wall: what threads are for is to make these fewer."""
    return _per_call(time.perf_counter, call, times)


def _per_call(clock: Callable[[], float], call: Call, times: int) -> float:
    start = clock()
    for _ in range(times):
        call()
    return (clock() - start) / times


def interleave(sides: Mapping[str, Side], plan: Plan) -> dict[str, Times]:
    """Time all sides in turn, in passes that follow each other at once: where nothing else is to be measured."""
    with no_garbage_collection():
        chosen = schedule(sides, plan)
        passes = [one_pass(sides, chosen) for _ in range(plan.passes)]
    return {name: Times(tuple(found[name] for found in passes), chosen.calls[name]) for name in sides}


def schedule(sides: Mapping[str, Side], plan: Plan) -> Schedule:
    """As many rounds as fit into the time of a pass."""
    calls = {name: _calls_in_a_row(side, plan.stretch) for name, side in sides.items()}
    length = sum(side.stopwatch(side.call, calls[name]) * calls[name] for name, side in sides.items())
    seconds = plan.seconds / plan.passes
    repeats = plan.repeats if length * plan.repeats * plan.least <= seconds else 1
    count = int(seconds / (length * repeats)) if length > 0 else plan.most
    return Schedule(calls, min(max(count, plan.least), plan.most), repeats)


def one_pass(sides: Mapping[str, Side], chosen: Schedule) -> dict[str, Rounds]:
    """All rounds, the sides in turn, after a call of each to warm up."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for side in sides.values():
        side.call()
    for number in range(chosen.rounds):
        for name in list(sides) if number % 2 else list(sides)[::-1]:
            # The first reading finds the caches full of what the other side needed.
            readings = (sides[name].stopwatch(sides[name].call, chosen.calls[name]) for _ in range(chosen.repeats))
            found[name].append(min(readings))
    return {name: tuple(rounds) for name, rounds in found.items()}


def _calls_in_a_row(side: Side, stretch: float) -> int:
    """How often to call for a reading to span the stretch. Warms up on the way."""
    side.call()
    times = 1
    while side.stopwatch(side.call, times) * times < stretch and times < 1 << 20:
        times *= 2
    return times


def ratio(first: Times, second: Times) -> Ratio:
    """How much longer the first takes than the second, both timed by one schedule."""
    seen = np.array([first.passes, second.passes])  # side, pass, round
    _, passes, rounds = seen.shape
    generator = np.random.default_rng(0)
    drawn = generator.integers(0, passes, (RESAMPLES, passes, 1)), generator.integers(0, rounds, (RESAMPLES, 1, rounds))
    above, below = np.median(seen[:, *drawn].min(axis=2), axis=2)
    low, high = np.quantile(above / below, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    value = first.median / second.median
    return Ratio(value, min(float(low), value), max(float(high), value))


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Python clears up before and not in between."""
    collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def loaded_for_good() -> Iterator[None]:
    """What is loaded by now stays: clearing up need not look through all of it before every measurement."""
    already = gc.get_freeze_count() > 0  # by somebody else, who knows why
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        if not already:
            gc.unfreeze()


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Both sides compute with so many threads: NumPy's BLAS and PyTorch."""
    import torch
    from threadpoolctl import threadpool_limits

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        with threadpool_limits(count):
            yield
    finally:
        torch.set_num_threads(before)


def let_go_of_free_memory() -> None:
    """Hand it back to the system, so that what is built next lies on other pages than in the pass before.

    An allocator gives the same places for the same requests. A pass over arrays of a megabyte or two takes a third
    longer in some of them than in others, whichever library makes it, since the caches tell them apart by address.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if trim is not None:
            trim(0)


def stopwatch_of(count: int) -> Stopwatch:
    """Of one thread the processor time, of several the time on the wall."""
    return processor_time if count == 1 else wall_time


def as_numbers(times: Times) -> dict[str, Any]:
    """For the file of a run."""
    low, high = times.quartiles
    return {"median": times.median, "low": low, "high": high, "rounds": len(times.rounds), "calls": times.calls,
            "passes": len(times.passes)}  # fmt: skip
