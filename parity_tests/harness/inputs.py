"""Drawing the arrays and options that a component is judged on.

Hypothesis draws structure — ranks, sizes, options, dtype, scale, what to inject — because structure is what shrinks
to a message that a person can read. A NumPy generator, itself seeded by Hypothesis, fills the bulk: arrays drawn
element by element consist mostly of one repeated value, and a softmax over equal numbers hides most mistakes.

A row names the modes in which it can be judged:

- `smooth`    normal numbers times a scale between 1e-3 and 1e3, never on a kink
- `integers`  small whole numbers, so that kinks and ties occur and arithmetic is exact
- `extreme`   smooth, with NaN, ±inf, ±0, huge and tiny values put in
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Literal, TypeVar

import numpy as np
from hypothesis import strategies as st

from .entry import Case

Mode = Literal["smooth", "integers", "extreme"]
Chosen = TypeVar("Chosen")

SCALES = (1e-3, 1e-1, 1.0, 1.0, 10.0, 1e3)
INJECTED = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1e4, -1e4, 1e-30, -90.0, 30.0, -5.0)

# Strategies are kept: to make one takes longer than to draw from it.
BOOLEANS = st.booleans()
SEEDS = st.integers(0, 2**32 - 1)
MOST_KEPT = 10_000
SIZES = st.sampled_from((1, 2, 3, 4, 5, 3, 2, 5, 4))
SIZES_OR_NONE = st.sampled_from((1, 2, 3, 0))
# Empty arrays are a case of their own: a mistake in the arithmetic shows on numbers, and one case in six is enough for
# those that show on nothing. What comes first is the simpler one: a failure is shown on numbers if there are any.
MAY_BE_EMPTY = st.sampled_from((False, False, False, False, False, True))


@cache
def _integers(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


@cache
def _numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.sampled_from(np.linspace(low, high, 9).tolist())


@cache
def _shapes(min_rank: int, max_rank: int, may_be_empty: bool) -> st.SearchStrategy[list[int]]:
    return st.lists(SIZES_OR_NONE if may_be_empty else SIZES, min_size=min_rank, max_size=max_rank)


ONE_OF: dict[int, tuple[Any, st.SearchStrategy[Any]]] = {}


def _one_of(options: Sequence[Chosen]) -> st.SearchStrategy[Chosen]:
    """Kept by identity, as 1 equals 1.0 and True; most options are constants of a row."""
    if type(options) is not tuple:
        return st.sampled_from(options)
    if id(options) not in ONE_OF:
        if len(ONE_OF) > MOST_KEPT:
            ONE_OF.clear()
        ONE_OF[id(options)] = options, st.sampled_from(options)  # as long as they are kept nothing else has their id
    return ONE_OF[id(options)][1]


def cases(
    *modes: Mode, dtypes: Sequence[type[np.floating[Any]]] = (np.float32, np.float64)
) -> Callable[[Callable[[Draw], Case]], st.SearchStrategy[Case]]:
    """Turn a function from a `Draw` to a `Case` into a strategy over the given modes (default: smooth)."""
    some_mode: st.SearchStrategy[Mode] = st.sampled_from(modes or ("smooth",))
    some_dtype = st.sampled_from(dtypes)

    def decorate(build: Callable[[Draw], Case]) -> st.SearchStrategy[Case]:
        @st.composite
        def strategy(draw: st.DrawFn) -> Case:
            some = Draw(draw, draw(some_mode), draw(some_dtype))
            case = build(some)
            return dataclasses.replace(
                case, exact=some.mode == "integers", tame=some.mode == "smooth", seed=draw(SEEDS)
            )

        return strategy()

    return decorate


class Draw:
    """What a row's input function draws from: structure from Hypothesis, values from a generator it has seeded."""

    def __init__(self, draw: st.DrawFn, mode: Mode, dtype: type[np.floating[Any]]) -> None:
        self._draw = draw
        self.mode = mode
        self.dtype = np.dtype(dtype)
        self._may_be_empty = draw(MAY_BE_EMPTY)
        self._generator = np.random.default_rng(draw(SEEDS))

    # Structure

    def choice(self, options: Sequence[Chosen]) -> Chosen:
        """One of the options."""
        return self._draw(_one_of(options))

    def boolean(self) -> bool:
        """True or False."""
        return self._draw(BOOLEANS)

    def integer(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._draw(_integers(low, high))

    def number(self, low: float, high: float) -> float:
        """A Python float for an option: a few round numbers between the ends, both included."""
        return float(self._draw(_numbers(low, high)))

    def size(self, low: int = 0, high: int = 6) -> int:
        """The length of an axis; 0, where it is allowed, in the few cases that may be empty."""
        return self.integer(low if self._may_be_empty else min(max(low, 1), high), high)

    def shape(self, min_rank: int = 0, max_rank: int = 4) -> tuple[int, ...]:
        """A shape with sizes up to 5; with 0 in the few cases that may be empty."""
        return tuple(self._draw(_shapes(min_rank, max_rank, self._may_be_empty)))

    def axis(self, rank: int) -> int:
        """A valid axis of an array of this rank, counted from the front or from the back."""
        return self.integer(-rank, rank - 1) if rank else self.choice((-1, 0))

    # Values

    def floats(self, shape: tuple[int, ...]) -> Any:
        """Floats as the mode has them."""
        if self.mode == "integers":
            return self._generator.integers(-3, 4, shape).astype(self.dtype)
        scale = self.choice(SCALES)
        values = np.asarray(self._generator.standard_normal(shape) * scale, self.dtype)
        if shape and values.size and self.boolean():
            values = self._repeat_a_row(values)
        return self._inject(values, INJECTED) if self.mode == "extreme" else values

    def uniform(self, shape: tuple[int, ...], low: float, high: float) -> Any:
        """Floats between two bounds; outside the smooth mode the bounds themselves occur."""
        values = np.asarray(self._generator.uniform(low, high, shape), self.dtype)
        return values if self.mode == "smooth" else self._inject(values, (low, high))

    def simplex(self, shape: tuple[int, ...], axis: int) -> Any:
        """Positive floats that sum to one along the axis (up to one rounding)."""
        weights = self._generator.exponential(size=shape) + 1e-3
        return np.asarray(weights / weights.sum(axis=axis, keepdims=True), self.dtype)

    def integers(self, shape: tuple[int, ...], low: int, high: int) -> Any:
        """int64, `low` included, `high` not: class indices, positions, orders."""
        return np.asarray(self._generator.integers(low, high, shape) if high > low else np.zeros(shape), np.int64)

    def permutation(self, length: int) -> Any:
        """The numbers 0 … length − 1 in a drawn order, int64."""
        return self._generator.permutation(length).astype(np.int64)

    def booleans(self, shape: tuple[int, ...]) -> Any:
        """A mask."""
        return np.asarray(self._generator.random(shape) < 0.5)

    def signs(self, shape: tuple[int, ...]) -> Any:
        """Floats that are −1 or +1."""
        return np.asarray(np.where(self._generator.random(shape) < 0.5, -1.0, 1.0), self.dtype)

    def text(self, alphabet: str = "", longest: int = 20) -> str:
        """A text of the characters of the alphabet; without one, of any characters that Unicode has."""
        if not alphabet:
            return self._draw(st.text(max_size=longest))
        return "".join(self._generator.choice(list(alphabet), self.integer(0, longest)).tolist())

    def _repeat_a_row(self, values: Any) -> Any:
        """Equal rows: what a wrong axis or a missing variance epsilon trips over."""
        values[-1] = values[0]
        return values

    def _inject(self, values: Any, special: Sequence[float]) -> Any:
        """Put a few special values at random places."""
        flat = values.reshape(-1)
        if flat.size:
            count = self.integer(1, max(1, min(3, flat.size)))
            places = self._generator.integers(0, flat.size, count)
            flat[places] = [self.choice(special) for _ in range(count)]
        return flat.reshape(values.shape)


LAYOUTS = ("contiguous", "transposed", "strided", "reversed")


def lay_out(array: Any, layout: str) -> Any:
    """The same values in another place of memory: what an op that reads raw buffers or reshapes blindly gets wrong.

    `transposed`: Fortran order. `strided`: every second element of an array whose gaps hold NaN.
    `reversed`: negative strides.
    """
    if array is None or array.ndim == 0 or layout == "contiguous":
        return array
    if layout == "transposed":
        return np.asfortranarray(array)
    if layout == "reversed":
        return np.ascontiguousarray(array[..., ::-1])[..., ::-1]
    gap = np.nan if array.dtype.kind == "f" else 1
    spread = np.full((*array.shape[:-1], 2 * array.shape[-1]), gap, array.dtype)
    spread[..., ::2] = array
    return spread[..., ::2]
