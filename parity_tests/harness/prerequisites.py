"""What a component is built from: the components that its shipped file imports. Derived, so nothing to maintain."""

from __future__ import annotations

import ast
from functools import cache
from importlib.util import resolve_name

from . import candidate


@cache
def prerequisites(name: str) -> tuple[str, ...]:
    """The names of the modules of the tree that `name` imports, in the order of the file.

    Helpers and types are among them: keep those that have a row.
    """
    package = f"scratch.{name}".rpartition(".")[0]
    found: list[str] = []
    try:
        source = candidate.source_file("scratch", name).read_text(encoding="utf-8")
    except (candidate.NotWritten, ModuleNotFoundError):  # a user's own component
        return ()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = resolve_name("." * node.level + (node.module or ""), package)
            found += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return tuple(dict.fromkeys(full.removeprefix("scratch.") for full in found))
