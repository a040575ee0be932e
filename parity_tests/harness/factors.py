"""A wrong array as a multiple of the right one: by a constant, or by a number of the case, such as a length."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .judge import BUDGET
from .pairs import Pair, all_right

SIMPLE = (1 / 2, 2.0, -2.0, -0.5, 3.0, 1 / 3, 4.0, 0.25)


class Ratio(NamedTuple):
    """How many times the right answer an array is, by the element that stands out of its noise most."""

    value: float  # 0 if it is not the same everywhere
    clear: float  # how many times its noise that element is


def constant_factor(name: str, pairs: list[Pair]) -> str:
    """The same factor on all cases."""
    ratios = [ratio for pair in pairs if (ratio := _ratio(pair))]
    if not ratios or not all(ratio.value for ratio in ratios):
        return ""
    known = max(ratios, key=lambda ratio: ratio.clear).value
    simple = min(SIMPLE, key=lambda factor: abs(factor - known))
    tried = (f for f in (simple, known) if all_right(pairs, lambda pair: pair.got / f))  # noqa: B023
    factor = next(tried, None)
    if factor is None:
        return ""
    sizes = {_sizes(pair)[text] for pair in pairs for text in _sizes(pair)} if len(pairs) == 1 else set()
    if sizes:  # one case alone cannot tell a constant from a size
        return size_factor(name, pairs) or f"a factor: every value is {factor:.4g} times PyTorch's"
    return f"a factor: every value is {factor:.4g} times PyTorch's"


def _ratio(pair: Pair) -> Ratio | None:
    """None where nothing stands out."""
    right, noise = pair.right.truth, BUDGET * pair.right.unit
    told = np.isfinite(right) & np.isfinite(pair.got) & (np.abs(right) > noise)
    if not told.any():
        return None
    right, got, noise = right[told], pair.got.astype(np.float64)[told], noise[told]
    best = np.argmax(np.abs(right) / noise)
    value = float(got[best] / right[best])
    same = value and np.all(np.abs(got / value - right) <= 2 * noise)  # an element has noise, and the ratio has
    return Ratio(value if same else 0.0, float(np.abs(right[best]) / noise[best]))


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
    if not any(ratio.value for pair in pairs if (ratio := _ratio(pair))):
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
