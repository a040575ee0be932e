"""Lesson 16: features split into heads."""

from collections.abc import Callable

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_16_attention_weights import normal


@cases("smooth", "extreme")
def heads_inputs(draw: Draw) -> Case:
    heads, parts = draw.size(1, 4), draw.choice((3, 3, 2, 4))
    shape = (draw.size(0, 3), draw.size(1, 4), parts * heads * draw.size(1, 3))
    return Case((draw.floats(shape),), {"num_heads": heads, "parts": parts})


def for_heads(batch: int, length: int, features: int, heads: int) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case((normal(generator, batch, length, 3 * features),), {"num_heads": heads})


ROWS = (
    Entry(
        "ops.attention.split_heads",
        lesson=16,
        title="Splitting into heads",
        inputs=heads_inputs,
        refusals=(
            Refusal(
                "features that cannot be split",
                Case((zeros((2, 3, 8)),), {"num_heads": 4}),
                says=("x", "(2, 3, 8)", "num_heads=4", "parts=3"),
            ),
            Refusal("no batch", Case((zeros((3, 6)),), {"num_heads": 2}), says=("x", "(B, T", "(3, 6)")),
        ),
        sizes={
            "small": for_heads(2, 16, 32, 4),
            "medium": for_heads(12, 64, 128, 4),
            "large": for_heads(8, 512, 512, 8),
        },
        mistakes=(
            Mistake(
                "heads out of stretches of time",
                replace="cut = x.reshape(batch, length, parts, num_heads, features // (parts * num_heads))",
                by="cut = x.reshape(batch, length, parts, -1).transpose(0, 2, 1, 3)"
                ".reshape(batch, parts, num_heads, length, features // (parts * num_heads)).transpose(0, 3, 1, 2, 4)",
            ),
            Mistake(
                "neighbouring features go to different heads",
                replace="cut = x.reshape(batch, length, parts, num_heads, features // (parts * num_heads))",
                by="cut = x.reshape(batch, length, parts, features // (parts * num_heads), num_heads).swapaxes(3, 4)",
            ),
            Mistake(
                "heads before parts",
                replace="cut = x.reshape(batch, length, parts, num_heads, features // (parts * num_heads))",
                by="cut = x.reshape(batch, length, num_heads, parts, features // (parts * num_heads)).swapaxes(2, 3)",
            ),
            Mistake(
                "heads not separated: the transposition is left out",
                replace="transpose(2, 0, 3, 1, 4)",
                by="transpose(2, 0, 1, 3, 4).reshape(parts, batch, num_heads, length, -1)",
            ),
            Mistake(
                "the transposition is not undone",
                replace="part.transpose(0, 2, 1, 3)",
                by="part.reshape(batch, length, heads, features)",
            ),
            Mistake("the parts come back in reverse", replace="enumerate(dy)", by="enumerate(dy[::-1])"),
        ),
    ),
)
