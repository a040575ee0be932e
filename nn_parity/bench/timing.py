"""How long two programs take, and how much longer one takes than the other.

Absolute times do not repeat: the clock of the processor moves, neighbours come and go. What repeats is a ratio of
programs that were timed in turn. So a round times every side, right after one another, and back in the opposite order
in the next one.

Nor does everything cancel in a ratio. A processor shared with others is in one of several states (`calm`), for
seconds or minutes. All rounds of one moment see one state; more of them make the figure precise and no truer. So the
rounds are made again in several passes, with everything else that is measured in between, and in further ones where the
ratio is uncertain after these. And a program is faster or slower by where its arrays lie (`placement`). So each pass
makes its rounds on several layouts: programs built anew, whose arrays lie elsewhere.

Disturbances only ever add: of all readings of a round, from every pass and layout, the fastest counts. The ratio is
that of the medians over the rounds; its spread is the middle 95 % of what the ratio becomes when passes, layouts and
rounds are drawn anew, with replacement, from those that were seen (the bootstrap: Efron 1979).
"""

from __future__ import annotations

import dataclasses
import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from scratch.types import Array

from . import garbage

Call = Callable[[], object]
Stopwatch = Callable[[Call, int], float]  # seconds that one call takes, when made so many times in a row
Reading = Callable[[Callable[[], float]], float]  # reads a stopwatch, when it thinks fit (`calm`)

# A pause before each turn of a side on several threads. A library's threads go on asking for work after the last one,
# and the other library's would be timed while they wait for that core. OpenBLAS's give up after 2²⁸ cycles by default:
# the processor time of a process that sleeps after a product goes on for 108 ms at 2.5 GHz. PyTorch's do so at once.
REST = 0.15  # seconds
RESAMPLES = 1000
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Plan:
    """How long to measure one workload."""

    seconds: float = 0.4  # all sides and passes together
    least: int = 7  # rounds, however long they take
    most: int = 40
    repeats: int = 3  # in a round, one right after the other; the fastest counts, as the first finds caches cold
    stretch: float = 1e-3  # one reading of the stopwatch spans so much time at least
    passes: int = 7
    further: float = 0.0  # of their time, for more passes over what is uncertain after them
    certain: float = 1.1  # so many times its lower end is the upper end of a ratio's interval, at most
    layouts: int = 3  # in a pass, where its time is enough for so many rounds
    pause: float = 0.0  # seconds before each turn of a side


def on(threads: int, plan: Plan) -> Plan:
    """The plan for so many threads: on several with pauses, and with few rounds, since these take so long."""
    return plan if threads == 1 else dataclasses.replace(plan, pause=REST, most=3)


@dataclass(frozen=True)
class Side:
    """One of the programs that are compared."""

    call: Call
    stopwatch: Stopwatch


@dataclass(frozen=True)
class Schedule:
    """What a pass consists of, the same for all passes of a workload."""

    calls: Mapping[str, int]  # in a row for one reading, by side
    layouts: int
    rounds: int  # on each layout
    repeats: int
    pause: float


Rounds = tuple[float, ...]  # seconds a call, one for each round on a layout


@dataclass(frozen=True)
class Times:
    """What one side took."""

    passes: tuple[tuple[Rounds, ...], ...]  # by pass and layout
    calls: int

    @property
    def seen(self) -> Array:
        """All of it: (passes, layouts, rounds)."""
        return np.array(self.passes)

    @property
    def rounds(self) -> Rounds:
        """Each where it was disturbed least."""
        return tuple(self.seen.min(axis=(0, 1)).tolist())

    @property
    def median(self) -> float:
        """The figure to quote."""
        return statistics.median(self.rounds)

    @property
    def interval(self) -> tuple[float, float]:
        """The middle 95 % of what the median becomes when what was seen is drawn anew."""
        return _middle(_drawn_anew(self.seen), self.median)


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


def at_once(read: Callable[[], float]) -> float:
    """A reading that waits for nothing."""
    return read()


def interleave(sides: Mapping[str, Side], plan: Plan, reading: Reading = at_once) -> dict[str, Times]:
    """Time all sides in turn, in passes that follow each other at once: where nothing else is to be measured."""
    with garbage.no_collection():
        chosen = schedule(sides, dataclasses.replace(plan, layouts=1))
        passes = [one_layout(sides, chosen, reading) for _ in range(plan.passes)]
    return {name: Times(tuple((found[name],) for found in passes), chosen.calls[name]) for name in sides}


def schedule(sides: Mapping[str, Side], plan: Plan) -> Schedule:
    """As many rounds as fit into the time of a pass."""
    calls = {name: _calls_in_a_row(side, plan.stretch) for name, side in sides.items()}
    length = sum(side.stopwatch(side.call, calls[name]) * calls[name] for name, side in sides.items())
    length *= plan.repeats
    count = int(plan.seconds / plan.passes / length) if length > 0 else plan.most
    layouts = plan.layouts if count >= plan.layouts else 1
    rounds = min(max(count, plan.least), plan.most)
    return Schedule(calls, layouts, math.ceil(rounds / layouts), plan.repeats, plan.pause)


def one_layout(sides: Mapping[str, Side], chosen: Schedule, reading: Reading = at_once) -> dict[str, Rounds]:
    """All rounds on one layout, the sides in turn, after a call of each to warm up."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for side in sides.values():
        side.call()
    for number in range(chosen.rounds):
        for name in list(sides) if number % 2 else list(sides)[::-1]:
            if chosen.pause:
                time.sleep(chosen.pause)
            read = partial(sides[name].stopwatch, sides[name].call, chosen.calls[name])
            # The first reading finds the caches full of what the other side needed.
            found[name].append(min(reading(read) for _ in range(chosen.repeats)))
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
    above, below = _drawn_anew(np.array([first.seen, second.seen]))
    value = first.median / second.median
    low, high = _middle(above / below, value)
    return Ratio(value, low, high)


def _drawn_anew(seen: Array) -> Array:
    """What was seen, (..., passes, layouts, rounds) → medians of what might have been, (..., RESAMPLES)."""
    *_, passes, layouts, rounds = seen.shape
    generator = np.random.default_rng(0)
    some = (
        generator.integers(0, passes, (RESAMPLES, passes, 1, 1)),
        generator.integers(0, layouts, (RESAMPLES, passes, layouts, 1)),
        generator.integers(0, rounds, (RESAMPLES, 1, 1, rounds)),
    )
    medians: Array = np.median(seen[..., *some].min(axis=(-3, -2)), axis=-1)
    return medians


def _middle(values: Array, of: float) -> tuple[float, float]:
    """Between these lies the middle 95 % of the values, and the one that was found."""
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return min(float(low), of), max(float(high), of)


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
    low, high = times.interval
    return {"median": times.median, "low": low, "high": high, "rounds": times.seen.size, "calls": times.calls,
            "passes": len(times.passes)}  # fmt: skip
