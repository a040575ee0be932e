"""What a learner is told: fits, known mistakes, the bank of wrong answers, a smaller example, the folded checklist."""

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nn_parity.course.source import functions, splice

from ..catalogue import ROWS
from ..harness import candidate, checklist_text, checks, diagnosis, replay, shrink, wrong_answers
from ..harness.checklist import Finding, summarise
from ..harness.entry import Case
from ..harness.evidence import Evidence
from ..harness.failure import Failure, judged
from ..test_ops import over_draws

ROWS_BY_NAME: dict[str, Any] = {row.name: row for row in ROWS}


def failure_of(name: str, answer: str, check: str) -> Failure:
    """The first failure of a wrong version of a component."""
    row = ROWS_BY_NAME[name]
    source = candidate.source_file("scratch", name).read_text(encoding="utf-8")
    module = candidate.from_source(splice(source, answer), "scratch", name, label="wrong")
    for case in sorted(wrong_answers.drawn(row, 24), key=lambda case: case.elements):
        found = shrink._fails(row, check, module, case, "backward" if check == "gradient" else "forward")
        if found:
            return found
    raise AssertionError("it agrees")


FORWARD = "def forward(x):\n    y = {}\n    return y, Cache(y)\n"
BACKWARD = "def backward(dy, cache):\n    return {}\n"
FITTED = {
    "the sign": (BACKWARD.format("-dy * (1 - cache.y**2)"), "gradient"),
    "a factor: every value is 2": (FORWARD.format("2 * np.tanh(x)"), "forward"),
    "dx holds dy": (BACKWARD.format("dy * 1"), "gradient"),
    "float64 leaked in": (FORWARD.format("np.tanh(x.astype(float))"), "forward"),
    "every value is zero": (BACKWARD.format("0 * dy"), "gradient"),
}


@pytest.mark.parametrize("says", FITTED)
def test_the_error_is_fitted(says: str) -> None:
    answer, check = FITTED[says]
    name = "ops.activations.tanh"
    hints = diagnosis.guesses(ROWS_BY_NAME[name], failure_of(name, answer, check))
    assert any(says in hint for hint in hints), hints


def test_a_known_mistake_is_named_and_the_example_made_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "ops.normalization.layer_norm"
    answer = next(a for a in wrong_answers.bank() if a.row == name)  # the mean of dy is not subtracted
    lines = diagnosis.explain(ROWS_BY_NAME[name], "gradient", failure_of(name, answer.code, "gradient"), "my_nn")
    text = " ".join("\n".join(lines).split())  # lines are wrapped
    assert "the mean of dy is not subtracted" in text
    assert f"nn-parity replay --candidate=my_nn {name}" in text
    assert len(lines) < 24
    check, case = replay.read(name)
    assert check == "gradient"
    numbers = np.concatenate([a.ravel() for a in (*case.arrays, *(case.upstream or ())) if a is not None])
    assert np.array_equal(numbers, np.round(numbers)), "round numbers"


def test_an_example_is_kept_and_read_again(tmp_path: Path) -> None:
    case = Case((np.array([[1, np.nan]], np.float32), None, np.zeros((0, 2))), {"shape": (1, 2), "eps": 0.1, "p": None})
    assert replay.keep("a.b", "forward", case, tmp_path)
    check, again = replay.read("a.b", tmp_path)
    assert check == "forward"
    assert again.options == case.options
    assert again.arrays[1] is None
    assert again.arrays[2].shape == (0, 2)
    assert np.array_equal(again.arrays[0], case.arrays[0], equal_nan=True)
    assert not replay.keep("a.b", "forward", Case((), {"f": len}), tmp_path)


def test_one_broken_component_is_one_cross_and_less_than_a_screen() -> None:
    broken = "ops.linear.linear"
    findings = []
    for row in ROWS:
        depends = "linear" in row.name or row.name.startswith(("projects.", "nn."))
        for check in row.checks:
            outcome = "failed" if row.name == broken or depends else "passed"
            findings.append(Finding(row.name, check, outcome, 1.0, "✗ it\n    wrong     y[0]: 1, PyTorch 2"))
    lines = [line for line in summarise(ROWS, findings) if line.state != "wrong" or line.row.name == broken]
    printed: list[str] = []
    out = SimpleNamespace(write_line=lambda text, **_: printed.append(text), _tw=SimpleNamespace(fullwidth=80))
    checklist_text.print_checklist(out, lines, verbose=False)
    assert sum("✗" in line and "Dense layer" in line for line in printed) == 1
    assert sum("✗" in line[:4] for line in printed) == 1
    assert any("for: linear" in line for line in printed)
    assert len(printed) <= 60
    assert max(map(len, printed)) <= 80


def test_the_bank_is_whole() -> None:
    answers = list(wrong_answers.bank())
    rows = [answer.row for answer in answers]
    assert len(set(rows)) >= 40
    assert all(rows.count(row) == 3 for row in rows)
    assert set(rows) <= set(ROWS_BY_NAME)
    assert all(answer.says for answer in answers)
    for answer in answers:  # what takes the place of nothing is not run
        source = candidate.source_file("scratch", answer.row).read_text(encoding="utf-8")
        assert functions(ast.parse(answer.code)).keys() & functions(ast.parse(source)).keys(), answer


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_wrong_answers_are_rejected_and_most_are_named() -> None:
    """`-s` shows each with its diagnosis."""
    rejected = named = total = 0
    for answer in wrong_answers.bank():
        verdict = wrong_answers.judge(ROWS_BY_NAME[answer.row], answer)
        total += 1
        rejected += verdict.rejected_by is not None
        named += answer.named_by(verdict.hints)
        print("named " if answer.named_by(verdict.hints) else "      ", answer.row, "|", answer.title)
        for hint in verdict.hints:
            print("           ", hint)
    print(f"{rejected} of {total} rejected, {named} named: {named / total:.1%}")
    assert rejected == total
    assert named >= 0.7 * total


def test_a_mean_in_the_place_of_a_sum_is_shown_on_numbers_not_on_an_empty_batch() -> None:
    row = ROWS_BY_NAME["ops.linear.linear"]
    source = candidate.source_file("scratch", row.name).read_text(encoding="utf-8")
    wrong = source.replace("dbias = dy.sum(axis=0)", "dbias = dy.mean(axis=0)")
    module = candidate.from_source(wrong, "scratch", row.name, label="wrong")
    with pytest.raises(Failure) as caught:
        over_draws(row, lambda case: judged(checks.gradient, row, module, case, Evidence()))
    assert "nan" not in str(caught.value)
    assert "a factor" in " ".join(diagnosis.explain(row, "gradient", caught.value, "my_nn"))
