"""Components as text: their functions blanked for an exercise, or replaced by those of an answer.

All of it by the syntax tree, which says where a body begins and ends, and by the lines of the file, so that docstrings,
comments and layout stay as they were written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

BLANK = "raise NotImplementedError"
DESCRIBES = {"extra_repr", "__repr__", "__str__"}  # says what a thing is, computes nothing

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module) -> dict[str, Function]:
    """The functions of a file, and the methods of its classes as `Class.method`."""
    return dict(_functions(tree.body, ""))


def _functions(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, Function]]:
    for node in body:
        if isinstance(node, Function):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{prefix}{node.name}.")


def blank(source: str) -> str:
    """The file with `raise NotImplementedError` in the place of every body; docstrings and signatures stay."""
    lines = source.splitlines(keepends=True)
    for name, node in reversed(list(functions(ast.parse(source)).items())):
        body = node.body[1:] if _is_docstring(node.body[0]) else node.body
        if name.rpartition(".")[2] in DESCRIBES or _computes_nothing(body):
            continue
        indent = " " * (node.col_offset + 4)
        if body[0].lineno == node.lineno:  # def f(self): return 1
            head = lines[node.lineno - 1].encode()[: body[0].col_offset].decode()
            lines[node.lineno - 1 : node.end_lineno] = [f"{head}{BLANK}\n"]
        else:
            lines[_first_line(body[0]) - 1 : node.end_lineno] = [f"{indent}{BLANK}\n"]
    return "".join(lines)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _computes_nothing(body: list[ast.stmt]) -> bool:
    """Only a docstring, `pass` or `...`, or blank as shipped: a method that subclasses write."""
    return not body or (len(body) == 1 and ast.unparse(body[0]) in ("pass", "...", BLANK))


def _first_line(node: ast.stmt) -> int:
    """The line on which a statement begins, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def splice(source: str, answer: str) -> str:
    """The file with the functions of an answer in the place of its own of the same name; others are added."""
    wanted = functions(ast.parse(answer))
    written = answer.splitlines(keepends=True)
    own = functions(ast.parse(source))
    lines = source.splitlines(keepends=True)
    for name, node in reversed(list(own.items())):
        if name in wanted:
            new = wanted[name]
            lines[_first_line(node) - 1 : node.end_lineno] = written[_first_line(new) - 1 : new.end_lineno]
    added = [new for name, new in wanted.items() if name not in own and "." not in name]
    for new in added:
        lines += ["\n\n", *written[_first_line(new) - 1 : new.end_lineno]]
    return "".join(lines)
