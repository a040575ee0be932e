"""From a disagreement to sentences to act on: what, where, which mistake it looks like, how to rerun it."""

from __future__ import annotations

import textwrap
from itertools import islice
from typing import Any

from . import candidate, fits, reference, suspects, whereabouts
from .disagreement import Disagreement
from .entry import Case, Entry, Row
from .failure import Failure
from .fits import Pair
from .trials import trials

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
        for number, guess in enumerate(guesses(row, failure)):
            lines += _field("" if number else "hint", guess)
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


def guesses(row: Entry, failure: Failure) -> list[str]:
    """What explains the difference, most telling first, three sentences at most."""
    if failure.disagreement.detail is None:
        return []
    backward = _function(failure.disagreement) == "backward"
    tried = trials(row, failure.module, failure.case, backward=backward)
    wrong = [trial for trial in tried if trial.wrong]
    if not wrong or (tried[0].wrong and suspects.shipped_agrees(row, tried)):
        return []  # where the shipped version gives this too, no mistake explains it
    known = [f"this is what you get when {_as_a_clause(reason)}" for reason in suspects.known_mistakes(row, tried)]
    fitted = []
    for name in dict.fromkeys(name for trial in wrong for name in sorted(trial.wrong)):
        pairs = [Pair(t.expected[name], t.observed[name], t) for t in wrong if name in t.wrong]
        found = fits.explanations(name, pairs) or _filter([whereabouts.elements_of(pairs)])
        fitted += [f"{name}: {text}" for text in found]
    if known:
        return [known[0], *fitted[:1]]
    others = list(islice(suspects.other_questions(row, tried), 1))
    where = _filter([whereabouts.cases_of(tried)])
    return [*others, *fitted[: 2 - len(others)], *where][:3]


def _filter(texts: list[str]) -> list[str]:
    return [text for text in texts if text]


def _as_a_clause(reason: str) -> str:
    return reason[:1].lower() + reason[1:] if reason[1:2].islower() else reason
