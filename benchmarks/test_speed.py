"""How fast each component is, beside PyTorch's: the same arrays, the same number of threads.

    pytest benchmarks/test_speed.py                     everything
    pytest benchmarks -k "softmax and small"            one component
    pytest benchmarks --benchmark-save=before           and later --benchmark-compare='*_before'
    pytest benchmarks --threads 4                       both sides on four threads

The two sides of a workload are timed in turn, round by round, before either is reported; pytest-benchmark is handed
the rounds. `--benchmark-max-time` is the time for both together, without the pauses that several threads need.
`extra_info` has the ratio of the medians with its spread. A workload that does not agree with PyTorch is not timed but
fails.

All rounds of a workload follow each other here, on arrays that lie where they lie; `nn-parity bench`, which comes back
to each workload several times and lays its arrays elsewhere, repeats better (see `nn_parity/bench/timing.py`).
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

from nn_parity.bench import cuda, programs, timing, workloads
from nn_parity.bench.calm import watch
from nn_parity.bench.timing import Plan, Ratio, Side, Times
from nn_parity.bench.workloads import Prepared, Workload
from parity_tests.catalogue import ROWS

WORKLOADS = workloads.of_rows(ROWS, ("small", "medium", "large"))


class Replay:
    """A timer that tells rounds measured before: two readings a round, as long apart as that round took."""

    def __init__(self) -> None:
        self.readings: Iterator[float] = iter(())

    def load(self, times: Times) -> None:
        """The rounds of one side."""
        self.readings = (reading for seconds in times.rounds for reading in (0.0, seconds * times.calls))

    def __call__(self) -> float:
        """The next reading."""
        return next(self.readings)


replay = Replay()


@pytest.mark.benchmark(timer=replay)
@pytest.mark.parametrize("side", ["scratch", "torch"])
@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: f"{w.component}-{w.size}-{w.direction.replace(' ', '')}")
def test_speed(benchmark: Any, workload: Workload, side: str, package: str, request: pytest.FixtureRequest) -> None:
    option = request.config.getoption
    sides = ("scratch", "torch") if option("device") == "cpu" else (programs.CUPY, programs.CUDA)
    mine = sides[side == "torch"]
    prepared = agreed(workload, sides, package)
    if prepared.missing:
        pytest.fail("; ".join(prepared.missing.values()))
    benchmark.group = workload.name
    if not benchmark.enabled:
        benchmark(prepared.build()[mine].run)
        return
    pause = timing.REST if option("threads") > 1 else 0.0
    least = option("benchmark_min_rounds")
    plan = Plan(float(option("benchmark_max_time")), least=least, most=80, passes=1, pause=pause)
    times, ratio = measured(workload, sides, package, option("threads"), plan)
    benchmark.extra_info.update(
        component=workload.component, size=workload.size, direction=workload.direction, side=mine,
        threads=option("threads"), ratio=ratio.value, ratio_low=ratio.low, ratio_high=ratio.high,
        bytes=prepared.bytes, operations=prepared.operations,
        operations_per_second=prepared.operations / times[mine].median,
    )  # fmt: skip
    replay.load(times[mine])
    benchmark.pedantic(lambda: None, rounds=len(times[mine].rounds), iterations=times[mine].calls)


@lru_cache(maxsize=1)
def agreed(workload: Workload, sides: tuple[str, ...], package: str) -> Prepared:
    """The workload, once it has been shown that the two sides agree on it."""
    return workload.prepare(sides, package)


@lru_cache(maxsize=1)
def measured(
    workload: Workload, sides: tuple[str, ...], package: str, threads: int, plan: Plan
) -> tuple[dict[str, Times], Ratio]:
    """Both sides, timed in turn; the first as a multiple of the second."""
    clock = cuda.events if programs.CUDA in sides else timing.stopwatch_of(threads)
    built = agreed(workload, sides, package).build()
    with timing.threads(threads):
        reading = timing.at_once if programs.CUDA in sides else watch().reading
        times = timing.interleave({side: Side(built[side].run, clock) for side in sides}, plan, reading)
    return times, timing.ratio(times[sides[0]], times[sides[1]])
