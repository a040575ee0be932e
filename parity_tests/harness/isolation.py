"""A candidate stands on its own: what its files import, found without running them."""

from __future__ import annotations

import ast
import traceback
from functools import cache
from importlib.util import resolve_name
from pathlib import Path

FOREIGN = ("torch", "reference_torch", "scratch")


def foreign_import(folder: Path, name: str, foreign: tuple[str, ...] = FOREIGN) -> str | None:
    """`ops/activations/relu.py:3 imports torch`, for the first such import of a component or of what it is built from.

    A learner's mistake, a line copied from `scratch/`, is found. Whoever hides an import is for `--confined`.
    """
    return _first_foreign(folder.resolve(), f"{folder.name}.{name}", frozenset(), foreign)


def _first_foreign(folder: Path, full: str, seen: frozenset[str], foreign: tuple[str, ...]) -> str | None:
    for line, target in _imports(folder, full):
        if target.split(".")[0] == folder.name:
            if target not in seen:
                seen |= {target}
                found = _first_foreign(folder, target, seen, foreign)
                if found:
                    return found
        elif target.split(".")[0] in foreign:
            file = _file(folder, full)
            place = file.relative_to(folder.parent).as_posix() if file else full
            return f"{place}:{line} imports {target.split('.')[0]}"
    return None


def _file(folder: Path, full: str) -> Path | None:
    base = folder.parent.joinpath(*full.split("."))
    for file in (base.with_suffix(".py"), base / "__init__.py"):
        if file.is_file():
            return file
    return None


@cache
def _imports(folder: Path, full: str) -> tuple[tuple[int, str], ...]:
    """Lines and full names of what a module imports; names from a package may be modules or not."""
    file = _file(folder, full)
    if file is None:
        return ()
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return ()  # said when it is imported
    package = full if file.name == "__init__.py" else full.rpartition(".")[0]
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            try:
                base = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
            except ImportError:  # more dots than there are packages
                continue
            found.append((node.lineno, base or ""))
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
    return tuple(found)


def what_and_where(error: BaseException) -> str:
    """An exception on import, in one sentence."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "importlib" not in f.filename]
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    if isinstance(error, SyntaxError):
        place = f" ({Path(error.filename or '?').name}:{error.lineno})"
        return f"SyntaxError: {error.msg}{place}"
    return f"{type(error).__name__}: {error}{place}"
