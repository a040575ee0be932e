"""`nn-parity show`: what a component has to do."""

from __future__ import annotations

from ..course import hints, package
from ..course.text import say
from ._shared import Component, heading, rows, told
from .hint import small_case


def show(row: Component) -> None:
    """Show what a component has to do: signatures, shapes, an example, refusals, checks, PyTorch's call, the source."""
    from parity_tests.harness.entry import Entry
    from parity_tests.harness.prerequisites import prerequisites

    with told():
        found = rows()
        name = package.find_row(row, list(found))
    entry = found[name]
    heading(f"{name}: {entry.title}, lesson {entry.lesson}")
    say()
    say(hints.signatures(name))
    case = small_case(entry)
    if case is not None:
        say()
        say(f"for example  {case!r}")
    if isinstance(entry, Entry) and entry.refusals:
        say()
        say("must refuse, with a message that says")
        for refusal in entry.refusals:
            say(f"    {refusal.reason}: {', '.join(map(repr, refusal.says))}")
    say()
    say(f"checked by   {', '.join(entry.checks)}")
    built_from = [other for other in prerequisites(name) if other in found]
    if built_from:
        say(f"built from   {', '.join(built_from)}")
    say()
    heading("in PyTorch")
    say(package.file_of(package.shipped().parent / "reference_torch", name).read_text(encoding="utf-8").strip())
    told_source = [line for line in hints.docstring(name).splitlines() if line.startswith(("Source:", "PyTorch:"))]
    if told_source:
        say()
        say("\n".join(told_source))
