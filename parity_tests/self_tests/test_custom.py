"""Components outside of this tree: the page about them is run as it is written."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

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


def check(place: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nn_parity", "check", "my_nn/rows.py", *options]
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)


def test_the_components_of_the_page_are_ticked(place: Path) -> None:
    run = check(place, "--quick")
    assert run.returncode == 0, run.stdout + run.stderr
    titles = re.findall(r'title="(.*?)"', (place / "my_nn" / "rows.py").read_text(encoding="utf-8"))
    assert len(titles) == 6
    for title in titles:
        assert f"✓ {title}" in run.stdout
    assert "6 of 6 components agree" in run.stdout


@pytest.mark.slow
def test_their_mistakes_are_rejected(place: Path) -> None:
    run = check(place, "--mistakes")
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
