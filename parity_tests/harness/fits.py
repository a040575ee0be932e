"""What turns a wrong array into the right one: a shape, a sign, a factor, an axis, a transpose, a dtype, an offset.

Every fit is tried on all cases on which the array is wrong, and has to hold on each: a factor that is 3 here and 5
there is no constant, but it may be the number of rows in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .factors import constant_factor, size_factor
from .judge import BUDGET, measure
from .pairs import Pair, all_right, comparable
from .reference import Expected
from .rounding import rounding

OF_PYTORCH = "PyTorch's "


def explanations(name: str, pairs: list[Pair]) -> list[str]:
    """Sentences, best first, about the array of that name; `pairs`: all cases on which it is wrong.

    Those without numbers have no say beside others: the mean of an empty batch is NaN, whatever it is a multiple of.
    """
    pairs = [pair for pair in pairs if all(a.size for a in pair.trial.arguments.values())] or pairs
    with np.errstate(all="ignore"):
        by_kind = [
            text for text in (_kind(pairs), _shape(pairs), _dtype(pairs)) if text
        ]  # fmt: skip
        if by_kind:
            return by_kind[:1]
        alike = [pair for pair in pairs if comparable(pair)]
        if not alike or len(alike) < len(pairs) / 2:
            return []
        found = [text for fit in FITS for text in [fit(name, alike)] if text]
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


def _zeros(name: str, pairs: list[Pair]) -> str:
    return "every value is zero: nothing comes through" if all(not np.any(got) for _, got, _ in pairs) else ""


def _sign(name: str, pairs: list[Pair]) -> str:
    return "the sign: every value has the opposite sign" if all_right(pairs, lambda p: -p.got) else ""


def _named(pair: Pair, *, with_gradients: bool) -> Iterator[tuple[str, Any]]:
    """Arrays that may have got into the result, or be missing from it."""
    arguments = pair.trial.arguments
    yield from arguments.items()
    for name, right in pair.trial.expected.items():
        if with_gradients and right is not pair.right:
            yield f"{OF_PYTORCH}{name}", right.working
    upstream = pair.trial.upstream
    if len(upstream) == 1:
        yield "dy", upstream[0]


def _is_another(name: str, pairs: list[Pair]) -> str:
    for label, _ in _named(pairs[0], with_gradients=True):

        def other(pair: Pair, label: str = label) -> Any:
            value = dict(_named(pair, with_gradients=True)).get(label)
            return None if value is None or not _is(pair, label, value) else pair.right.working

        if all_right(pairs, other):
            what = "swapped or in another order: " if label.startswith(OF_PYTORCH) else ""
            return f"{what}{name} holds {label}"
    return ""


def _is(pair: Pair, label: str, value: Any) -> bool:
    """Whether the array holds PyTorch's answer of that name, in its noise, or an argument, but for a few roundings."""
    if value.dtype.kind != "f":
        return bool(np.array_equal(np.broadcast_to(value, pair.got.shape), pair.got))
    if label.startswith(OF_PYTORCH):
        known = pair.trial.expected[label.removeprefix(OF_PYTORCH)]
    else:
        known = Expected(label, value, value, rounding(value, pair.got.dtype))
    truth, working, unit = (np.broadcast_to(part, pair.got.shape) for part in (known.truth, known.working, known.unit))
    return bool(np.all(measure(Expected(label, truth, working, unit), pair.got) <= BUDGET))


def _product(name: str, pairs: list[Pair]) -> str:
    for label, _ in _named(pairs[0], with_gradients=False):

        def array(pair: Pair, label: str = label) -> Any:
            value = dict(_named(pair, with_gradients=False))[label]
            return np.broadcast_to(value, pair.got.shape)

        if not all(label in dict(_named(pair, with_gradients=False)) for pair in pairs):
            continue
        if all_right(pairs, lambda p: p.got * array(p)):
            return f"{label} is missing: it agrees once it is multiplied by {label}"
        if all_right(pairs, lambda p: p.got / array(p)):
            return f"{label} is one factor too many: it agrees once it is divided by {label}"
        if all_right(pairs, lambda p: p.got + array(p)):
            return f"{label} is missing: it agrees once {label} is added"
        if all_right(pairs, lambda p: p.got - array(p)):
            return f"{label} is added once too often"
    return ""


def _offset(name: str, pairs: list[Pair]) -> str:
    known = [(pair, np.isfinite(pair.right.truth)) for pair in pairs]
    offsets = [float(np.median((p.got - p.right.truth)[finite])) for p, finite in known if finite.any()]
    if len(offsets) < 2 or not np.isfinite(offsets).all() or not offsets[0]:
        return ""
    for near in (round(offsets[0]), offsets[0]):
        if near and all_right(pairs, lambda p: p.got - near):  # noqa: B023
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
        if wide and all_right(wide, lambda p, change=change: change(p.got)):  # type: ignore[misc]
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
    _zeros, _sign, constant_factor, size_factor, _is_another, _product, _offset, _rearranged, _along_an_axis,
)  # fmt: skip


def share_wrong(pair: Pair) -> Any:
    """Which elements are wrong."""
    return measure(pair.right, pair.got) > BUDGET
