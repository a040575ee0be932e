"""Lesson 15: embeddings and positions."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

# Inputs


@cases("smooth", "extreme", "integers")
def embedding_inputs(draw: Draw) -> Case:
    tokens, width = draw.size(1, 7), draw.size(1, 5)
    shape = draw.choice(((12,), (9, 2), (5,), (2, 3), (), (0,), (2, 0)))  # more places than tokens: repeated ones
    # The gradient of the padding row is left out on purpose: it is no derivative, as a finite difference would show.
    padded = draw.mode != "smooth" and draw.boolean()
    options = {"padding_idx": draw.integer(-tokens, tokens - 1)} if padded else {}
    return Case((draw.integers(shape, 0, tokens), draw.floats((tokens, width))), options)


def positions_for(draw: Draw, shape: tuple[int, ...]) -> Any:
    """0, 1, 2 … from somewhere on, or any positions at all, with or without the leading axes."""
    count = shape[-2]
    if draw.boolean():
        return np.arange(count) + draw.choice((0, 0, 5, 1000))
    return draw.integers(shape[-2:-1] if draw.boolean() else shape[:-1], 0, draw.choice((10, 5000)))


@cases("smooth", "extreme")
def sinusoidal_inputs(draw: Draw) -> Case:
    shape = (*draw.shape(max_rank=2), draw.size(0, 5), draw.size(1, 7))
    return Case((draw.floats(shape), positions_for(draw, shape)), {"base": draw.choice((10000.0, 10000.0, 50.0))})


@cases("smooth", "extreme")
def rotary_inputs(draw: Draw) -> Case:
    shape = (*draw.shape(max_rank=2), draw.size(0, 5), 2 * draw.size(1, 4))
    return Case((draw.floats(shape), positions_for(draw, shape)), {"base": draw.choice((10000.0, 10000.0, 50.0))})


# Workloads


def looked_up(tokens: int, width: int, *shape: int) -> Callable[[np.random.Generator], Case]:
    """Few words are frequent, most are rare, as in a text."""

    def build(generator: np.random.Generator) -> Case:
        rank = generator.zipf(1.3, shape) - 1
        weight = generator.standard_normal((tokens, width), dtype=np.float32)
        return Case((np.minimum(rank, tokens - 1), weight))

    return build


def placed(*shape: int) -> Callable[[np.random.Generator], Case]:
    """The first positions of a text."""
    return lambda generator: Case((generator.standard_normal(shape, dtype=np.float32), np.arange(shape[-2])))


TOKENS = np.array([0, 2, 1])
TABLE = zeros((3, 4))
SIZES = {"small": placed(8, 16, 32), "medium": placed(16, 64, 128), "large": placed(16, 512, 256)}

POSITION_REFUSALS = (
    Refusal(
        "another number of positions",
        Case((zeros((2, 5, 4)), np.arange(3))),
        says=("positions", "(3,)", "(2, 5)", "(2, 5, 4)"),
    ),
    Refusal("more axes than tokens", Case((zeros((5, 4)), zeros((2, 5), int))), says=("positions", "(2, 5)", "(5,)")),
    Refusal("positions between two tokens", Case((zeros((5, 4)), zeros(5))), says=("positions", "whole", "float64")),
    Refusal("whole numbers", Case((zeros((5, 4), int), np.arange(5))), says=("x", "floating-point", "int64")),
    Refusal("a negative base", Case((zeros((5, 4)), np.arange(5)), {"base": -1.0}), says=("base", "positive", "-1")),
)

POSITION_MISTAKES = (
    Mistake("positions count from 1", replace="angles = positions[", by="angles = (positions + 1)["),
    Mistake("the exponent is i / C, without the 2", replace="np.arange(0, channels, 2", by="np.arange(0, (channels + 1) // 2"),
    Mistake("slow pairs first", replace="base ** (-np", by="base ** (np"),
    Mistake("base is not used", replace="= base ** (", by="= 10000.0 ** ("),
    Mistake("every pair turns alike", replace="positions[..., None] * rates", by="positions[..., None] * rates[:1].repeat(rates.size)"),
    Mistake("the positions given are not used", replace="positions[..., None]", by="np.arange(x.shape[-2])[..., None]"),
)  # fmt: skip

ROWS = (
    Entry(
        "ops.embedding.embedding",
        lesson=15,
        title="Embedding",
        inputs=embedding_inputs,
        refusals=(
            Refusal("a token too many", Case((TOKENS + 1, TABLE)), says=("input", "0 to 2", "3")),
            Refusal("a negative token", Case((TOKENS - 1, TABLE)), says=("input", "0 to 2", "-1")),
            Refusal("tokens that are no whole numbers", Case((zeros(3), TABLE)), says=("input", "whole", "float64")),
            Refusal("a table of one axis", Case((TOKENS, zeros(3))), says=("weight", "(V, D)", "(3,)")),
            Refusal("padding_idx outside", Case((TOKENS, TABLE), {"padding_idx": 3}), says=("padding_idx", "(3, 4)")),
        ),
        sizes={
            "small": looked_up(65, 32, 64, 8),
            "medium": looked_up(1000, 64, 32, 64),
            "large": looked_up(20000, 128, 64, 128),
        },
        mistakes=(
            Mistake(
                "gradients of a repeated token are assigned, not added",
                replace="        rows[receives] += rows.take(receives + step, axis=0)\n",
                by="",
            ),
            Mistake(
                "repeated indices are not added up by +=",
                replace="    if padding is not None:\n        dweight[padding] = 0\n",
                by="    dweight[...] = 0\n    dweight[input] += dy\n    if padding is not None:\n        dweight[padding] = 0\n",
            ),
            Mistake("only pairs are added, not whole runs", replace="        step *= 2\n", by="        break\n"),
            Mistake(
                "neighbours are added whatever token they are",
                replace=" & (place + step < beyond)",
                by=" & (place + step < place.size - np.arange(place.size) + place)",
            ),
            Mistake("the mean over the places of a token", replace="= rows.take(start, axis=0)", by="= rows.take(start, axis=0) / count[:, None]"),
            Mistake("the padding row learns", replace="        dweight[padding] = 0\n", by="        pass\n"),
            Mistake("token 0 is always padding", replace="    return None, dweight\n    order", by="    return None, dweight\n    padding = 0\n    order"),
            Mistake("a negative padding_idx is not understood", replace="padding_idx % tokens", by="max(padding_idx, 0)"),
            Mistake("the padding row is read as zeros", replace="return weight.take(input, axis=0), C", by="return weight.take(input, axis=0) * (input != (-1 if padding is None else padding))[..., None].astype(weight.dtype), C"),
            Mistake("rows stay in sorted order", replace="dweight[tokens[start]]", by="dweight[: start.size]"),
            Mistake("looks columns up", replace="weight.take(input, axis=0)", by="weight.T.take(input % weight.shape[1], axis=0)"),
            Mistake("a token too many becomes the last one", replace="0 <= input.min() <= input.max() < tokens", by="True"),
        ),
    ),
    Entry(
        "ops.embedding.sinusoidal_encoding",
        lesson=15,
        title="Sinusoidal positional encoding",
        inputs=sinusoidal_inputs,
        refusals=POSITION_REFUSALS,
        sizes=SIZES,
        mistakes=(
            *POSITION_MISTAKES,
            Mistake("nothing is added", replace="return x + encoding.astype(x.dtype)", by="return x.copy()"),
            Mistake("multiplied instead of added", replace="return x + encoding", by="return x * encoding"),
            Mistake("sine and cosine change places", replace="= np.sin(angles)", by="= np.cos(angles)"),
            Mistake("sines in the first half, cosines in the second", replace="    return x + encoding", by="    encoding = np.concatenate([encoding[..., 0::2], encoding[..., 1::2]], -1)\n    return x + encoding"),
            Mistake("float64 leaks into the result", replace="encoding.astype(x.dtype)", by="encoding"),
            Mistake("the gradient stops here", replace="dy.copy()", by="0 * dy"),
        ),
    ),
    Entry(
        "ops.embedding.rotary_embedding",
        lesson=15,
        title="Rotary position embedding",
        inputs=rotary_inputs,
        refusals=(
            *POSITION_REFUSALS,
            Refusal("an odd number of channels", Case((zeros((5, 3)), np.arange(5))), says=("x", "even", "(5, 3)")),
        ),
        sizes=SIZES,
        mistakes=(
            *POSITION_MISTAKES,
            Mistake("nothing is turned", replace="return _turn(x, cos, sin), Cache", by="return x.copy(), Cache"),
            Mistake("turned the other way round", replace="_turn(x, cos, sin)", by="_turn(x, cos, -sin)"),
            Mistake("the gradient is turned forth, not back", replace="cache.cos, -cache.sin", by="cache.cos, cache.sin"),
            Mistake("the gradient is not turned", replace="_turn(dy, cache.cos, -cache.sin)", by="dy.copy()"),
            Mistake("pairs of channel i and i + D/2", replace="even, odd = x[..., 0::2], x[..., 1::2]", by="even, odd = x[..., : x.shape[-1] // 2], x[..., x.shape[-1] // 2 :]"),
            Mistake("even channels are overwritten before the odd ones read them", replace="y[..., 1::2] = even * sin", by="y[..., 1::2] = y[..., 0::2] * sin"),
            Mistake("the minus is missing", replace="even * cos - odd * sin", by="even * cos + odd * sin"),
            Mistake("one sign for both channels: the vector changes its length", replace="even * sin + odd * cos", by="even * sin - odd * cos"),
            Mistake("the angle is added, as if it were a vector", replace="    return y\n", by="    return x + y\n"),
        ),
    ),
)  # fmt: skip
