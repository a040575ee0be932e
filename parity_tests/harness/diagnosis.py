"""From a disagreement to sentences to act on: what, where, which mistake it looks like, how to rerun it."""

from __future__ import annotations

import re
import textwrap
from itertools import islice
from typing import Any

import numpy as np

from . import candidate, fits, reference, replay, single_file, suspects, whereabouts
from .disagreement import Disagreement
from .entry import Case, Entry, Row
from .failure import Failure
from .pairs import Pair
from .shrink import CHECKS, FEW, simplified
from .trials import trials

WIDTH = 78


def explain(row: Row, check: str, failure: Failure, package: str) -> list[str]:
    """The lines of the failure message."""
    lines = [f"✗ {row.name}  {check}"]
    hints: list[str] = []
    chosen = "" if package == "scratch" else f" --candidate={package}"
    replayed = ""
    if isinstance(row, Entry) and isinstance(failure.case, Case):
        hints = guesses(row, failure)
        failure = simplified(row, check, failure)
        lines += _field("call", f"{_function(failure.disagreement)}: {_call(row, failure.case)}")
        lines += _example(row, failure.case)
        own = row.reference is not None
        if not own and check in CHECKS and replay.keep(row.name, check, failure.case):
            replayed = f"nn-parity replay{chosen} {row.name}"
    for index, line in enumerate(failure.disagreement.message.split("\n")):
        lines += _field("" if index else "wrong", line)
    for index, guess in enumerate(hints):
        lines += _field("" if index else "hint", guess)
    place = candidate.location(failure.module, _function(failure.disagreement))
    if f"/{single_file.PACKAGE}/" in place:  # the copy in a tree, which nobody will edit
        place = f"{package}:{place.rpartition(':')[2]}"
    lines += _field("file", place)
    if replayed:
        lines.append(f"    replay    {replayed}")
    again = f"pytest{chosen}"
    if isinstance(row, Entry) and row.reference is not None:  # a user's own row, in a file
        again = f"nn-parity check {package}"
    lines.append(f'    again     {again} -k "{row.name} and {check}"')
    return lines


def _example(row: Entry, case: Case) -> list[str]:
    """The numbers, where they are few."""
    names = reference.argument_names(row, len(case.arrays))
    given = [(name, a) for name, a in zip(names, case.arrays, strict=False) if a is not None]
    upstream = case.upstream or ()
    given += [(f"dy[{i}]" if len(upstream) > 1 else "dy", dy) for i, dy in enumerate(upstream)]
    if not given or sum(a.size for _, a in given) > FEW or not case.elements:
        return []
    return _field("with", "  ".join(f"{name}={_numbers(a)}" for name, a in given))


def _numbers(array: Any) -> str:
    """`[[1, 2.5], [0, -1]]`."""
    text = np.array2string(array, separator=", ", precision=4)
    text = re.sub(r"(?<=\[) | (?= )", "", re.sub(r"\s+", " ", text))
    return text.replace(".,", ",").replace(".]", "]").removesuffix(".")


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
    if failure.disagreement.crash or failure.disagreement.part == "refusal":
        return []
    backward = _function(failure.disagreement) == "backward"
    tried = trials(row, failure.module, failure.case, backward=backward)
    tame = [trial for trial in tried if trial.finite]
    if any(trial.wrong for trial in tame):  # with NaN and infinities about, every formula has an opinion of its own
        tried = tame
    wrong = [trial for trial in tried if trial.wrong]
    if not wrong or suspects.shipped_agrees(row, wrong):
        return []  # where the shipped version gives this too, no mistake explains it
    known = [f"this is what you get from a known mistake: {reason}" for reason in suspects.known_mistakes(row, tried)]
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
