"""Candidates of other kinds: a C library, arrays of JAX."""

import importlib.util
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ..catalogue import ROWS
from ..harness import candidate, checks
from ..harness.draws import drawn
from ..harness.evidence import Evidence

EXAMPLES = Path(__file__).parents[2] / "examples" / "candidates"
COMPILER = shutil.which("cc")


def judge(name: str) -> None:
    """Every check of a row, a few draws each."""
    row: Any = next(row for row in ROWS if row.name == name)
    source = (EXAMPLES / f"{name.rpartition('.')[2]}.py").read_text(encoding="utf-8")
    module = candidate.from_source(source, "scratch", name, label="example")
    for case in drawn(row, 24):
        for check in (checks.forward, checks.gradient, checks.layout):
            check(row, module, case, Evidence())
    for refused in row.refusals:
        checks.refusal(row, module, refused, Evidence())


@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")
def test_a_c_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "librelu.so"
    command = [str(COMPILER), "-O2", "-shared", "-fPIC", "-o", str(library), str(EXAMPLES / "relu.c")]
    subprocess.run(command, check=True)
    monkeypatch.setenv("RELU_LIBRARY", str(library))
    judge("ops.activations.relu")


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")
@pytest.mark.filterwarnings("ignore")
def test_arrays_of_jax() -> None:
    judge("ops.activations.softmax")
