"""What turns a wrong array into the right one: a shape, a sign, a factor, an axis, a transpose, a dtype, an offset.

Every fit is tried on all cases on which the array is wrong, and has to hold on each: a factor that is 3 here and 5
there is no constant, but it may be the number of rows in both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from .judge import BUDGET, measure
from .reference import Expected
from .trials import Trial, agrees


class Pair(NamedTuple):
    """A wrong array beside the right one, and the case."""

    right: Expected
    got: Any
    trial: Trial


def explanations(name: str, pairs: list[Pair]) -> list[str]:
    """Sentences, best first, about the array of that name; `pairs`: all cases on which it is wrong."""
    with np.errstate(all="ignore"):
        by_kind = [
            text for text in (_kind(pairs), _shape(pairs), _dtype(pairs)) if text
        ]  # fmt: skip
        if by_kind:
            return by_kind[:1]
        comparable = [pair for pair in pairs if _comparable(pair)]
        if not comparable or len(comparable) < len(pairs) / 2:
            return []
        found = [text for fit in FITS for text in [fit(name, comparable)] if text]
        return found[:1]


def _kind(pairs: list[Pair]) -> str:
    if all(got is None for _, got, _ in pairs):
        return "there is no gradient: backward returns None"
    return ""


def _shape(pairs: list[Pair]) -> str:
    odd = [(right.working.shape, np.shape(got)) for right, got, _ in pairs if np.shape(got) != right.working.shape]
    if not odd or 2 * len(odd) < len(pairs):
        return ""
    if all(got == wanted[::-1] for wanted, got in odd):
        return "transposed: the shape is right after swapping the axes"
    if all(tuple(n for n in got if n != 1) == tuple(n for n in wanted if n != 1) for wanted, got in odd):
        return "axes of length 1 too many or too few: keepdims=True keeps them, indexing and sums drop them"
    if all(got == () for _, got in odd):
        return "summed to a single number, where one for each element is wanted"
    if all(wanted == () for wanted, _ in odd):
        return "not summed: one number for each element, where a single number is wanted"
    if all(len(got) < len(wanted) for wanted, got in odd):
        return "an axis is missing: summed over one axis too many"
    if all(len(got) > len(wanted) for wanted, got in odd):
        return "an axis too many: what was broadcast on the way forward is summed over on the way back"
    return ""


def _dtype(pairs: list[Pair]) -> str:
    odd = [(right.working.dtype, got.dtype) for right, got, _ in pairs
           if isinstance(got, (np.ndarray, np.generic)) and got.dtype != right.working.dtype]  # fmt: skip
    if not odd:
        return ""
    if all(got == np.float64 for _, got in odd):
        return ("float64 leaked in: np.zeros and friends make float64 unless told the dtype of x, and a NumPy scalar "
                "such as np.sqrt(2) promotes, where math.sqrt(2) does not")  # fmt: skip
    wanted, got = odd[0]
    return f"the dtype: {got}, where {wanted} is wanted"


def _comparable(pair: Pair) -> bool:
    right, got, _ = pair
    if not isinstance(got, (np.ndarray, np.generic)) or got.dtype.kind != "f" or not got.size:
        return False
    return bool(got.shape == right.working.shape and got.dtype == right.working.dtype)


def _all(pairs: list[Pair], change: Callable[[Pair], Any]) -> bool:
    """Whether the change makes every array right. It must make something of each."""
    for pair in pairs:
        try:
            changed = change(pair)
        except (ValueError, IndexError, TypeError):
            return False
        if changed is None or np.shape(changed) != pair.got.shape:
            return False
        if not agrees(pair.right, np.asarray(changed, pair.got.dtype)):
            return False
    return True


def _zeros(name: str, pairs: list[Pair]) -> str:
    return "every value is zero: nothing comes through" if all(not np.any(got) for _, got, _ in pairs) else ""


def _sign(name: str, pairs: list[Pair]) -> str:
    return "the sign: every value has the opposite sign" if _all(pairs, lambda p: -p.got) else ""


def _constant_factor(name: str, pairs: list[Pair]) -> str:
    factors = [_factor(pair) for pair in pairs]
    known = [f for f in factors if f]
    if not known or not all(f is None or (f and math.isclose(f, known[0], rel_tol=1e-4)) for f in factors):
        return ""
    factor = min((1 / 2, 2.0, -2.0, -0.5, 3.0, 1 / 3, 4.0, 0.25), key=lambda f: abs(f - known[0]))
    factor = factor if math.isclose(factor, known[0], rel_tol=1e-4) else known[0]
    if not _all(pairs, lambda p: p.got / factor):
        return ""
    sizes = {_sizes(pair)[text] for pair in pairs for text in _sizes(pair)} if len(pairs) == 1 else set()
    if sizes:  # one case alone cannot tell a constant from a size
        return _size_factor(name, pairs) or f"a factor: every value is {factor:.4g} times PyTorch's"
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


def _size_factor(name: str, pairs: list[Pair]) -> str:
    if not any(_factor(pair) for pair in pairs):
        return ""
    for text in _sizes(pairs[0]):
        for form, sentence in FORMS.values():

            def undone(pair: Pair, text: str = text, form: Callable[[float], float] = form) -> Any:
                try:
                    return pair.got / form(_sizes(pair)[text])
                except (KeyError, ZeroDivisionError):
                    return None

            if _all(pairs, undone):
                return f"a factor: every value is {sentence.format(text)}"
    return ""


def _named(pair: Pair, *, with_gradients: bool) -> Iterator[tuple[str, Any]]:
    """Arrays that may have got into the result, or be missing from it."""
    arguments = pair.trial.arguments
    yield from arguments.items()
    for name, right in pair.trial.expected.items():
        if with_gradients and right is not pair.right:
            yield f"PyTorch's {name}", right.working
    upstream = pair.trial.upstream
    if len(upstream) == 1:
        yield "dy", upstream[0]


def _is_another(name: str, pairs: list[Pair]) -> str:
    for label, _ in _named(pairs[0], with_gradients=True):

        def other(pair: Pair, label: str = label) -> Any:
            value = dict(_named(pair, with_gradients=True)).get(label)
            if value is None or not _close(pair, value):
                return None
            return pair.right.working

        if _all(pairs, other):
            what = "swapped or in another order: " if label.startswith("PyTorch's") else ""
            return f"{what}{name} holds {label}"
    return ""


def _close(pair: Pair, value: Any) -> bool:
    value = np.broadcast_to(value, pair.got.shape)
    return bool(
        np.array_equal(value, pair.got, equal_nan=True) or np.allclose(value, pair.got, rtol=1e-5, equal_nan=True)
    )


def _product(name: str, pairs: list[Pair]) -> str:
    for label, _ in _named(pairs[0], with_gradients=False):

        def array(pair: Pair, label: str = label) -> Any:
            value = dict(_named(pair, with_gradients=False))[label]
            return np.broadcast_to(value, pair.got.shape)

        if not all(label in dict(_named(pair, with_gradients=False)) for pair in pairs):
            continue
        if _all(pairs, lambda p: p.got * array(p)):
            return f"{label} is missing: it agrees once it is multiplied by {label}"
        if _all(pairs, lambda p: p.got / array(p)):
            return f"{label} is one factor too many: it agrees once it is divided by {label}"
        if _all(pairs, lambda p: p.got + array(p)):
            return f"{label} is missing: it agrees once {label} is added"
        if _all(pairs, lambda p: p.got - array(p)):
            return f"{label} is added once too often"
    return ""


def _offset(name: str, pairs: list[Pair]) -> str:
    known = [(pair, np.isfinite(pair.right.truth)) for pair in pairs]
    offsets = [float(np.median((p.got - p.right.truth)[finite])) for p, finite in known if finite.any()]
    if len(offsets) < 2 or not np.isfinite(offsets).all() or not offsets[0]:
        return ""
    near = round(offsets[0]) if math.isclose(round(offsets[0]), offsets[0], rel_tol=1e-3) else offsets[0]
    if _all(pairs, lambda p: p.got - near):
        return f"off by a constant: every value is {near:.4g} too large"
    return ""


def _rearranged(name: str, pairs: list[Pair]) -> str:
    tries: dict[str, Callable[[Any], Any]] = {
        "transposed: it agrees after swapping the last two axes": lambda a: np.swapaxes(a, -1, -2),
        "in the reverse order along the last axis": lambda a: a[..., ::-1],
        "in the reverse order along the first axis": lambda a: a[::-1],
        "shifted by one along the last axis": lambda a: np.roll(a, 1, -1),
    }
    wide = [pair for pair in pairs if pair.got.ndim]
    for text, change in tries.items():
        if wide and _all(wide, lambda p, change=change: change(p.got)):  # type: ignore[misc]
            return text
    return ""


def _along_an_axis(name: str, pairs: list[Pair]) -> str:
    """The error is the same all along an axis, and differs elsewhere: a mean over it is missing, or one too many."""
    for axis in (-1, 0, 1):
        told = False
        for right, got, _ in pairs:
            if not -got.ndim <= axis < got.ndim or not np.isfinite(right.truth).all() or not np.isfinite(got).all():
                break
            error = got - right.truth
            spread = error.max(axis=axis, keepdims=True) - error.min(axis=axis, keepdims=True)
            if np.any(spread > BUDGET * 2 * right.unit.max(axis=axis, keepdims=True)):
                break
            told = told or got.shape[axis] > 1
        else:
            if told:
                return f"the error is the same all along axis {axis}: a mean over it is missing, or one too many"
    return ""


FITS: tuple[Callable[[str, list[Pair]], str], ...] = (
    _zeros, _sign, _constant_factor, _size_factor, _is_another, _product, _offset, _rearranged, _along_an_axis,
)  # fmt: skip


def share_wrong(pair: Pair) -> Any:
    """Which elements are wrong."""
    return measure(pair.right, pair.got) > BUDGET
