"""What a candidate does on a handful of cases, beside what PyTorch does: the material of a diagnosis.

One failing example, shrunk to its smallest, looks like many mistakes: with a single number in it, a sum is a mean. An
explanation has to hold on all of these cases, also on those where the candidate is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import torch

from . import reference
from .checks import observed_of
from .confined import apply
from .draws import drawn
from .entry import Case, Entry
from .judge import BUDGET, measure
from .reference import Expected

DRAWS = 24


@dataclass(frozen=True, eq=False)
class Trial:
    """One case: by name (`y`, `dx` …) what PyTorch gives, what the candidate gives, and which of these are wrong."""

    case: Case
    names: tuple[str, ...]  # of the arguments
    upstream: tuple[Any, ...]
    expected: dict[str, Expected]
    observed: dict[str, Any]
    wrong: frozenset[str]

    @property
    def arguments(self) -> dict[str, Any]:
        """The arrays that this case has, by name."""
        return {name: a for name, a in zip(self.names, self.case.arrays, strict=False) if a is not None}

    @property
    def finite(self) -> bool:
        """Whether all numbers that go in are finite, and all that come out of PyTorch."""
        arrays = [*self.arguments.values(), *(right.truth for right in self.expected.values())]
        return all(bool(np.isfinite(array).all()) for array in arrays)


def agrees(expected: Expected, got: Any) -> bool:
    """Whether an array is right: shape, dtype and every value."""
    if not isinstance(got, (np.ndarray, np.generic)) or got.dtype != expected.working.dtype:
        return False
    return got.shape == expected.working.shape and bool(np.all(measure(expected, got) <= BUDGET))


def trials(row: Entry, module: ModuleType, failing: Case, *, backward: bool) -> list[Trial]:
    """The failing case first, then drawn ones, the same each time. Those on which the candidate crashes are left out.

    `backward`: whether gradients are looked at, or the outputs.
    """
    return list(_trials(row, module, failing, backward))


def _trials(row: Entry, module: ModuleType, failing: Case, backward: bool) -> Iterator[Trial]:
    for case in (failing, *drawn(row, DRAWS)):
        try:
            yield _trial(row, module, case, backward)
        except Exception:  # PyTorch refuses some draws; a wrong candidate may fail in any way
            continue


def _trial(row: Entry, module: ModuleType, case: Case, backward: bool) -> Trial:
    answer = reference.answer(row, case, gradient=backward)
    names = reference.argument_names(row, len(case.arrays))
    outputs, gradients = apply(module, observed_of, row, case, answer.upstream, names)
    expected = {right.name: right for right in (answer.gradients if backward else answer.outputs) if right is not None}
    found = name_arrays(names, outputs, gradients)
    observed = {name: found.get(name) for name in expected}
    wrong = frozenset(name for name, right in expected.items() if not agrees(right, observed[name]))
    return Trial(case, tuple(names), answer.upstream, expected, observed, wrong)


def name_arrays(names: Any, outputs: Any, gradients: Any) -> dict[str, Any]:
    """Outputs and gradients by their names in messages."""
    found = {f"y[{i}]" if len(outputs) > 1 else "y": y for i, y in enumerate(outputs)}
    found.update({f"d{name}": dx for name, dx in zip(names, gradients, strict=False)})
    return found


def torch_says(row: Entry, trial: Trial, case: Case, upstream: Any) -> dict[str, Any]:
    """What PyTorch gives for another case, by name, for the arrays that the trial is about."""
    tensors = [None if a is None else torch.from_numpy(np.array(a)) for a in (*case.arrays, *upstream)]
    count = len(case.arrays)
    found = reference.run(reference.op(row), case, tensors[:count], tensors[count:])
    outputs = found[: len(found) - (count if upstream else 0)]
    return name_arrays(trial.names, outputs, found[len(outputs) :])
