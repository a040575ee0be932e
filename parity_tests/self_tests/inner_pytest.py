"""`pytest` within a test, in this process: PyTorch and the catalogue are there already, which saves most of the time.

What a run leaves behind is put back: the profile of Hypothesis, the path, the modules of the candidate.
"""

import contextlib
import importlib
import io
import os
import sys
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import hypothesis
import pytest

from ..harness import checklist, shrink

ROOT = Path(__file__).parents[2]
OPS = "parity_tests/test_ops.py"
PROGRAMS = "parity_tests/test_programs.py"
TESTS = "parity_tests.test_ops"
QUIET = ("-n", "0", "-p", "no:cacheprovider", "-W", "ignore", "--capture=sys", "--hypothesis-profile=quick")


class Run(NamedTuple):
    """What a user sees of a run."""

    returncode: int
    stdout: str


def run(outer: pytest.Config, place: Path, *arguments: str) -> Run:
    """`pytest ARGUMENTS`, with few draws, little time for simpler numbers, in 80 columns.

    Modules in `place` are found, and forgotten afterwards.
    """
    screen = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")
    terminal = {"COLUMNS": "80", "FORCE_COLOR": "", "PY_COLORS": ""}
    tests = sys.modules.pop(TESTS, None)  # takes the rows, the catalogue's or a user's, when it is imported
    importlib.invalidate_caches()
    with (
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(screen),
        mock.patch.dict(os.environ, terminal),
        mock.patch.object(sys, "path", [str(place), *sys.path]),
        mock.patch.object(shrink, "SECONDS", 0.2),
    ):
        try:
            code = pytest.main([*QUIET, *arguments])
        finally:
            checklist.judge_only(())
            hypothesis.settings.load_profile(outer.getoption("--hypothesis-profile") or "default")
            for name, module in list(sys.modules.items()):
                if name == TESTS or place in Path(getattr(module, "__file__", None) or "").parents:
                    del sys.modules[name]
            if tests is not None:
                sys.modules[TESTS] = tests
    screen.seek(0)
    return Run(int(code), screen.read())
