"""The shape of the house: two trees that mirror each other, one row a component, and nothing but NumPy in scratch."""

import ast
import inspect
import sys
from collections import Counter
from pathlib import Path

import pytest

from ..catalogue import LESSONS, ROWS
from ..harness import candidate, reference
from ..harness.entry import Entry, Row
from ..harness.prerequisites import prerequisites
from ..harness.profiles import EXAMPLES

ROOT = Path(__file__).parents[2]
COMPONENT_FOLDERS = ("ops", "autograd", "nn", "optim", "text", "training", "projects")
WRITES_CHECKPOINTS = "training/checkpoint.py"


def components(tree: str) -> set[str]:
    """The names of the components in a tree; a file that begins with an underscore is a helper of its neighbours."""
    files = [f for folder in COMPONENT_FOLDERS for f in (ROOT / tree / folder).rglob("*.py")]
    return {".".join(f.relative_to(ROOT / tree).with_suffix("").parts) for f in files if not f.name.startswith("_")}


def python_files(tree: str) -> list[Path]:
    return sorted((ROOT / tree).rglob("*.py"))


def imports(file: Path) -> list[tuple[str, int]]:
    """What a file imports: (dotted name, level); the level counts the dots of a relative import."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, 0) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.module or "", node.level))
    return found


def test_both_trees_have_the_same_components() -> None:
    assert components("scratch") == components("reference_torch")


def test_every_component_has_exactly_one_row() -> None:
    rows = Counter(row.name for row in ROWS)
    assert [name for name, count in rows.items() if count > 1] == []
    assert set(rows) == components("scratch")


@pytest.mark.parametrize("file", python_files("scratch"), ids=lambda f: str(f.relative_to(ROOT)))
def test_scratch_imports_numpy_and_the_standard_library_only(file: Path) -> None:
    allowed = {"numpy", *sys.stdlib_module_names}
    if file.relative_to(ROOT / "scratch").as_posix() == WRITES_CHECKPOINTS:
        allowed.add("safetensors")
    for name, level in imports(file):
        assert level or name.split(".")[0] in allowed, f"{file} imports {name}"


@pytest.mark.parametrize("file", python_files("reference_torch"), ids=lambda f: str(f.relative_to(ROOT)))
def test_the_reference_knows_neither_scratch_nor_the_harness(file: Path) -> None:
    for name, level in imports(file):
        assert level or name.split(".")[0] not in {"scratch", "parity_tests", "nn_parity", "numpy.testing"}


OPS = [row for row in ROWS if isinstance(row, Entry) and row.name.startswith("ops.")]


@pytest.mark.parametrize("row", OPS, ids=lambda row: row.name)
def test_the_twins_take_the_same_arguments(row: Row) -> None:
    def arguments(function: object) -> list[tuple[str, object, object]]:
        parameters = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
        return [(p.name, p.kind, p.default) for p in parameters]

    ours = arguments(candidate.load("scratch", row.name).forward)
    assert ours == arguments(reference.load(row.name).forward)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_complete(row: Row) -> None:
    assert row.lesson in LESSONS
    assert len(row.title) <= 39, "a line of the checklist has no room for more"
    assert row.mistakes, "a row without mistakes has not shown that the harness can reject one"
    source = candidate.source_file("scratch", row.name).read_text(encoding="utf-8")
    for mistake in row.mistakes:
        mistake.apply(source)


def test_a_component_is_built_from_its_own_lesson_and_earlier_ones() -> None:
    lessons = {row.name: row.lesson for row in ROWS}
    for row in ROWS:
        assert all(lessons.get(name, 0) <= row.lesson for name in prerequisites(row.name)), row.name


def test_the_readme_lists_every_component() -> None:
    """The lesson index: a learner finds each component by its name."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = text[text.index("| lesson | components |") :].splitlines()
    rows = [line for line in lines if line.startswith("| ")][1:]  # without the head
    assert [int(line.split("|")[1].split()[0]) for line in rows] == sorted({row.lesson for row in ROWS})
    index = {line.split("|")[1].split()[0]: line for line in rows}
    for row in ROWS:
        short = row.name.rpartition(".")[2] if row.name.startswith("ops.") else row.name
        assert f"`{short}`" in index[str(row.lesson)], row.name


def test_contributing_says_how_many_examples_are_drawn() -> None:
    said = "{thorough:,} examples a check instead of {default} (quick: {quick})".format(**EXAMPLES)
    assert said in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
