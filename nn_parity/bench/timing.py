"""How long two programs take, and how much longer one takes than the other.

Absolute times do not repeat: the clock of the processor moves, neighbours come and go. What repeats is a ratio of
programs that were timed in turn. So a round times every side once, right after one another, and back in the opposite
order in the next one; what disturbs a round disturbs all of it. Of a few repetitions within a round the fastest
counts, because disturbances only ever add. The ratio is that of the medians over all rounds; its spread is the middle
95 % of what the ratio becomes when rounds are drawn anew, with replacement, from those that were seen (the bootstrap:
Efron 1979).
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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

    seconds: float = 0.4  # all sides together
    least: int = 7  # rounds, however long they take
    most: int = 80
    repeats: int = 3  # in a round; the fastest counts
    stretch: float = 1e-3  # one reading of the stopwatch spans so much time at least


@dataclass(frozen=True)
class Side:
    """One of the programs that are compared."""

    call: Call
    stopwatch: Stopwatch


@dataclass(frozen=True)
class Times:
    """What one side took: seconds a call, one for each round."""

    rounds: tuple[float, ...]
    calls: int  # in a row for one reading

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
    """Time all sides in turn, round by round."""
    with no_garbage_collection():
        calls = {name: _calls_in_a_row(side, plan.stretch) for name, side in sides.items()}
        length = sum(side.stopwatch(side.call, calls[name]) * calls[name] for name, side in sides.items())
        repeats = plan.repeats if length * plan.repeats * plan.least <= plan.seconds else 1
        count = int(plan.seconds / (length * repeats)) if length > 0 else plan.most
        found: dict[str, list[float]] = {name: [] for name in sides}
        for number in range(min(max(count, plan.least), plan.most)):
            order = list(sides) if number % 2 else list(sides)[::-1]
            best = dict.fromkeys(sides, float("inf"))
            for _ in range(repeats):
                for name in order:
                    best[name] = min(best[name], sides[name].stopwatch(sides[name].call, calls[name]))
            for name, seconds in best.items():
                found[name].append(seconds)
    return {name: Times(tuple(rounds), calls[name]) for name, rounds in found.items()}


def _calls_in_a_row(side: Side, stretch: float) -> int:
    """How often to call for a reading to span the stretch. Warms up on the way."""
    side.call()
    times = 1
    while side.stopwatch(side.call, times) * times < stretch and times < 1 << 20:
        times *= 2
    return times


def ratio(first: Sequence[float], second: Sequence[float]) -> Ratio:
    """The median of `first` over that of `second`, both of the same rounds, with the spread."""
    above, below = np.array(first), np.array(second)
    value = float(np.median(above) / np.median(below))
    drawn = np.random.default_rng(0).integers(0, len(above), (RESAMPLES, len(above)))
    ratios = np.median(above[drawn], axis=1) / np.median(below[drawn], axis=1)
    low, high = np.quantile(ratios, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
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


def stopwatch_of(count: int) -> Stopwatch:
    """Of one thread the processor time, of several the time on the wall."""
    return processor_time if count == 1 else wall_time


def as_numbers(times: Times) -> dict[str, Any]:
    """For the file of a run."""
    low, high = times.quartiles
    return {"median": times.median, "low": low, "high": high, "rounds": len(times.rounds), "calls": times.calls}
