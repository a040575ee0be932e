"""`nn-parity replay`: the last failing example of a component, with every number."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ..course import package
from ..course.text import say
from ._shared import Candidate, Component, heading, rows, told


def replay(
    row: Component,
    candidate: Candidate = None,
    check: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run the last failing example of a component again, and show every number in it."""
    from parity_tests.harness import candidate as judged
    from parity_tests.harness import checks, reference, trials
    from parity_tests.harness import replay as kept

    with told():
        found = rows()
        name = package.find_row(row, list(found))
        folder = package.find_package(candidate) if candidate != "scratch" else package.shipped()
        try:
            failed, case = kept.read(name)
        except (OSError, ValueError, KeyError):
            raise package.CourseError(f"no failing example of {name} is kept here: run pytest first") from None
        entry: Any = found[name]
        module = judged.load(judged.package_name(str(folder)), name)
        backward = (check or failed) == "gradient"
        answer = reference.answer(entry, case, gradient=backward)
        names = reference.argument_names(entry, len(case.arrays))
        heading(f"{name}: {'backward' if backward else 'forward'}")
        for label, array in zip(names, case.arrays, strict=False):
            _print(label, array)
        for option, value in case.options.items():
            say(f"  {option} = {value!r}")
        for number, dy in enumerate(answer.upstream):
            _print(f"dy[{number}]" if len(answer.upstream) > 1 else "dy", dy)
        try:
            outputs, gradients = checks.observed_of(module, entry, case, answer.upstream, names)
        except Exception as error:
            raise package.CourseError(str(error)) from None
    got = trials.name_arrays(names, outputs, gradients)
    right = [expected for expected in (answer.gradients if backward else answer.outputs) if expected is not None]
    wrong = False
    for expected in right:
        fine = trials.agrees(expected, got.get(expected.name))
        wrong = wrong or not fine
        say()
        say(f"{expected.name}: {'agrees' if fine else 'differs'}", fg="green" if fine else "red")
        _print("yours", got.get(expected.name))
        _print("PyTorch", expected.working)
    if wrong:
        raise typer.Exit(1)


def _print(label: str, array: Any) -> None:
    import numpy as np

    if array is None:
        say(f"  {label} = None")
        return
    text = np.array2string(np.asarray(array), separator=", ", precision=6, prefix=f"  {label} = ", threshold=200)
    kind = f"   {array.dtype} {array.shape}" if hasattr(array, "dtype") else ""
    say(f"  {label} = {text}{kind}")
