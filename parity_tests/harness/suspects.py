"""Whole functions that would give what the candidate gives: known mistakes, and PyTorch asked something else.

Known mistakes are those of the row. Asked something else means: with an option at its default, without the bias, with
two arguments exchanged, with ones in the place of dy. Whoever gets what PyTorch answers to that has forgotten the
option, the bias, dy.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from . import candidate, reference
from .checks import observed_of
from .entry import Case, Entry
from .reference import Expected
from .rounding import rounding
from .trials import Trial, agrees, name_arrays, torch_says

Answers = Callable[[Trial], "Mapping[str, Any] | None"]  # None where the suspicion says nothing about a case


def known_mistakes(row: Entry, trials: list[Trial]) -> list[str]:
    """The row's mistakes that give the same as the candidate, everywhere."""
    if row.reference is not None:  # a user's own: there is no shipped version to edit
        return []
    source = candidate.source_file("scratch", row.name).read_text(encoding="utf-8")
    found = []
    for mistake in row.mistakes:
        try:
            module = candidate.from_source(mistake.apply(source), "scratch", row.name, label="mistake")
        except Exception:  # a wrong version may fail in any way; then it is not what happened here
            continue
        if _explains(trials, lambda trial, m=module: _answers(row, m, trial)):  # type: ignore[misc]
            found.append(mistake.reason)
    return found


def shipped_agrees(row: Entry, trials: list[Trial]) -> bool:
    """Whether the shipped version gives the candidate's wrong arrays too: then no mistake explains them."""
    if row.reference is not None:
        return False
    module = candidate.load("scratch", row.name)
    return _explains(trials[:1], lambda trial: _answers(row, module, trial))


def _answers(row: Entry, module: Any, trial: Trial) -> dict[str, Any]:
    outputs, gradients = observed_of(module, row, trial.case, trial.upstream, trial.names)
    return name_arrays(trial.names, outputs, gradients)


def _explains(trials: list[Trial], answers: Answers) -> bool:
    """Whether the answers are the candidate's, on every case about which they say something, wrong ones among them."""
    told = False
    for trial in trials:
        try:
            given = answers(trial)
        except Exception:
            return False
        if given is None:
            continue
        for name, right in trial.expected.items():
            value = given.get(name)
            if not _same(right, value, trial.observed[name]):
                return False
        told = told or bool(trial.wrong)
    return told


def _same(right: Expected, value: Any, got: Any) -> bool:
    """Whether two arrays are the same, in the noise units of what is right where they have its shape.

    Of another shape they may be anything, a gradient of another name, say. Then a unit is a rounding of the largest
    number of theirs, or the largest unit of what is right.
    """
    if value is None or got is None:
        return value is got
    if np.shape(value) != np.shape(got):
        return False
    value = np.asarray(value)
    if right.unit is None or value.dtype.kind != "f":
        return bool(np.array_equal(value, got))
    unit = right.unit
    if value.shape != right.working.shape:
        unit = max(np.max(unit, initial=0.0), np.max(rounding(value, value.dtype), initial=0.0))
    return agrees(dataclasses.replace(right, truth=value.astype(np.float64), working=value, noise=unit), got)


def other_questions(row: Entry, trials: list[Trial]) -> Iterator[str]:
    """Sentences about what PyTorch would have to be asked to give the candidate's answers."""
    for text, change in _changes(row, trials):

        def answers(trial: Trial, change: Callable[[Trial], Any] = change) -> Mapping[str, Any] | None:
            changed = change(trial)
            if changed is None:  # nothing to change in this case: the answer is PyTorch's own
                return {name: right.working for name, right in trial.expected.items()}
            case, upstream = changed
            return torch_says(row, trial, case, upstream)

        if _explains(trials, answers):
            yield text


def _changes(row: Entry, trials: list[Trial]) -> Iterator[tuple[str, Callable[[Trial], Any]]]:
    if trials[0].upstream:
        yield "dy is not used: this is the gradient for a dy of ones", _dy_of_ones
    for option, default in _options(row, trials).items():
        seen = {repr(t.case.options[option]): t.case.options[option] for t in trials if option in t.case.options}
        for value in [*([] if default is inspect.Parameter.empty else [default]), *seen.values()]:
            said = "at its default, " if default is not inspect.Parameter.empty and repr(default) == repr(value) else ""
            text = f"{option} is not used: this is what PyTorch gives with {said}{option}={_shown(value)}"
            yield text, partial(_with_option, option=option, change=_always(value))
        for text, function in _ARITHMETIC.items():
            yield (
                f"{text.replace('v', option)} in the place of {option}",
                partial(_with_option, option=option, change=function),
            )
    names = list(dict.fromkeys(name for t in trials for name in t.arguments))
    for name in names:
        for text, function in _REPLACED.items():
            yield text.format(name), partial(_with_array, name=name, change=function)
    for first, second in combinations(names, 2):
        text = f"{first} and {second} are swapped: this is what PyTorch gives with the two exchanged"
        yield text, partial(_swapped, first=first, second=second)


def _dy_of_ones(trial: Trial) -> Any:
    return trial.case, tuple(np.ones_like(dy) for dy in trial.upstream)


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


_ARITHMETIC: dict[str, Callable[[Any], Any]] = {
    "1 - v": lambda v: 1 - v,
    "-v": lambda v: -v,
    "1 / v": lambda v: 1 / v,
    "v²": lambda v: v * v,
    "2 · v": lambda v: 2 * v,
    "half of v": lambda v: v / 2,
}
_REPLACED: dict[str, Callable[[Any], Any]] = {
    "{} is not used: this is what PyTorch gives without it": lambda _: None,
    "{} is not used: this is what PyTorch gives with zeros in its place": np.zeros_like,
    "{} is not used: this is what PyTorch gives with ones in its place": np.ones_like,
    "{0} counts twice: this is what PyTorch gives for 2 · {0}": lambda a: 2 * a,
    "{0} counts half: this is what PyTorch gives for {0} / 2": lambda a: a / 2,
    "the sign of {0}: this is what PyTorch gives for -{0}": lambda a: -a,
    "the mean is taken off {}: this is what PyTorch gives for it centered along its last axis": lambda a: (
        a - a.mean(axis=-1, keepdims=True)
    ),
}


def _options(row: Entry, trials: list[Trial]) -> dict[str, Any]:
    """The options of the row, with their defaults as far as the reference tells."""
    try:
        parameters = inspect.signature(reference.op(row).forward).parameters
    except (TypeError, ValueError):
        parameters = {}  # type: ignore[assignment]
    names = dict.fromkeys(name for t in trials for name in t.case.options)
    return {name: parameters[name].default if name in parameters else inspect.Parameter.empty for name in names}


def _with_option(trial: Trial, option: str, change: Callable[[Any], Any]) -> Any:
    value = trial.case.options.get(option)
    if option not in trial.case.options or (not isinstance(value, (int, float, str)) and value is not None):
        return None
    changed = change(value)
    return dataclasses.replace(trial.case, options={**trial.case.options, option: changed}), trial.upstream


def _with_array(trial: Trial, name: str, change: Callable[[Any], Any]) -> Any:
    arrays = list(trial.case.arrays)
    place = trial.names.index(name)
    if place >= len(arrays) or arrays[place] is None:
        return None
    if arrays[place].dtype.kind != "f":
        raise ValueError("only floating-point arrays are tried")
    arrays[place] = change(arrays[place])
    return dataclasses.replace(trial.case, arrays=tuple(arrays)), trial.upstream


def _swapped(trial: Trial, first: str, second: str) -> Any:
    arrays: list[Case | Any] = list(trial.case.arrays)
    a, b = trial.names.index(first), trial.names.index(second)
    if max(a, b) >= len(arrays) or arrays[a] is None or arrays[b] is None:
        return None
    arrays[a], arrays[b] = arrays[b], arrays[a]
    return dataclasses.replace(trial.case, arrays=tuple(arrays)), trial.upstream


def _shown(value: Any) -> str:
    return getattr(value, "__name__", None) or repr(value)
