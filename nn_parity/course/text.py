"""Text for every terminal: marks and bars where the encoding has them, plain letters where it has not."""

from __future__ import annotations

import re
from typing import Any

PLAIN = {
    "✓": "+", "✗": "x", "○": "o", "·": "-", "…": "...", "█": "#", "░": ".", "–": "-", "—": "-", "→": "->", "−": "-",
    "×": "x", "≤": "<=", "≥": ">=", "√": "sqrt", "²": "^2", "±": "+-", "Σ": "sum", "∂": "d", "ʰ": "^h", "½": "1/2",
    "⟨": "<", "⟩": ">", "∞": "inf", "ε": "eps", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "σ": "sigma",
    "π": "pi", "μ": "mu", "λ": "lambda", "θ": "theta", "ᵀ": "^T", "“": '"', "”": '"', "\u2019": "'", "\u0302": "_hat",
}  # fmt: skip
PRODUCT = re.compile(r"(?<=\S)( ?)·")  # within a line; at the beginning of one the dot is a mark


def readable(text: str, encoding: str | None) -> str:
    """The text itself where the encoding can write it, otherwise with plain letters for its marks."""
    encoding = encoding or "ascii"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        simple = "".join(PLAIN.get(letter, letter) for letter in PRODUCT.sub(r"\1*", text))
        return simple.encode("ascii", "replace").decode("ascii")
    return text


def say(text: str = "", **style: Any) -> None:
    """Print a line; style as in `typer.secho`, and only on a terminal that is not told NO_COLOR."""
    import os
    import sys

    import typer

    text = readable(text, getattr(sys.stdout, "encoding", None))
    if style and (os.environ.get("NO_COLOR") or not sys.stdout.isatty()):
        style = {}
    typer.secho(text, **style)
