"""Three hints for every component, from the shipped file itself: the idea, the equations, the plan shape by shape."""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from .package import file_of, shipped

LEVELS = {1: "idea", 2: "equations", 3: "plan"}
PARAGRAPH = re.compile(r"\n\s*\n")


def docstring(name: str) -> str:
    """What a component says about itself."""
    return ast.get_docstring(ast.parse(file_of(shipped(), name).read_text(encoding="utf-8"))) or ""


def idea(name: str) -> str:
    """The title and the explanations in words; no equation, nothing about the way back."""
    kept = []
    for part in PARAGRAPH.split(docstring(name)):
        if part.lstrip().startswith(("Backward", "Source:", "PyTorch:")):
            break
        if not part.startswith("    "):
            kept.append(part)
    return "\n\n".join(kept[:3])


def equations(name: str) -> str:
    """The equations, and what leads from one to the next on the way back."""
    parts = PARAGRAPH.split(docstring(name))
    begin = next((i for i, part in enumerate(parts) if part.startswith("Backward")), len(parts))
    forward = [part for part in parts[:begin] if part.startswith("    ")]
    backward = [part for part in parts[begin:] if not part.startswith(("Source:", "PyTorch:"))]
    return "\n\n".join([*forward, *backward]) or "No equation: the idea is all there is. Try --level 3."


def signatures(name: str) -> str:
    """The functions, classes and caches of a component, with what their docstrings say; no bodies."""
    lines: list[str] = []
    for node in ast.parse(file_of(shipped(), name).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            lines += [f"class {node.name}:", *_fields(node)]
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    lines += textwrap.indent(_signature(method), "    ").splitlines()
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            lines += _signature(node).splitlines()
    return "\n".join(lines)


def _fields(node: ast.ClassDef) -> list[str]:
    return [f"    {ast.unparse(field)}" for field in node.body if isinstance(field, ast.AnnAssign)]


def _signature(node: ast.FunctionDef) -> str:
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    head = f"def {node.name}({ast.unparse(node.args)}){returns}"
    said = (ast.get_docstring(node) or "").split("\n\n")[0]
    return head + ("\n" + textwrap.indent(said, "    ") if said else "")


def plan(name: str, run: Callable[[], Any]) -> str:
    """What the shipped version makes, in order, while `run` runs it: names and shapes, and not how."""
    file = str(file_of(shipped(), name))
    seen: dict[str, dict[str, str]] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not _same_file(frame.f_code.co_filename, file):
            return None
        arguments = frame.f_code.co_varnames[: frame.f_code.co_argcount + frame.f_code.co_kwonlyargcount]
        if frame.f_code.co_name.startswith("<"):
            return None
        found = seen.setdefault(frame.f_code.co_name, dict.fromkeys(arguments, ""))
        for key, value in frame.f_locals.items():
            if not found.get(key):
                found[key] = _shape(value)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    lines = []
    for function, names in seen.items():
        lines.append(f"{function}, in this order:")
        lines += [f"    {key:<16} {shape}".rstrip() for key, shape in names.items() if not key.startswith("_")]
    return "\n".join(lines) or "This component has no steps of its own to show."


def _same_file(first: str, second: str) -> bool:
    return first == second or (
        Path(first).name == Path(second).name and Path(first).resolve() == Path(second).resolve()
    )


def _shape(value: Any) -> str:
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple):
        return f"{shape}" if shape else "() one number"
    if isinstance(value, (bool, int, float, str)) or value is None:
        return repr(value)
    if isinstance(value, (list, tuple)) and len(value) <= 6 and all(hasattr(part, "shape") for part in value):
        return ", ".join(str(part.shape) for part in value)
    return type(value).__name__
