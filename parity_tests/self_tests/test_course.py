"""The learner's path without a run of pytest: blank files, hints, progress, what to check again, pages."""

import ast
import json
import os
from pathlib import Path
from typing import Any

import pytest

from nn_parity.course import affected, grading, hints, package, pages, progress
from nn_parity.course.package import CourseError
from nn_parity.course.source import BLANK, blank, functions, splice
from nn_parity.course.text import readable

from ..catalogue import LESSONS, ROWS
from ..harness import candidate, isolation, projects, single_file
from ..harness.candidate import NotWritten
from ..harness.draws import drawn
from ..harness.entry import Entry, Row

ROOT = Path(__file__).parents[2]
NAMES = [row.name for row in ROWS]
LAYER_NORM = "ops.normalization.layer_norm"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_blank_component_is_not_written_and_keeps_what_helps(row: Row) -> None:
    source = candidate.source_file("scratch", row.name).read_text(encoding="utf-8")
    stub = blank(source)
    assert BLANK in stub
    assert ast.get_docstring(ast.parse(stub)) == ast.get_docstring(ast.parse(source))
    assert list(functions(ast.parse(stub))) == list(functions(ast.parse(source)))
    with pytest.raises((NotWritten, NotImplementedError)):
        run_once(row, candidate.from_source(stub, "scratch", row.name, label="stub"))


def run_once(row: Row, module: Any) -> None:
    """One call, as the checks would make it."""
    if isinstance(row, Entry):
        case = drawn(row, 2)[-1]
        candidate.observe(row.adapter.candidate(module), case, (), ["x"] * 9)
    else:
        recipe = projects.recipe_of(row)
        projects._network(module, recipe.parameters(), recipe)


def test_an_answer_takes_the_place_of_functions_of_the_same_name() -> None:
    source = 'class A:\n    x = 1\n\n    def f(self):\n        return 1\n\n\ndef g():\n    """Say."""\n    return 2\n'
    spliced = splice(source, "class A:\n    def f(self):\n        return 3\n\ndef h():\n    return 4\n")
    assert "x = 1" in spliced
    assert "return 3" in spliced
    assert "return 1" not in spliced
    assert "return 4" in spliced
    assert blank(source).count(BLANK) == 2
    assert '"""Say."""' in blank(source)


def test_start_makes_a_package_adds_to_it_and_loses_no_work(tmp_path: Path) -> None:
    folder = tmp_path / "my_nn"
    package.start(folder, [LAYER_NORM])
    file = package.file_of(folder, LAYER_NORM)
    assert package.exercises(folder, NAMES) == [LAYER_NORM]
    assert package.next_exercise(folder, NAMES) == LAYER_NORM
    file.write_text("# mine\n", encoding="utf-8")
    with pytest.raises(CourseError, match="holds work of yours"):
        package.start(folder, [LAYER_NORM])
    assert file.read_text(encoding="utf-8") == "# mine\n"
    package.start(folder, ["ops.activations.relu"])  # what is as shipped may be blanked at any time
    assert package.state_of(folder, "ops.activations.relu") == "blank"
    _, backup = package.start(folder, [LAYER_NORM], force=True)
    assert backup is not None
    assert package.file_of(backup, LAYER_NORM).read_text(encoding="utf-8") == "# mine\n"
    assert package.state_of(folder, LAYER_NORM) == "blank"


def test_start_refuses_what_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    for name in ("photos", "my-nn"):
        with pytest.raises(CourseError):
            package.start(tmp_path / name, [LAYER_NORM])
    with pytest.raises(CourseError, match="shipped"):
        package.start(package.shipped(), [LAYER_NORM])


def test_a_component_is_found_by_the_end_of_its_name() -> None:
    assert package.find_row("layer_norm", NAMES) == LAYER_NORM
    assert package.find_row("nn.layer_norm", NAMES) == "nn.layer_norm"
    for file in ("my_nn/ops/normalization/layer_norm.py", r"C:\my_nn\ops\normalization\layer_norm.py", "Layer_Norm"):
        assert package.find_row(file, NAMES) == LAYER_NORM
    for wanted, near in (("layernrom", "layer_norm"), ("mse", "ops.losses.mse_loss")):
        with pytest.raises(CourseError, match=f"did you mean .*{near}"):
            package.find_row(wanted, NAMES)


def test_what_was_taken_on_stays_an_exercise_even_if_it_is_written_as_shipped(tmp_path: Path) -> None:
    folder = tmp_path / "übung eins" / "my_nn"
    folder.parent.mkdir()
    package.start(folder, [LAYER_NORM])
    progress.update(folder, {LAYER_NORM: {"state": "ticked"}, "nn.layer_norm": {"state": "ticked"}})
    file = package.file_of(folder, LAYER_NORM)
    file.write_bytes(package.file_of(package.shipped(), LAYER_NORM).read_bytes())
    assert package.exercises(folder, NAMES) == [LAYER_NORM]
    assert package.next_exercise(folder, NAMES) is None
    package.start(folder, [LAYER_NORM])  # once more
    assert package.next_exercise(folder, NAMES) == LAYER_NORM


def test_progress_survives_a_crash_and_holds_no_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress.update(tmp_path, {"a": {"state": "ticked", "noise": 1.0}, "b": {"state": "wrong"}})
    change = progress.update(
        tmp_path, {"a": {"state": "wrong"}, "b": {"state": "ticked"}, "c": {"state": "partly run"}}
    )
    assert str(change) == "+1 since last time, 1 went back: a"
    assert set(progress.read(tmp_path)) == {"a", "b"}
    before = (tmp_path / progress.FILE).read_bytes()
    assert str(tmp_path).encode() not in before

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        progress.update(tmp_path, {"a": {"state": "ticked"}})
    assert (tmp_path / progress.FILE).read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [progress.FILE]


def test_progress_that_cannot_be_read_is_no_progress(tmp_path: Path) -> None:
    for text in ("", "[]", '{"format": 99, "rows": {}}', '{"format": 1, "rows": {"a": 3}}'):
        (tmp_path / progress.FILE).write_text(text, encoding="utf-8")
        assert progress.read(tmp_path) == {}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_component_has_hints(row: Row) -> None:
    assert len(hints.idea(row.name)) > 30
    assert hints.equations(row.name)
    assert "def " in hints.signatures(row.name)


def test_the_plan_names_every_step_with_its_shape() -> None:
    from nn_parity.commands.hint import plan_of

    text = plan_of(next(row for row in ROWS if row.name == LAYER_NORM))
    assert "inverse_std" in text
    assert text.index("centered ") < text.index("variance ") < text.index("normalized ")
    assert "backward, in this order" in text
    assert "np." not in text


def test_a_change_affects_what_is_built_from_it() -> None:
    built = {"linear": ["checks"], "network": ["linear"], "relu": [], "project": ["network"]}
    assert affected.affected(["linear"], built) == ["linear", "network", "project"]
    assert affected.affected(["checks"], built) == ["linear", "network", "project"]
    assert affected.affected(["relu"], built) == ["relu"]
    assert affected.component_of(Path("/a/my_nn"), Path("/a/my_nn/ops/relu.py")) == "ops.relu"


def test_a_candidate_that_imports_what_it_is_judged_by_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "my_nn"
    (folder / "ops").mkdir(parents=True)
    (folder / "ops" / "helper.py").write_text("def f():\n    import torch\n", encoding="utf-8")
    (folder / "ops" / "relu.py").write_text("from .helper import f\n", encoding="utf-8")
    (folder / "ops" / "tanh.py").write_text("from my_nn.ops.tanh import x\nimport numpy\n", encoding="utf-8")
    (folder / "ops" / "copy.py").write_text("from scratch.ops.activations import relu\n", encoding="utf-8")
    assert isolation.foreign_import(folder, "ops.relu") == "my_nn/ops/helper.py:2 imports torch"
    assert isolation.foreign_import(folder, "ops.copy") == "my_nn/ops/copy.py:1 imports scratch"
    assert isolation.foreign_import(folder, "ops.tanh") is None


def test_a_single_file_is_the_component_of_its_name() -> None:
    assert single_file.row_of(Path("layer_norm.py"), "", NAMES) == LAYER_NORM
    assert single_file.row_of(Path("nn/layer_norm.py"), "nn.layer_norm", NAMES) == "nn.layer_norm"
    with pytest.raises(single_file.NoRow, match="--row"):
        single_file.row_of(Path("mine.py"), "", NAMES)


def test_an_equation_stays_right_in_plain_letters() -> None:
    assert readable("  · y = x̂ · weight, -s·x → 2", "cp1252") == "  - y = x_hat * weight, -s*x -> 2"


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", None, "utf-8"])
def test_marks_become_letters_where_the_encoding_has_none(encoding: str | None) -> None:
    text = readable("✓ Σ x² → ✗", encoding)
    text.encode(encoding or "ascii")
    assert (text == "✓ Σ x² → ✗") == (encoding == "utf-8")


def test_the_report_is_one_file_for_any_width() -> None:
    rows = {row.name: row for row in ROWS}
    done = {LAYER_NORM: {"state": "ticked", "noise": 2.0}, "ops.activations.relu": {"state": "wrong"}}
    lines = pages.lines_of(
        rows, ["ops.activations.relu", "ops.activations.tanh", LAYER_NORM], done, {LAYER_NORM: 0.512}
    )
    page = pages.report("<my_nn>", lines, LESSONS)
    assert "&lt;my_nn&gt;" in page
    assert "1 of 3 components" in page
    assert "0.51×" in page
    assert 'name="viewport"' in page
    assert "prefers-color-scheme: dark" in page
    assert "http" not in page, "nothing is fetched"
    json.dumps(lines)


def test_the_table_of_a_class(tmp_path: Path) -> None:
    found = [
        {"name": "a", "title": "A", "lesson": 1, "state": "ticked", "waits_for": [], "checks": {}},
        {"name": "b", "title": "B", "lesson": 1, "state": "wrong", "waits_for": [],
         "checks": {"forward": {"outcome": "failed", "message": "✗ b\n    wrong     y[0]: 1, PyTorch 2"}}},
    ]  # fmt: skip
    results = [grading.result("ann", found, 2, "", 1.0), grading.result("bob", [], 2, "not finished", 9.0)]
    grading.write_csv(tmp_path / "table.csv", results)
    lines = (tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("ann,1,2,1,0,0,1,,ticked,wrong")
    assert lines[2].startswith("bob,0,2,0,0,0,9,not finished,,")
    page = pages.grades(results, LESSONS)
    assert "forward: y[0]: 1, PyTorch 2" in page
    assert "not finished" in page
