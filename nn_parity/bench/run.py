"""A run: a named set of workloads, each judged once and timed in several passes over all; one file in the end."""

from __future__ import annotations

import dataclasses
import datetime
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from . import cuda, garbage, growth, machine, memory, roofline, steps, timing, workloads
from .calm import Calm
from .forecast import Forecast
from .measured import Measured
from .programs import TORCH
from .request import Request
from .saved import FORMAT
from .timing import Plan, Reading
from .workloads import BOTH, FORWARD, STEP, Prepared, Refused, Workload

JUDGING = {"small": 0.05, "medium": 0.2, "large": 1.5, "epoch": 1.0}  # seconds, a guess for the time that is left
TIMING = {"small": 0.05, "medium": 0.07, "large": 0.4, "epoch": 20.0}  # in each pass

Told = Callable[[float, float, str, str], object]  # seconds spent, and in all; the pass, the workload


class Run:
    """Measures; what it has found so far can be read, and saved, at any time."""

    def __init__(self, request: Request, rows: Sequence[Any], told: Told = lambda *_: None) -> None:
        self.request = request
        self.rows = [row for row in rows if request.only in row.name]
        self.told = told
        self.measured: list[Measured] = []
        self.refused: list[dict[str, str]] = []
        self.missing: dict[str, str] = {}
        self.rooflines: dict[str, Any] = {}
        self.extras: dict[str, Any] = {}
        self.started = datetime.datetime.now(datetime.UTC)
        self.begin = time.perf_counter()
        # on a GPU there are no neighbours, and another clock knows of none
        self.calm = Calm() if request.device == "cpu" and request.stopwatch is None else None

    @property
    def reading(self) -> Reading:
        """How stopwatches are read."""
        return timing.at_once if self.calm is None else self.calm.reading

    def workloads(self) -> list[Workload]:
        """All that there is to measure."""
        chosen, wanted = self.request.chosen, (FORWARD, BOTH, STEP)
        found = workloads.of_rows(self.rows, chosen.sizes, wanted)
        if chosen.main_direction_only:
            differentiable = {workload.component for workload in found if workload.direction == BOTH}
            found = [w for w in found if w.direction != FORWARD or w.component not in differentiable]
        if self.request.device == "cpu":
            found += steps.of_projects(self.rows)
            found += steps.epoch(self.rows) if chosen.epoch else []
        if chosen.growth:
            found += [point for row in self.rows if getattr(row, "sizes", None) for point in growth.sweep(row)]
        if self.request.peers:
            found.append(steps.beside_peers(self.request.peers))
        return found

    @property
    def results(self) -> list[dict[str, Any]]:
        """What has been found so far."""
        return [measured.result() for measured in self.measured]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Measure; each item is a result that nothing will be added to any more, but for memory."""
        everything = self.workloads()
        groups = {count: self._of_threads(everything, count) for count in self.request.threads}
        remembered = self._to_remember(everything)
        self.forecast = Forecast(self._parts(groups, remembered))
        for threads, some in groups.items():
            with timing.threads(threads):
                self._tell("roofline")
                self._measure_roofline(threads)
                yield from self._in_passes(some, threads)
        if self.request.device == "cuda":
            self.extras["tf32"] = cuda.effect_of_tf32()
        self._measure_memory(remembered)
        self._tell("")

    def _parts(
        self, groups: Mapping[int, Sequence[Workload]], remembered: Sequence[Hashable]
    ) -> Iterator[tuple[Hashable, float]]:
        """All that takes time, and how long by guess."""
        plan = self.request.chosen.plan
        for threads, some in groups.items():
            yield ("roofline", threads), 3.0
            for workload in some:
                name = (workload.name, threads)
                yield ("judged", *name), JUDGING.get(workload.size, 1.5)
                yield from [(name, TIMING.get(workload.size, 0.2))] * plan.passes
            yield ("further", threads), plan.further * plan.passes * sum(TIMING.get(w.size, 0.2) for w in some)
        for workload_name in remembered:
            yield ("memory", workload_name), 0.5

    def _tell(self, part: str, what: str = "") -> None:
        self.told(self.forecast.spent, self.forecast.total, part, what)

    def _in_passes(self, some: Sequence[Workload], threads: int) -> Iterator[dict[str, Any]]:
        """Judge each workload when its turn comes first; time each in every pass."""
        plan = timing.on(threads, self.request.chosen.plan)
        suffix = f", {threads} threads" if threads > 1 else ""
        begin = time.perf_counter()
        found: dict[str, Measured] = {}
        with garbage.loaded_for_good():
            for number in range(1, plan.passes + 1):
                part = f"pass {number} of {plan.passes}{suffix}"
                for workload in some:
                    self._tell(part, workload.name)
                    measured = found.get(workload.name) if number > 1 else self._judged(workload, threads)
                    if measured is None:
                        continue
                    measured.time(plan, self.request.clock_of)
                    self.forecast.made((workload.name, threads))
                    if number == 1:
                        found[workload.name] = measured
                        self.measured.append(measured)
                    if number == plan.passes and measured.spread <= plan.certain:
                        yield measured.result()
            self.forecast.drop(("further", threads))
            end = time.perf_counter() + plan.further * (time.perf_counter() - begin)
            yield from self._further(found.values(), plan, f"further passes{suffix}", end)

    def _further(self, found: Iterable[Measured], plan: Plan, part: str, end: float) -> Iterator[dict[str, Any]]:
        """Until the end, time again what is uncertain, in turn, the most uncertain first."""
        by_spread = sorted(found, key=lambda measured: measured.spread, reverse=True)
        uncertain = deque(measured for measured in by_spread if measured.spread > plan.certain)
        while uncertain and time.perf_counter() < end:
            measured = uncertain.popleft()
            name = measured.workload.name
            self._tell(part, name)
            measured.time(plan, self.request.clock_of)
            self.forecast.again((name, measured.threads))
            self.forecast.made((name, measured.threads))
            if measured.spread > plan.certain:
                uncertain.append(measured)
            else:
                yield measured.result()
        yield from (measured.result() for measured in uncertain)

    def _judged(self, workload: Workload, threads: int) -> Measured | None:
        """The workload, ready to be timed; None where that would say nothing."""
        prepared = self._prepared(workload)
        garbage.set_aside()  # what judging has loaded and cached
        self.forecast.made(("judged", workload.name, threads))
        if prepared is None:
            self.forecast.drop((workload.name, threads))
            return None
        return Measured(workload, prepared, threads, self.reading)

    def _of_threads(self, everything: Sequence[Workload], count: int) -> list[Workload]:
        """One thread for everything; all of them where there is enough to share out."""
        if count == self.request.threads[0]:
            return list(everything)
        return [
            w
            for w in everything
            if (w.size in self.request.chosen.all_threads and w.direction != FORWARD) or _is_step_of_project(w)
        ]

    def _measure_roofline(self, threads: int) -> None:
        device = self.request.device
        watch = cuda.events if device == "cuda" else self.request.clock_of(TORCH, threads)
        if self.request.stopwatch is None:
            self.rooflines[str(threads)] = dataclasses.asdict(roofline.measure(watch, self.reading, device))
        self.forecast.made(("roofline", threads))

    def _prepared(self, workload: Workload) -> Prepared | None:
        """The workload, judged; None where there is nothing to time."""
        try:
            prepared = workload.prepare(self.request.sides, self.request.package)
        except Refused as reason:
            if not workload.over:  # a cut that makes no sense is no news
                self.refused.append({"workload": workload.name, "reason": str(reason)})
            return None
        except Exception as reason:  # one workload that breaks must not cost an hour of others
            self.refused.append({"workload": workload.name, "reason": f"{type(reason).__name__}: {reason}"})
            return None
        self.missing.update(prepared.missing)
        return prepared if len(prepared.sides) > 1 else None

    def _to_remember(self, everything: Sequence[Workload]) -> list[tuple[str, str, str]]:
        """The workloads whose memory is measured."""
        if self.request.device != "cpu" or not memory.can_measure():
            return []
        sizes = self.request.chosen.memory
        return [
            (w.component, w.size, w.direction)
            for w in everything
            if (w.size in sizes and (w.direction == BOTH or (w.direction == FORWARD and not _has(everything, w, BOTH))))
            or (sizes and w.size != "epoch" and _is_step_of_project(w))
        ]

    def _measure_memory(self, names: Sequence[tuple[str, str, str]]) -> None:
        timed = {measured.key for measured in self.measured}
        for name in set(names) - timed:
            self.forecast.drop(("memory", name))
        names = [name for name in names if name in timed]
        if not names:
            return

        def seen(number: int) -> None:
            self.forecast.made(("memory", names[number - 1]))
            self._tell("memory")

        self._tell("memory")
        peaks = dict(zip(names, memory.measure(names, self.request.package, seen), strict=True))
        for measured in self.measured:
            measured.peaks.update(peaks.get(measured.key, {}))

    def as_dict(self) -> dict[str, Any]:
        """All of it, for the file."""
        return {
            "format": FORMAT,
            "set": self.request.chosen.name,
            "only": self.request.only,
            "device": self.request.device,
            "package": self.request.package,
            "started": self.started.isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - self.begin, 1),
            "clock": "processor time on one thread, wall time on several, CUDA events on a GPU",
            "machine": machine.describe(),
            "calm": None if self.calm is None else self.calm.as_numbers(),
            "rooflines": self.rooflines,
            "results": self.results,
            "refused": self.refused,
            "missing": self.missing,
            **self.extras,
        }


def _is_step_of_project(workload: Workload) -> bool:
    return workload.direction == STEP and workload.component.startswith(steps.PROJECTS)


def _has(everything: Sequence[Workload], one: Workload, direction: str) -> bool:
    return any(w.component == one.component and w.direction == direction for w in everything)
