"""Lesson 16: the cache of keys and values with which attention writes."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.networks import network


def written_in_parts(nn: Any, *, parts: tuple[int, ...]) -> Any:
    """Attention over a sequence that arrives in parts: one output a part."""

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, query: Any, key: Any, value: Any) -> Any:
            cache, kept, found = nn.KeyValueCache(), 0, []
            for part in parts:
                here = slice(kept, kept + part)
                found.append(cache.attend(query[:, :, here], key[:, :, here], value[:, :, here]))
                kept += part
            return tuple(found)

    return Network()


@cases("smooth")
def cache_inputs(draw: Draw) -> Case:
    parts = tuple(draw.choice((1, 1, 2, 3)) for _ in range(draw.integer(1, 4)))
    shape = (draw.size(1, 2), draw.size(1, 2), sum(parts), draw.size(1, 3))
    arrays = draw.floats(shape), draw.floats(shape), draw.floats((*shape[:-1], draw.size(1, 3)))
    return Case(arrays, {"parts": parts})


def in_parts(batch: int, heads: int, length: int, features: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        arrays = [generator.standard_normal((batch, heads, length, features), dtype=np.float32) for _ in range(3)]
        return Case(tuple(arrays), {"parts": (length - 8, *(1,) * 8)})

    return build


Y = zeros((2, 2, 3, 4))

ROWS = (
    Entry(
        "nn.kv_cache",
        lesson=16,
        title="Cache of keys and values",
        inputs=cache_inputs,
        refusals=(
            Refusal(
                "more keys than queries",
                Case((Y[:, :, :2], Y, Y), {"parts": (3,)}),
                says=("query", "key", "(2, 2, 2, 4)", "(2, 2, 3, 4)"),
            ),
        ),
        sizes={"small": in_parts(1, 4, 16, 16), "medium": in_parts(1, 4, 64, 32), "large": in_parts(1, 8, 512, 64)},
        mistakes=(
            Mistake(
                "the cache is ignored",
                replace="            key, value = concatenate([self.keys, key], 2), concatenate([self.values, value], 2)\n",
                by="            key = concatenate([self.keys, key], 2)[:, :, kept:]\n            kept = 0\n",
            ),
            Mistake(
                "only the last part is kept",
                replace="self.keys, self.values = key, value",
                by="self.keys, self.values = key[:, :, kept:], value[:, :, kept:]",
            ),
            Mistake(
                "the values are kept in reverse order",
                replace="concatenate([self.values, value], 2)",
                by="concatenate([value, self.values], 2)",
            ),
            Mistake("attention without its mask", replace="kept, dtype=bool)", by="kept + query.shape[2], dtype=bool)"),
            Mistake(
                "the mask is off by one: the next is seen", replace="kept, dtype=bool)", by="kept + 1, dtype=bool)"
            ),
            Mistake(
                "the mask is off by one: a position does not see itself",
                replace="kept, dtype=bool)",
                by="kept - 1, dtype=bool)",
            ),
            Mistake(
                "the mask is the upper left corner: new queries see the oldest keys only",
                replace="kept, dtype=bool)",
                by="0, dtype=bool)",
            ),
            Mistake(
                "the newest position sees only itself",
                replace="            return apply_attention(query, key, value)\n",
                by="            return apply_attention(query, key[:, :, kept:], value[:, :, kept:])\n",
            ),
        ),
        adapter=network(written_in_parts, inputs=("query", "key", "value")),
    ),
)
