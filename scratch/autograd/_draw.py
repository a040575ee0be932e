"""Pictures of a graph: every `Value` that a result was computed from, and how.

`draw_dot(result)` describes it in Graphviz's language DOT, to be pasted into any viewer; `draw_svg(result)` runs the
program `dot`, where that is installed.
"""

from __future__ import annotations

import shutil
import subprocess

from .value import Value


def draw_dot(result: Value) -> str:
    """The graph as DOT text: a box a value, with its gradient, and an oval for the operation that made it."""
    lines = ["digraph {", "  rankdir=LR", "  node [shape=box, fontname=monospace]"]
    number = {value: i for i, value in enumerate(result.ancestors()[::-1])}
    for value, i in number.items():
        lines.append(f'  v{i} [label="{value.data:.4g}\\n∇ {value.grad:.4g}"]')
        if value.operation:
            lines.append(f'  o{i} [label="{value.operation}", shape=oval]')
            lines.append(f"  o{i} -> v{i}")
            lines += [f"  v{number[operand]} -> o{i}" for operand in value.operands]
    return "\n".join([*lines, "}"]) + "\n"


def draw_svg(result: Value) -> str:
    """The graph as an SVG image. Raises RuntimeError where Graphviz is not installed, or fails."""
    program = shutil.which("dot")
    if program is None:
        raise RuntimeError("the program dot of Graphviz is not installed (https://graphviz.org/download); "
                           "draw_dot gives the text that it or any online viewer draws")  # fmt: skip
    done = subprocess.run([program, "-Tsvg"], input=draw_dot(result), capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"dot failed: {done.stderr.strip()}")
    return done.stdout
