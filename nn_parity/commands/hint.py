"""`nn-parity hint`: the idea, the equations, the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..course import hints, package
from ..course.text import say
from ._shared import Component, heading, rows, told

if TYPE_CHECKING:
    from parity_tests.harness.entry import Row


def hint(
    row: Component,
    level: Annotated[int, typer.Option("--level", "-l", min=1, max=3, help="1 idea, 2 equations, 3 plan.")] = 1,
) -> None:
    """Give a hint: the idea; with --level 2 the equations; with --level 3 the plan, name by name and shape by shape."""
    with told():
        found = rows()
        name = package.find_row(row, list(found))
    heading(f"{name}: {hints.LEVELS[level]}")
    say()
    say({1: hints.idea, 2: hints.equations}[level](name) if level < 3 else plan_of(found[name]))
    if level < 3:
        say()
        say(f"more: nn-parity hint {name} --level {level + 1}")


def plan_of(row: Row) -> str:
    """The plan of a component, from a small case that the shipped version runs on."""
    from parity_tests.harness import candidate
    from parity_tests.harness.entry import Entry

    if not isinstance(row, Entry):
        return hints.signatures(row.name)
    case = small_case(row)
    if case is None:
        return hints.signatures(row.name)
    module: Any = candidate.load("scratch", row.name)

    def run() -> None:
        op = row.adapter.candidate(module)
        result = op.forward(*case.arrays, **case.options)
        if row.gradient:
            y, cache = result
            op.backward(y, cache)

    return f"{hints.plan(row.name, run)}\n\nfor {case!r}"


def small_case(row: Row) -> Any:
    """A case with different lengths of axes, where there is one: the shapes then tell the axes apart."""
    from parity_tests.harness.draws import drawn
    from parity_tests.harness.entry import Entry

    if not isinstance(row, Entry):
        return None
    cases = [case for case in drawn(row, 24) if case.elements]

    def telling(case: Any) -> tuple[bool, int, int]:
        shapes = [a.shape for a in case.arrays if a is not None]
        lengths = {n for shape in shapes for n in shape}
        given = sum(a is not None for a in case.arrays)
        return (1 not in lengths and 0 not in lengths, given, len(lengths))

    return max(cases, key=telling, default=None)
