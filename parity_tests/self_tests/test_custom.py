"""Components outside of this tree: the page about them is run as it is written."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from nn_parity import commands
from nn_parity.cli import app

from ..harness import own_rows
from . import inner_pytest
from .inner_pytest import OPS, ROOT

PAGE = (ROOT / "docs" / "custom.md").read_text(encoding="utf-8")
NAMED = re.compile(r"^`(my_nn/\w+\.py)`\n\n```python\n(.*?)^```", re.M | re.S)
SCRIPT = PAGE.rpartition("```python\n")[2].partition("```")[0]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name, source in NAMED.findall(PAGE):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return tmp_path


def test_the_components_of_the_page_are_ticked(
    place: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command of the page, with its `pytest` in this process, which has PyTorch already."""
    runs: list[inner_pytest.Run] = []

    def in_this_process(command: list[str], *, check: bool) -> inner_pytest.Run:
        assert command[:3] == [sys.executable, "-m", "pytest"] and not check
        runs.append(inner_pytest.run(pytestconfig, place, *command[3:]))
        return runs[-1]

    monkeypatch.setattr(commands.check, "subprocess", SimpleNamespace(run=in_this_process))
    result = CliRunner().invoke(app, ["check", str(place / "my_nn" / "rows.py"), "--quick"])
    (run,) = runs
    assert (result.exit_code, run.returncode) == (0, 0), run.stdout
    titles = re.findall(r'title="(.*?)"', (place / "my_nn" / "rows.py").read_text(encoding="utf-8"))
    assert len(titles) == 6
    for title in titles:
        assert f"✓ {title}" in run.stdout
    assert "6 of 6 components agree" in run.stdout


@pytest.mark.slow
def test_their_mistakes_are_rejected(place: Path) -> None:
    """In a process of its own, as a user runs it."""
    command = [sys.executable, "-m", "nn_parity", "check", "my_nn/rows.py", "--mistakes"]
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": "/usr/bin:/bin"}
    run = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "8 of 8" in run.stdout


WRONG = (
    ("snake", "Snake", "np.sin(2 * a * x)", "np.sin(a * x)", "wrong     dx"),
    ("centralized_sgd", "SGD with centralized gradients", "- gradient.mean()", "+ gradient.mean()", "wrong     y"),
    ("charbonnier", "Charbonnier loss", "import sys\n", "import sys\nimport torch\n", "imports torch"),
    ("channel_scale", "Channel scale", "x * self.weight", "x - self.weight", ""),
    ("within", "Share within a tolerance", "<= tolerance", ">= tolerance", ""),
    ("weight_limit", "Weight limit", "-self.limit, self.limit", "-self.limit, 9", ""),
)


@pytest.mark.parametrize("broken", [WRONG[:1], pytest.param(WRONG, marks=pytest.mark.slow)], ids=["one", "all"])
def test_wrong_ones_are_not_ticked(
    place: Path, broken: tuple[tuple[str, ...], ...], pytestconfig: pytest.Config
) -> None:
    for file, _, right, wrong, _ in broken:
        source = place / "my_nn" / f"{file}.py"
        text = source.read_text(encoding="utf-8")
        assert text.count(right) == 1
        source.write_text(text.replace(right, wrong), encoding="utf-8")
    rows = place / "my_nn" / "rows.py"
    chosen = " or ".join(file for file, *_ in broken)
    run = inner_pytest.run(pytestconfig, place, OPS, f"--rows={rows}", "-k", chosen)
    assert run.returncode == 1
    for _, title, _, _, says in broken:
        assert f"  ✗ {title} " in run.stdout, run.stdout
        assert says in run.stdout, run.stdout
    assert f'again     nn-parity check {rows} -k "snake and gradient"' in run.stdout.replace("\n              ", " ")


def test_rows_that_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "rows.py"
    for content, says in ((None, "there is no file"), ("ROWS = ()", "must define ROWS"), ("ROWS = (1,)", "ROWS")):
        if content is not None:
            file.write_text(content, encoding="utf-8")
        with pytest.raises(own_rows.BadRows, match=says):
            own_rows.load(file)


def test_a_row_needs_a_reference_and_a_name_of_its_own(place: Path) -> None:
    file = place / "my_nn" / "rows.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('reference={"forward": snake},', ""), encoding="utf-8")
    with pytest.raises(own_rows.BadRows, match="snake needs reference="):
        own_rows.load(file)
    file.write_text(text.replace('"within",', '"snake",'), encoding="utf-8")
    with pytest.raises(own_rows.BadRows, match="two rows snake"):
        own_rows.load(file)


def test_the_training_of_the_page(place: Path) -> None:
    (place / "train.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, "train.py"]
    environment = {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    last = re.findall(r"(\d+)%", run.stdout)[-1]
    assert int(last) > 80, run.stdout
