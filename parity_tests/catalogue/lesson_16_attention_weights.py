"""Lesson 16: who looks at whom, and by how much."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases


def leading(draw: Draw) -> tuple[int, ...]:
    """Batch and heads, or less: axes that count sequences."""
    return tuple(draw.size(1, 3) for _ in range(draw.choice((2, 2, 2, 1, 0)))) if draw.integer(0, 15) else (0, 2)


def some_mask(draw: Draw, scores: tuple[int, ...]) -> Any:
    """None, booleans or numbers to add, for all sequences or for each; some queries see nothing."""
    kind = draw.choice(("none", "booleans", "booleans", "numbers", "numbers"))
    if kind == "none":
        return None
    if 0 in scores:
        kind = "booleans"  # in an empty batch PyTorch gives numbers no gradient
    rank = draw.integer(2, len(scores))
    shape = tuple(draw.choice((n, n, n, 1)) for n in scores[len(scores) - rank :])
    if kind == "numbers" and draw.integer(0, 3):  # the same number for all keys changes nothing, and has no gradient
        shape = (*shape[:-1], scores[-1])
    visible = draw.booleans(shape) | draw.booleans(shape)
    if draw.boolean() and visible.size:
        visible.reshape(-1, shape[-1])[draw.integer(0, visible[..., 0].size - 1)] = False
    if kind == "booleans":
        return visible
    numbers = draw.uniform(shape, -2.0, 2.0)
    return np.where(visible, numbers, -np.inf).astype(numbers.dtype) if draw.boolean() else numbers


def masks(draw: Draw, scores: tuple[int, ...]) -> tuple[Any, dict[str, Any]]:
    """A mask, or the option is_causal, or neither; and perhaps a scale."""
    is_causal = draw.integer(0, 2) == 0
    options: dict[str, Any] = {"is_causal": is_causal}
    if draw.integer(0, 3) == 0:
        options["scale"] = draw.choice((0.25, 1.0, 3.0))
    return None if is_causal else some_mask(draw, scores), options


def lengths(draw: Draw) -> tuple[int, int, int]:
    """Queries, keys, features. Seldom one key alone: its weight is 1 whatever the scores, and nothing has a gradient."""
    queries, keys = draw.size(1, 6), draw.size(2, 6)
    if not draw.integer(0, 9):
        keys = 1
    return queries if draw.integer(0, 2) else keys, keys, draw.size(1, 5)


@cases("smooth")
def weights_inputs(draw: Draw) -> Case:
    (queries, keys, features), batch = lengths(draw), leading(draw)
    attn_mask, options = masks(draw, (*batch, queries, keys))
    query, key = draw.floats((*batch, queries, features)), draw.floats((*batch, keys, features))
    return Case((query, key, attn_mask), options)


def normal(generator: np.random.Generator, *shape: int) -> np.ndarray:
    return generator.standard_normal(shape, dtype=np.float32)


def sequences(*shape: int, arrays: int = 3, **options: Any) -> Callable[[np.random.Generator], Case]:
    """A workload: query, key and, where it takes one, value, all (B, H, T, E)."""
    nothing = (None,) * (5 - arrays) if options.pop("masks", False) else ()
    return lambda generator: Case((*(normal(generator, *shape) for _ in range(arrays)), *nothing), options)


X = zeros((2, 3, 4, 5))  # (batch, heads, positions, features)
WHOLE_NUMBERS = np.ones((2, 3, 4, 5), np.int64)
DTYPES = Refusal(
    "whole numbers", Case((WHOLE_NUMBERS, WHOLE_NUMBERS, WHOLE_NUMBERS)), says=("query", "floating-point", "int64")
)
FEATURES = Refusal(
    "features differ", Case((X, X[..., :3], X)), says=("query", "key", "features", "(2, 3, 4, 5)", "(2, 3, 4, 3)")
)
POSITIONS = Refusal(
    "a value is missing", Case((X, X, X[..., :3, :])), says=("value", "positions", "(2, 3, 4, 5)", "(2, 3, 3, 5)")
)
BATCHES = Refusal("batches differ", Case((X, zeros((3, 3, 4, 5)), zeros((3, 3, 4, 5)))), says=("agree", "(3, 3, 4, 5)"))

SQUARE = "scaled by d instead of √d"
NO_SCALE = "the scores are not scaled"
NO_MASK = "the mask is ignored"
NO_CAUSE = "the future is seen: is_causal is ignored"
OFF_BY_ONE = "the mask is off by one: a position does not see itself"
ONE_TOO_FAR = "the mask is off by one: a position sees the next one"
UPSIDE_DOWN = "the mask is the wrong way round"
KEYS_SUM = "a softmax over the queries"

ROWS = (
    Entry(
        "ops.attention.attention_weights",
        lesson=16,
        title="Attention weights",
        inputs=weights_inputs,
        refusals=(
            Refusal("features differ", Case((X, X[..., :3])), says=("query", "key", "features")),
            Refusal(
                "the mask has another shape",
                Case((X, X, np.ones((4, 3), bool))),
                says=("attn_mask", "(2, 3, 4, 4)", "(4, 3)"),
            ),
            Refusal(
                "a mask of whole numbers",
                Case((X, X, np.ones((4, 4), np.int64))),
                says=("attn_mask", "booleans", "int64"),
            ),
            Refusal(
                "two masks", Case((X, X, np.ones((4, 4), bool)), {"is_causal": True}), says=("attn_mask", "is_causal")
            ),
        ),
        sizes={
            "small": sequences(2, 4, 16, 16, arrays=2),
            "medium": sequences(8, 4, 64, 32, arrays=2, is_causal=True),
            "large": sequences(8, 8, 256, 64, arrays=2, is_causal=True),
        },
        mistakes=(
            Mistake(SQUARE, replace="1 / math.sqrt(max(query.shape[-1], 1))", by="1 / max(query.shape[-1], 1)"),
            Mistake(NO_SCALE, replace="1 / math.sqrt(max(query.shape[-1], 1)) if", by="1.0 if"),
            Mistake("a given scale is ignored", replace=" if scale is None else scale", by=""),
            Mistake(NO_MASK, replace="hide(scores, attn_mask, is_causal)", by="hide(scores, None, is_causal)"),
            Mistake(NO_CAUSE, replace="hide(scores, attn_mask, is_causal)", by="hide(scores, attn_mask, False)"),
            Mistake(
                ONE_TOO_FAR,
                replace="    hide(scores, attn_mask, is_causal)\n",
                by="    hide(scores[..., 1:], None, is_causal)\n    hide(scores, attn_mask, False)\n",
            ),
            Mistake(
                OFF_BY_ONE,
                replace="    hide(scores, attn_mask, is_causal)\n",
                by="    hide(scores[..., 1:, :], None, is_causal)\n    hide(scores, attn_mask, is_causal)\n",
            ),
            Mistake(
                UPSIDE_DOWN,
                replace="hide(scores, attn_mask, is_causal)",
                by="hide(scores, ~attn_mask if attn_mask is not None and attn_mask.dtype.kind == 'b' else attn_mask,"
                " is_causal)",
            ),
            Mistake(
                KEYS_SUM,
                replace="weights = shares(scores)",
                by="weights = shares(scores.swapaxes(-2, -1)).swapaxes(-2, -1)",
            ),
            Mistake("no softmax", replace="weights = shares(scores)", by="weights = scores"),
            Mistake(
                "the mean of dy is not subtracted", replace="weights * (dy - mean)", by="weights * (dy - 0 * mean)"
            ),
            Mistake("dquery without the scale", replace="(dscores @ key) * scale", by="dscores @ key"),
            Mistake("dkey without the scale", replace="@ (query * scale)", by="@ query"),
            Mistake("the mask gets no gradient", replace="else sum_to(dscores, mask_shape)", by="else None"),
            Mistake(
                "the gradient of the mask is a mean",
                replace="sum_to(dscores, mask_shape)",
                by="sum_to(dscores, mask_shape) / 2",
            ),
        ),
    ),
)
