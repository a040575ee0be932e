"""One workload on its way through a run: judged once, then timed in every pass."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from . import cuda, garbage, placement, timing
from .programs import CUDA
from .timing import Plan, Ratio, Reading, Rounds, Schedule, Side, Stopwatch, Times
from .workloads import Prepared, Workload


class Measured:
    """What is known of it so far."""

    def __init__(self, workload: Workload, prepared: Prepared, threads: int, reading: Reading) -> None:
        self.workload = workload
        self.prepared = prepared
        self.threads = threads
        self.reading = reading
        self.schedule: Schedule | None = None
        self.passes: list[list[dict[str, Rounds]]] = []  # by pass and layout
        self.peaks: dict[str, int] = {}  # bytes, by side

    @property
    def key(self) -> tuple[str, str, str]:
        """Which workload this is, on however many threads."""
        return self.workload.component, self.workload.size, self.workload.direction

    def time(self, plan: Plan, clock_of: Callable[[str, int], Stopwatch]) -> None:
        """One pass."""
        layouts = [self._time_one_layout(plan, clock_of)]
        assert self.schedule is not None
        layouts += [self._time_one_layout(plan, clock_of) for _ in range(1, self.schedule.layouts)]
        self.passes.append(layouts)

    def _time_one_layout(self, plan: Plan, clock_of: Callable[[str, int], Stopwatch]) -> dict[str, Rounds]:
        placement.let_go_of_free_memory()
        programs = self.prepared.build()
        sides = {name: Side(program.run, clock_of(name, self.threads)) for name, program in programs.items()}
        if CUDA in programs and CUDA not in self.peaks:
            self.peaks[CUDA] = cuda.peak_of(programs[CUDA].run)
        with garbage.no_collection():
            if self.schedule is None:
                self.schedule = timing.schedule(sides, plan)
            return timing.one_layout(sides, self.schedule, self.reading)

    @property
    def times(self) -> dict[str, Times]:
        """By side; of as many passes as there have been, at least one."""
        assert self.schedule is not None
        return {
            name: Times(
                tuple(tuple(one[name] for one in layouts) for layouts in self.passes), self.schedule.calls[name]
            )
            for name in self.prepared.sides
        }

    @property
    def ratios(self) -> dict[str, Ratio]:
        """Of each side to the first."""
        base, *others = self.prepared.sides
        times = self.times
        return {name: timing.ratio(times[name], times[base]) for name in others}

    @property
    def spread(self) -> float:
        """How many times as large as its lower end the upper end of a ratio's interval is; 1 is certainty."""
        return max(ratio.high / ratio.low for ratio in self.ratios.values())

    def result(self) -> dict[str, Any]:
        """For the file."""
        workload, prepared = self.workload, self.prepared
        numbers = {name: timing.as_numbers(times) for name, times in self.times.items()}
        for name, peak in self.peaks.items():
            numbers[name]["peak_bytes"] = peak
        return {
            "component": workload.component,
            "title": workload.title,
            "lesson": workload.lesson,
            "size": workload.size,
            "direction": workload.direction,
            "threads": self.threads,
            "at": workload.at if workload.at is not None else float(prepared.elements),
            "over": workload.over,
            "inputs": prepared.inputs,
            "elements": prepared.elements,
            "bytes": prepared.bytes,
            "operations": prepared.operations,
            "sides": numbers,
            "base": prepared.sides[0],
            "ratios": {name: dataclasses.asdict(ratio) for name, ratio in self.ratios.items()},
        }
