"""Clocks that tests can turn, for benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from nn_parity.bench import run
from nn_parity.bench.request import Request, Set
from nn_parity.bench.timing import Call, Plan

from ..catalogue import ROWS
from ..harness import candidate, reference

WATCHED = ("ops.activations.relu", "ops.activations.tanh")
TICK = 2**-10  # seconds, of which sums and shares are exact


class Clock:
    """Time that passes only when somebody says so: in binary fractions, so that nothing is rounded."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[str] = []

    def takes(self, name: str, seconds: float | Callable[[], float]) -> Call:
        """A program that does nothing but takes so long."""

        def call() -> None:
            self.calls.append(name)
            self.now += seconds() if callable(seconds) else seconds

        return call

    def stopwatch(self, call: Call, times: int) -> float:
        """Seconds a call."""
        start = self.now
        for _ in range(times):
            call()
        return (self.now - start) / times


class Work:
    """A clock that counts work: each call of an op takes one unit, or as many as it has been told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done = 0.0
        self.cost = dict.fromkeys(WATCHED, TICK)
        for name in WATCHED:
            self._watch(monkeypatch, candidate.load("scratch", name), name)
            self._watch(monkeypatch, reference.load(name), None)

    def _watch(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str | None) -> None:
        forward = module.forward

        def counted(*arguments: Any, **options: Any) -> Any:
            self.done += self.cost[name] if name else TICK
            return forward(*arguments, **options)

        monkeypatch.setattr(module, "forward", counted)

    def stopwatch(self, call: Call, times: int) -> float:
        """Work a call."""
        start = self.done
        for _ in range(times):
            call()
        return (self.done - start) / times

    def run(self) -> dict[str, Any]:
        """A run of the small workloads, by this clock."""
        chosen = Set("test", ("small",), Plan(seconds=0.02, least=5, most=10, repeats=1))
        made = run.Run(Request(chosen, stopwatch=self.stopwatch), [r for r in ROWS if r.name in WATCHED])
        list(made)
        return made.as_dict()
