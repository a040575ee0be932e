"""What is timed: rows of the catalogue at their sizes, in each direction, once both sides are known to agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from parity_tests.harness import reference
from parity_tests.harness.candidate import NotWritten
from parity_tests.harness.disagreement import Disagreement
from parity_tests.harness.entry import Case, Entry

from . import agreement, programs
from .counting import OperationCounter, bytes_of
from .programs import TORCH, Program

FORWARD, BOTH, STEP = "forward", "forward + backward", "step"


class Refused(Exception):
    """A workload is not timed; the message says why."""


@dataclass(frozen=True)
class Prepared:
    """A workload that agrees with PyTorch, and how to make what is timed: nothing of it is kept in memory."""

    sides: tuple[str, ...]
    build: Callable[[], Mapping[str, Program]] = field(repr=False)  # by side, on arrays made anew, the same each time
    missing: Mapping[str, str]  # sides that cannot run, and why
    elements: int
    bytes: int
    operations: int
    inputs: str = ""  # for people: "float32 (32, 64)"


@dataclass(frozen=True)
class Workload:
    """A name for people and machines, and how to get ready."""

    component: str
    title: str
    lesson: int
    size: str
    direction: str
    prepare: Callable[[Sequence[str], str], Prepared] = field(repr=False)  # sides, package; raises Refused
    at: float | None = None  # of a sweep: how large
    over: str = ""  # … and what it is that grows

    @property
    def name(self) -> str:
        """Unique within a run."""
        return f"{self.component} · {self.size} · {self.direction}"


def directions(row: Entry) -> tuple[str, ...]:
    """What there is to time of a row."""
    if row.gradient:
        return (FORWARD, BOTH)
    return (STEP,) if row.name.startswith("optim.") else (FORWARD,)


def of_row(row: Entry, size: str, direction: str) -> Workload:
    """One of the sizes of a row."""

    def prepare(sides: Sequence[str], package: str) -> Prepared:
        return agreed(row, lambda: row.sizes[size](np.random.default_rng(0)), direction, sides, package)

    return Workload(row.name, row.title, row.lesson, size, direction, prepare)


def of_rows(rows: Iterable[Any], sizes: Sequence[str], wanted: Sequence[str] = (FORWARD, BOTH, STEP)) -> list[Workload]:
    """All workloads of the rows that have any."""
    return [
        of_row(row, size, direction)
        for row in rows
        if isinstance(row, Entry)
        for size in sizes
        if size in row.sizes
        for direction in directions(row)
        if direction in wanted
    ]


def agreed(row: Entry, make: Callable[[], Case], direction: str, sides: Sequence[str], package: str) -> Prepared:
    """The workload, once every side has been judged right on it. Raises Refused."""
    gradient = direction == BOTH
    case = make()
    right = agreement.expected(row, case, gradient=gradient)
    found, missing = [], {}
    for side in sides:
        try:
            answer = programs.program(side, row, case, right.upstream, package).answer()
            agreement.judge(right, case, answer, gradient=gradient)
        except programs.Missing as error:
            missing[side] = str(error)
        except (Disagreement, NotWritten) as error:
            raise Refused(f"{side}: {error}") from error
        else:
            found.append(side)
    counted = programs.program(TORCH, row, case, right.upstream)
    with OperationCounter() as counter:
        result = counted.run()
    touched = [*case.arrays, *right.upstream, *counted.arrays(result)]
    reference.answer.cache_clear()  # large workloads would fill the memory

    def build() -> dict[str, Program]:
        case = make()
        upstream = reference.upstream_of(reference.op(row), case) if gradient else ()
        return {side: programs.program(side, row, case, upstream, package) for side in found}

    return Prepared(
        tuple(found), build, missing, programs.elements(case.arrays), bytes_of(touched), counter.count, repr(case)[:200]
    )
