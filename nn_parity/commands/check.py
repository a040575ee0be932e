"""`nn-parity check`: components of your own, judged like those of this tree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from ._shared import Quick, Thorough

ROOT = Path(__file__).parents[2]


def check(
    file: Annotated[Path, typer.Argument(metavar="ROWS.py", help="Defines ROWS: what your components take and do.")],
    candidate: Annotated[
        str | None,
        typer.Option("--candidate", "-c", metavar="PACKAGE", help="Their package (default: that of ROWS.py)."),
    ] = None,
    mistakes: Annotated[bool, typer.Option("--mistakes", help="Are the rows' wrong versions rejected?")] = False,
    keyword: Annotated[str, typer.Option("-k", metavar="WORDS", help="These checks only, as pytest chooses.")] = "",
    quick: Quick = False,
    thorough: Thorough = False,
) -> None:
    """Judge ops, layers, losses, metrics, callbacks and optimizers of your own.

    Each has a row in ROWS.py, with its inputs and its reference in PyTorch:
    see docs/custom.md, which has an example of every kind.

    \b
    Examples:
      nn-parity check my_nn/rows.py
      nn-parity check my_nn/rows.py -k "snake and gradient"
      nn-parity check my_nn/rows.py --mistakes
    """  # noqa: D301
    if not file.is_file():
        raise typer.BadParameter(f"there is no file {file}", param_hint="ROWS.py")
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", f"--rootdir={ROOT}",
               "-c", str(ROOT / "pyproject.toml"), f"--rows={file}"]  # fmt: skip
    command += [f"--candidate={candidate}"] if candidate else []
    command += ["-k", keyword] if keyword else []
    command += ["--hypothesis-profile=thorough"] if thorough else ["--hypothesis-profile=quick"] if quick else []
    command += ["--mistakes"] if mistakes else []
    command.append(str(ROOT / "parity_tests" / ("test_mistakes.py" if mistakes else "test_ops.py")))
    raise typer.Exit(subprocess.run(command, check=False).returncode)
