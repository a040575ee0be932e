"""Where an array is wrong: in which cases, in which rows, at which numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from .fits import share_wrong
from .pairs import Pair
from .trials import Trial

FEW = 2  # cases on either side, below which a pattern says nothing


def cases_of(trials: list[Trial]) -> str:
    """What the cases with an error have in common, and no other has."""
    wrong = [trial for trial in trials if trial.wrong]
    right = [trial for trial in trials if not trial.wrong]
    if len(wrong) < FEW or len(right) < FEW:
        return ""
    for text, holds in _conditions(wrong[0]):
        if all(holds(trial) for trial in wrong) and not any(holds(trial) for trial in right):
            return f"it is wrong where {text}, and right elsewhere"
    return ""


def _conditions(trial: Trial) -> Iterator[tuple[str, Callable[[Trial], bool]]]:
    for name, value in trial.case.options.items():
        yield f"{name}={value!r}", partial(_has_option, name, value)
    for name in trial.case.options:
        yield f"{name} is neither 0 nor None", partial(_uses_option, name)
    arguments = trial.names[: len(trial.case.arrays)]
    for name in arguments:
        yield f"{name} is given", partial(_has_rank, name, range(9))
        yield f"{name} is None", partial(_lacks, name)
    yield "there are NaN or infinities", _has_special_values
    yield "numbers are large", _has_large_values
    yield "numbers are small whole ones, on ties and kinks", lambda t: t.case.exact
    yield "the dtype is float32", lambda t: bool(t.case.dtype == np.float32)
    for name in arguments:
        for rank in range(1, 5):
            yield f"{name} has {rank} axes", partial(_has_rank, name, range(rank, rank + 1))
            yield f"{name} has more than {rank} axes", partial(_has_rank, name, range(rank + 1, 9))


def _has_option(name: str, value: Any, trial: Trial) -> bool:
    return _same(trial.case.options.get(name), value)


def _uses_option(name: str, trial: Trial) -> bool:
    return trial.case.options.get(name) not in (0, None)


def _has_rank(name: str, ranks: range, trial: Trial) -> bool:
    return name in trial.arguments and trial.arguments[name].ndim in ranks


def _lacks(name: str, trial: Trial) -> bool:
    return name not in trial.arguments


def _has_special_values(trial: Trial) -> bool:
    return any(not np.isfinite(a).all() for a in _floats(trial))


def _has_large_values(trial: Trial) -> bool:
    return any(np.nanmax(np.abs(a), initial=0) > 20 for a in _floats(trial))


def _same(a: Any, b: Any) -> bool:
    return type(a) is type(b) and bool(a == b)


def _floats(trial: Trial) -> list[Any]:
    return [a for a in trial.arguments.values() if a.dtype.kind == "f"]


def elements_of(pairs: list[Pair]) -> str:
    """Which elements are wrong: those of some rows, or those at some numbers of the input."""
    telling = [(share_wrong(pair), pair) for pair in pairs if _same_shape(pair)]
    telling = [(wrong, pair) for wrong, pair in telling if wrong.any()]
    if not telling:
        return ""
    if any(not wrong.all() for wrong, _ in telling):
        for text, mask in _ROWS.items():
            if _fits([(wrong, mask(wrong)) for wrong, _ in telling if wrong.ndim]):
                return text
    for name in telling[0][1].trial.arguments:
        for text, holds in _VALUES.items():
            masks = [(wrong, _mask(pair, name, wrong, holds)) for wrong, pair in telling]
            if all(mask is not None for _, mask in masks) and _fits(masks):
                return f"it is wrong only where {name} is {text}"
    lost = [pair for wrong, pair in telling if np.any(wrong & np.isfinite(pair.right.working) & ~np.isfinite(pair.got))]
    if len(lost) == len(telling):
        return "NaN or infinity where PyTorch has a number: something overflows, or divides by 0, on the way"
    return ""


def _same_shape(pair: Pair) -> bool:
    return (isinstance(pair.got, (np.ndarray, np.generic)) and pair.got.shape == pair.right.working.shape
            and pair.got.dtype == pair.right.working.dtype)  # fmt: skip


def _fits(masks: list[tuple[Any, Any]]) -> bool:
    """Errors lie where the mask is, most of the mask is wrong, and something lies outside of it."""
    wrong = np.concatenate([w.ravel() for w, _ in masks] or [np.zeros(0, bool)])
    mask = np.concatenate([m.ravel() for _, m in masks] or [np.zeros(0, bool)])
    return bool(wrong.sum() >= FEW and not np.any(wrong & ~mask) and wrong.sum() >= 0.6 * mask.sum() and np.any(~mask))


def _place(wrong: Any, axis: int, index: int) -> Any:
    mask = np.zeros(wrong.shape, bool)
    if mask.size and mask.shape[axis] > 1:
        np.moveaxis(mask, axis, 0)[index] = True
    return mask


_ROWS: dict[str, Callable[[Any], Any]] = {
    "it agrees everywhere but in the first row": lambda wrong: _place(wrong, 0, 0),
    "it agrees everywhere but in the last row": lambda wrong: _place(wrong, 0, -1),
    "it agrees in the first row only": lambda wrong: ~_place(wrong, 0, 0),
    "it agrees in the last row only": lambda wrong: ~_place(wrong, 0, -1),
    "it agrees everywhere but in the first column": lambda wrong: _place(wrong, -1, 0),
    "it agrees everywhere but in the last column": lambda wrong: _place(wrong, -1, -1),
    "it agrees in the first column only": lambda wrong: ~_place(wrong, -1, 0),
    "it agrees in the last column only": lambda wrong: ~_place(wrong, -1, -1),
}
_VALUES: dict[str, Callable[[Any], Any]] = {
    "exactly 0": lambda a: a == 0,
    "negative": lambda a: a < 0,
    "positive": lambda a: a > 0,
    "0 or negative": lambda a: a <= 0,
    "NaN": np.isnan,
    "NaN or infinite": lambda a: ~np.isfinite(a),
    "large: something overflows or saturates": lambda a: np.abs(a) > 15,
    "near 0, and small differences lose their digits (they cancel)": lambda a: np.abs(a) < 0.1,
}


def _mask(pair: Pair, name: str, wrong: Any, holds: Callable[[Any], Any]) -> Any:
    array = pair.trial.arguments.get(name)
    if array is None or array.shape != wrong.shape:
        return None
    with np.errstate(all="ignore"):
        return holds(array)
