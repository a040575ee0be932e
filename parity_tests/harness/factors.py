"""A wrong array as a multiple of the right one: by a constant, or by a number of the case, such as a length."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .pairs import Pair, all_right


def constant_factor(name: str, pairs: list[Pair]) -> str:
    """The same factor on all cases."""
    factors = [_factor(pair) for pair in pairs]
    known = [f for f in factors if f]
    if not known or not all(f is None or (f and math.isclose(f, known[0], rel_tol=1e-4)) for f in factors):
        return ""
    factor = min((1 / 2, 2.0, -2.0, -0.5, 3.0, 1 / 3, 4.0, 0.25), key=lambda f: abs(f - known[0]))
    factor = factor if math.isclose(factor, known[0], rel_tol=1e-4) else known[0]
    if not all_right(pairs, lambda p: p.got / factor):
        return ""
    sizes = {_sizes(pair)[text] for pair in pairs for text in _sizes(pair)} if len(pairs) == 1 else set()
    if sizes:  # one case alone cannot tell a constant from a size
        return size_factor(name, pairs) or f"a factor: every value is {factor:.4g} times PyTorch's"
    return f"a factor: every value is {factor:.4g} times PyTorch's"


def _factor(pair: Pair) -> float | None:
    """The ratio if it is the same everywhere, 0 if it is not, None where nothing can be said."""
    right = pair.right.truth
    told = np.isfinite(right) & np.isfinite(pair.got) & (np.abs(right) > 1e3 * pair.right.unit)
    if not told.any():
        return None
    ratios = pair.got.astype(np.float64)[told] / right[told]
    middle = float(np.median(ratios))
    return middle if middle and np.allclose(ratios, middle, rtol=1e-3) else 0.0


def _sizes(pair: Pair) -> dict[str, float]:
    """Numbers of a case by which something may have been divided: lengths of axes, counts, options."""
    found: dict[str, float] = {}
    for name, array in pair.trial.arguments.items():
        found[f"the number of elements of {name}"] = array.size
        for axis, length in enumerate(array.shape):
            found[f"{name}.shape[{axis}]"] = length
        if array.ndim > 1:
            found[f"{name}.shape[-1]"] = array.shape[-1]
            found[f"the rows of {name}"] = math.prod(array.shape[:-1])
            found[f"all but axis 1 of {name}"] = array.size / max(array.shape[1], 1)
    for name, value in pair.trial.case.options.items():
        if isinstance(value, float):
            found[name] = value
            found[f"1 - {name}"] = 1 - value
    return found


FORMS: dict[str, tuple[Callable[[float], float], str]] = {
    "n": (lambda n: n, "{0} times too large: the division by {0} (1/N of a mean) is missing"),
    "1/n": (lambda n: 1 / n, "{0} times too small: it is divided by {0}, as in a mean, where a sum is wanted"),
    "√n": (lambda n: math.sqrt(n), "√n times too large, n = {0}: something under a root is not divided by n"),
    "1/√n": (lambda n: 1 / math.sqrt(n), "√n times too small, n = {0}: under a root stands a sum, not a mean"),
    "n-1": (lambda n: n / (n - 1), "n / (n - 1) times PyTorch's, n = {0}: divided by n - 1, where n is wanted"),
    "1/n-1": (lambda n: (n - 1) / n, "(n - 1) / n times PyTorch's, n = {0}: divided by n, where n - 1 is wanted"),
    "√n-1": (lambda n: math.sqrt((n - 1) / n), "√((n - 1) / n) times PyTorch's, n = {0}: the variance is divided by "
             "n - 1 (unbiased), where n is wanted"),
}  # fmt: skip


def size_factor(name: str, pairs: list[Pair]) -> str:
    """A factor that is a length, a count or an option of each case."""
    if not any(_factor(pair) for pair in pairs):
        return ""
    for text in _sizes(pairs[0]):
        for form, sentence in FORMS.values():

            def undone(pair: Pair, text: str = text, form: Callable[[float], float] = form) -> Any:
                try:
                    return pair.got / form(_sizes(pair)[text])
                except (KeyError, ZeroDivisionError):
                    return None

            if all_right(pairs, undone):
                return f"a factor: every value is {sentence.format(text)}"
    return ""
