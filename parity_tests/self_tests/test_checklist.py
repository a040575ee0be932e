"""What a person sees at the end of a run: ticks, failures with a cause, lines that wait, and the same for machines."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from . import inner_pytest
from .inner_pytest import OPS, ROOT, Run

MISTAKE = ("dweight = dy.T @ fold(x)", "dweight = 2 * dy.T @ fold(x)")
LINEAR = "--rows=ops.linear.linear_dot,ops.neuron.layer,ops.linear.linear,ops.linear.hidden_layer"


@pytest.fixture(scope="module")
def my_nn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner's package: a copy of scratch with one wrong gradient and one component not written."""
    folder = tmp_path_factory.mktemp("learner") / "my_nn"
    shutil.copytree(ROOT / "scratch", folder, ignore=shutil.ignore_patterns("__pycache__"))
    linear = folder / "ops" / "linear" / "linear.py"
    text = linear.read_text(encoding="utf-8")
    assert MISTAKE[0] in text
    linear.write_text(text.replace(*MISTAKE), encoding="utf-8")
    (folder / "ops" / "linear" / "linear_dot.py").unlink()
    return folder


@pytest.fixture(scope="module")
def learners_run(my_nn: Path, pytestconfig: pytest.Config) -> Run:
    written = f"--checklist-json={my_nn.parent / 'checklist.json'}"
    return inner_pytest.run(pytestconfig, my_nn.parent, OPS, LINEAR, f"--candidate={my_nn}", written)


def test_a_failure_says_what_where_and_what_to_do(learners_run: Run) -> None:
    output = learners_run.stdout
    assert learners_run.returncode == 1
    assert "✗ ops.linear.linear  gradient" in output
    assert "call      backward: x float" in output
    assert "dweight[" in output
    sentences = " ".join(output.split())  # where a line is broken depends on the numbers
    assert "noise units" in sentences
    assert "elements agree)" in sentences
    assert "a factor: every value is 2 times PyTorch's" in sentences
    assert "ops/linear/linear.py:" in output
    assert "pytest --candidate=" in output
    assert '-k "ops.linear.linear and gradient"' in output
    assert "Traceback" not in output


def test_not_written_is_no_failure_and_what_depends_on_a_wrong_row_waits(learners_run: Run) -> None:
    assert "○ Dense layer by dot products" in learners_run.stdout
    assert "not written yet" in learners_run.stdout
    assert "· Hidden layer" in learners_run.stdout
    assert "waits for: ops.linear.linear" in learners_run.stdout


def test_the_checklist_for_machines(learners_run: Run, my_nn: Path) -> None:
    found = json.loads((my_nn.parent / "checklist.json").read_text(encoding="utf-8"))
    states = {row["name"]: row["state"] for row in found["rows"]}
    assert found["format"] == 1
    assert states["ops.linear.linear"] == "wrong"
    assert states["ops.linear.linear_dot"] == "not written"
    assert states["ops.neuron.layer"] == "ticked"
    assert states["ops.linear.hidden_layer"] == "waiting"
    assert found["ticked"] == sum(state == "ticked" for state in states.values())


def test_a_green_run_is_a_page_of_ticks_in_eighty_columns() -> None:
    """In a process of its own, as a user runs it."""
    environment = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--hypothesis-profile=quick", OPS, "-k",
               "ops.linear.linear_in_out"]  # fmt: skip
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    assert "✓ Dense layer" in result.stdout
    assert "components agree with PyTorch" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert len(result.stdout.splitlines()) < 20
    assert "\x1b[" not in result.stdout, "no colour where the output is not a terminal"


def test_an_early_stop_ticks_nothing_that_was_not_checked(my_nn: Path, pytestconfig: pytest.Config) -> None:
    chosen = "forward and ops.linear.hidden or accuracy and ops.linear.linear]"  # in this order; the second fails
    result = inner_pytest.run(pytestconfig, my_nn.parent, OPS, f"--candidate={my_nn}", "-x", "-k", chosen)
    assert result.returncode == 1
    assert "✗ Dense layer" in result.stdout
    assert "Hidden layer" in result.stdout
    assert "✓ Hidden layer" not in result.stdout


def test_an_emptied_candidate_ticks_nothing(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    (tmp_path / "empty_nn").mkdir()
    (tmp_path / "empty_nn" / "__init__.py").touch()
    rows = "--rows=ops.neuron.dot,nn.linear,optim.sgd,autograd.tensor,text.word_tokenizer,training.fit"
    result = inner_pytest.run(pytestconfig, tmp_path, OPS, rows, f"--candidate={tmp_path / 'empty_nn'}")
    assert "✓ " not in result.stdout
    assert result.stdout.count("not written yet") + result.stdout.count("waits for:") == 6
    assert " 0 of " in result.stdout


def test_a_skipped_check_is_a_failure(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    (tmp_path / "skips.py").write_text(
        "import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items:\n"
        "        item.add_marker(pytest.mark.skip(reason='no time'))\n",
        encoding="utf-8",
    )
    result = inner_pytest.run(pytestconfig, tmp_path, "-p", "skips", OPS, "-k", "test_forward and linear_dot")
    assert result.returncode == 1
    assert "skipped, and a skipped check proves nothing" in result.stdout


def test_a_row_that_no_test_ran_is_a_failure(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    (tmp_path / "drops.py").write_text(
        "def pytest_collection_modifyitems(items):\n"
        "    items[:] = [item for item in items if item.name == 'test_forward[ops.linear.linear_dot]']\n",
        encoding="utf-8",
    )
    result = inner_pytest.run(pytestconfig, tmp_path, "-p", "drops", "-o", f"testpaths={OPS}")
    assert result.returncode == 1
    assert "no test ran ops.linear.linear_dot: gradient" in result.stdout
    assert "no test ran ops.neuron.dot: forward" in result.stdout
