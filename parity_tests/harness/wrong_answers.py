"""The bank of wrong answers: read, run, and compared with what the diagnosis says. See `wrong_answers/README.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nn_parity.course.source import splice

from . import candidate, checks, diagnosis
from .disagreement import Disagreement
from .draws import drawn
from .entry import Entry
from .evidence import Evidence
from .failure import Check, Failure
from .mistakes import DRAWS

FOLDER = Path(__file__).parents[1] / "wrong_answers"
TASK = re.compile(r"^### (?P<title>[^\n]+)\nsays: (?P<says>[^\n]+)\n```python\n(?P<code>.*?)^```", re.M | re.S)


@dataclass(frozen=True)
class WrongAnswer:
    """What a learner wrote in the place of some functions, and the words of a good diagnosis."""

    row: str
    title: str
    says: tuple[str, ...]
    code: str

    def named_by(self, hints: list[str]) -> bool:
        """Whether a diagnosis names this mistake."""
        return any(word in hint for word in self.says for hint in hints)


class Verdict(NamedTuple):
    """What became of a wrong answer: the check that rejected it, and the hints."""

    rejected_by: str | None
    hints: list[str]


def bank() -> Iterator[WrongAnswer]:
    """All wrong answers."""
    for file in sorted(FOLDER.glob("*.md")):
        for section in re.split(r"^## ", file.read_text(encoding="utf-8"), flags=re.M)[1:]:
            row, _, text = section.partition("\n")
            for found in TASK.finditer(text):
                says = tuple(word.strip() for word in found["says"].split(" | "))
                yield WrongAnswer(row.strip(), found["title"], says, found["code"])


def judge(row: Entry, answer: WrongAnswer) -> Verdict:
    """Run the checks on a wrong answer as pytest would, up to the first that fails. Refusals do not count."""
    source = candidate.source_file("scratch", row.name).read_text(encoding="utf-8")
    module = candidate.from_source(splice(source, answer.code), "scratch", row.name, label="answer")
    runs: list[tuple[str, Check]] = [("forward", checks.forward)]
    runs += [("gradient", checks.gradient)] if row.gradient else []
    for name, check in runs:
        # The smallest example that fails: what a shrinking run would show.
        for case in sorted(drawn(row, DRAWS), key=lambda case: case.elements):
            try:
                check(row, module, case, Evidence())
            except Disagreement as found:
                return Verdict(name, diagnosis.guesses(row, Failure(found, module, case)))
    for size in row.sizes.values():
        case = size(np.random.default_rng(0))
        if case.elements <= checks.ACCURACY_ELEMENTS:
            try:
                checks.accuracy(row, module, case, Evidence())
            except Disagreement as found:
                return Verdict("accuracy", diagnosis.guesses(row, Failure(found, module, case)))
    return Verdict(None, [])
