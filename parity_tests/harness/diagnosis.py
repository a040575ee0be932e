"""From a disagreement to sentences to act on: what, where, which mistake it looks like, how to rerun it."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from . import candidate, reference
from .disagreement import Disagreement
from .entry import Case, Entry, Row
from .failure import Failure
from .judge import BUDGET, Wrong, measure
from .reference import Expected

WIDTH = 78


def explain(row: Row, check: str, failure: Failure, package: str) -> list[str]:
    """The lines of the failure message."""
    wrong, function = failure.disagreement, _function(failure.disagreement)
    lines = [f"✗ {row.name}  {check}"]
    if isinstance(row, Entry) and isinstance(failure.case, Case):
        lines += _field("call", f"{function}: {_call(row, failure.case)}")
    for index, line in enumerate(wrong.message.split("\n")):
        lines += _field("" if index else "wrong", line)
    if isinstance(row, Entry) and isinstance(failure.case, Case):
        for guess in _guesses(row, failure):
            lines += _field("hint", guess)
    lines += _field("file", candidate.location(failure.module, function))
    chosen = "" if package == "scratch" else f" --candidate={package}"
    lines.append(f'    again     pytest{chosen} -k "{row.name} and {check}"')
    return lines


def _function(wrong: Disagreement) -> str:
    return "backward" if wrong.part == "backward" else "forward"


def _call(row: Entry, case: Case) -> str:
    """`x float32 (2, 3), weight float32 (3,), eps=1e-05`."""
    names = reference.argument_names(row, len(case.arrays))
    parts = [f"{name} {'None' if a is None else f'{a.dtype} {a.shape}'}" for name, a in zip(names, case.arrays)]
    parts += [f"{name}={_option(value)}" for name, value in case.options.items()]
    return ", ".join(parts)


def _option(value: Any) -> str:
    return getattr(value, "__name__", None) or repr(value)


def _field(name: str, text: str) -> list[str]:
    wrapped = textwrap.wrap(text, WIDTH - 14, break_long_words=False, break_on_hyphens=False) or [""]
    return [f"    {name if i == 0 else '':<10}{line}" for i, line in enumerate(wrapped)]


def _guesses(row: Entry, failure: Failure) -> list[str]:
    """What would explain the difference: a known mistake of the row, else something simple about the numbers."""
    wrong = failure.disagreement.detail
    if wrong is None:
        return []
    if _same_result(row, lambda source: source, failure, wrong):
        return []  # the shipped version gives this too: no mistake explains it
    known = [m.reason for m in row.mistakes if _same_result(row, m.apply, failure, wrong)]
    if known:
        return [f"this is what you get when {known[0]}"]
    return _simple_explanations(wrong)


def _same_result(row: Entry, edit: Callable[[str], str], failure: Failure, wrong: Wrong) -> bool:
    """Whether the shipped file, after an edit, gives the candidate's wrong array on this case."""
    try:
        source = edit(candidate.source_file("scratch", row.name).read_text(encoding="utf-8"))
        module = candidate.from_source(source, "scratch", row.name, label="mistake")
        theirs = _arrays(row, module, failure.case)[wrong.expected.name]
        same_kind = bool(theirs.shape == wrong.observed.shape and theirs.dtype == wrong.observed.dtype)
    except Exception:  # a wrong version may fail in any way; then it is not what happened here
        return False
    if wrong.error is None or not same_kind:
        return same_kind
    suspect = dataclasses.replace(wrong.expected, truth=theirs.astype(np.float64), working=theirs)
    return _agrees(suspect, wrong.observed)


def _arrays(row: Entry, module: ModuleType, case: Case) -> dict[str, Any]:
    """The arrays a module produces for a case, by name (`y`, `dx` …)."""
    answer = reference.answer(row, case, gradient=row.gradient)
    names = reference.argument_names(row, len(case.arrays))
    observed = candidate.observe(row.adapter.candidate(module), case, answer.upstream, names)
    found = {right.name: got for right, got in zip(answer.outputs, observed.outputs, strict=True)}
    found.update({f"d{name}": got for name, got in zip(names, observed.gradients)})
    return found


def _simple_explanations(wrong: Wrong) -> list[str]:
    """One sentence about sign, factor, zeros, transpose or dtype, if one fits every element."""
    right, got = wrong.expected, wrong.observed
    if wrong.error is None:
        if got.shape != right.working.shape:
            swapped = got.shape == right.working.shape[::-1]
            return ["transposed: the shape is right after swapping the axes"] if swapped and got.ndim > 1 else []
        return ["float64 leaked in: a NumPy scalar such as np.sqrt(2) promotes, math.sqrt(2) does not"] * (
            got.dtype == np.float64
        )
    if right.working.dtype.kind != "f" or not np.any(right.truth):
        return []
    if not np.any(got):
        return ["every value is zero"]
    if _agrees(right, -got):
        return ["the sign: every value has the opposite sign"]
    if got.ndim == 2 and got.shape[0] == got.shape[1] and _agrees(right, got.T):
        return ["transposed: it agrees after swapping the last two axes"]
    with np.errstate(all="ignore"):
        ratios = (got.astype(np.float64) / right.truth)[np.isfinite(right.truth) & (right.truth != 0)]
    if ratios.size > 1 and np.isfinite(ratios).all():
        factor = float(np.median(ratios))
        if factor and _agrees(right, np.asarray(got / factor, got.dtype)):
            return [f"a factor: every value is {factor:.6g} times PyTorch's"]
    return []


def _agrees(expected: Expected, changed: Any) -> bool:
    return bool(np.all(measure(expected, changed) <= BUDGET))
