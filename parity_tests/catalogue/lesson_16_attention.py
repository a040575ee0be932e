"""Lesson 16: attention. Who looks at whom, by how much, and what they take from there."""

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


@cases("smooth")
def attention_inputs(draw: Draw) -> Case:
    (queries, keys, features), batch = lengths(draw), leading(draw)
    grouped = len(batch) == 2 and draw.integer(0, 2) == 0
    shared = batch
    if grouped:
        batch = (batch[0], batch[1] * draw.choice((2, 3, 1)))
    scores = (*batch, queries, keys)
    attn_mask, options = masks(draw, scores)
    query, key = draw.floats((*batch, queries, features)), draw.floats((*shared, keys, features))
    value = draw.floats((*shared, keys, features if draw.boolean() else draw.size(1, 5)))
    dropout_mask = None
    if draw.integer(0, 2) == 0:
        dropout_mask = draw.booleans(scores)
        options["dropout_p"] = draw.choice((0.5, 0.1, 0.0))
    if grouped:
        options["enable_gqa"] = True
    return Case((query, key, value, attn_mask, dropout_mask), options)


@cases("smooth")
def flash_inputs(draw: Draw) -> Case:
    (queries, keys, features), batch = lengths(draw), leading(draw)
    options: dict[str, Any] = {"is_causal": draw.boolean(), "block_size": draw.choice((1, 2, 2, 3, 4, 64))}
    if draw.integer(0, 3) == 0:
        options["scale"] = draw.choice((0.25, 1.0, 3.0))
    query, key = draw.floats((*batch, queries, features)), draw.floats((*batch, keys, features))
    return Case((query, key, draw.floats((*batch, keys, draw.size(1, 5)))), options)


@cases("smooth", "extreme")
def heads_inputs(draw: Draw) -> Case:
    heads, parts = draw.size(1, 4), draw.choice((3, 3, 2, 4))
    shape = (draw.size(0, 3), draw.size(1, 4), parts * heads * draw.size(1, 3))
    return Case((draw.floats(shape),), {"num_heads": heads, "parts": parts})


def normal(generator: np.random.Generator, *shape: int) -> np.ndarray:
    return generator.standard_normal(shape, dtype=np.float32)


def sequences(*shape: int, arrays: int = 3, **options: Any) -> Callable[[np.random.Generator], Case]:
    """A workload: query, key and, where it takes one, value, all (B, H, T, E)."""
    nothing = (None,) * (5 - arrays) if options.pop("masks", False) else ()
    return lambda generator: Case((*(normal(generator, *shape) for _ in range(arrays)), *nothing), options)


def for_heads(batch: int, length: int, features: int, heads: int) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case((normal(generator, batch, length, 3 * features),), {"num_heads": heads})


X = zeros((2, 3, 4, 5))  # (batch, heads, positions, features)
WHOLE_NUMBERS = np.ones((2, 3, 4, 5), np.int64)
DTYPES = Refusal(
    "whole numbers", Case((WHOLE_NUMBERS, WHOLE_NUMBERS, WHOLE_NUMBERS)), says=("query", "floating-point", "int64")
)
MIXED = Refusal("two dtypes", Case((X, X.astype(np.float32), X)), says=("one dtype", "float64", "float32"))
FEATURES = Refusal(
    "features differ", Case((X, X[..., :3], X)), says=("query", "key", "features", "(2, 3, 4, 5)", "(2, 3, 4, 3)")
)
POSITIONS = Refusal(
    "a value is missing", Case((X, X, X[..., :3, :])), says=("value", "positions", "(2, 3, 4, 5)", "(2, 3, 3, 5)")
)
BATCHES = Refusal("batches differ", Case((X, zeros((3, 3, 4, 5)), zeros((3, 3, 4, 5)))), says=("agree", "(3, 3, 4, 5)"))
NO_SEQUENCE = Refusal("a single vector", Case((X[0, 0, 0],) * 3), says=("length, features", "(5,)"))

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
    Entry(
        "ops.attention.scaled_dot_product_attention",
        lesson=16,
        title="Scaled dot-product attention",
        inputs=attention_inputs,
        refusals=(
            DTYPES,
            MIXED,
            FEATURES,
            POSITIONS,
            BATCHES,
            NO_SEQUENCE,
            Refusal(
                "the mask has another shape",
                Case((X, X, X, zeros((4, 3)))),
                says=("attn_mask", "(2, 3, 4, 4)", "(4, 3)"),
            ),
            Refusal(
                "two masks",
                Case((X, X, X, np.ones((4, 4), bool)), {"is_causal": True}),
                says=("attn_mask", "is_causal"),
            ),
            Refusal(
                "heads that cannot be shared",
                Case((zeros((2, 4, 3, 5)), X[..., :3, :], X[..., :3, :]), {"enable_gqa": True}),
                says=("heads", "divide", "(2, 4, 3, 5)", "(2, 3, 3, 5)"),
            ),
            Refusal("dropout without a mask", Case((X, X, X), {"dropout_p": 0.5}), says=("dropout_p", "dropout_mask")),
            Refusal(
                "a dropout mask of another shape",
                Case((X, X, X, None, np.ones((4, 4), bool)), {"dropout_p": 0.5}),
                says=("dropout_mask", "(2, 3, 4, 4)", "(4, 4)"),
            ),
        ),
        sizes={
            "small": sequences(2, 4, 16, 16, masks=True),
            "medium": sequences(12, 4, 64, 32, is_causal=True, masks=True),
            "large": sequences(4, 8, 512, 64, is_causal=True, masks=True),
        },
        mistakes=(
            Mistake(SQUARE, replace="1 / math.sqrt(max(query.shape[-1], 1))", by="1 / max(query.shape[-1], 1)"),
            Mistake(NO_SCALE, replace="1 / math.sqrt(max(query.shape[-1], 1)) if", by="1.0 if"),
            Mistake(NO_MASK, replace="hide(scores, attn_mask, is_causal)", by="hide(scores, None, is_causal)"),
            Mistake(NO_CAUSE, replace="hide(scores, attn_mask, is_causal)", by="hide(scores, attn_mask, False)"),
            Mistake(
                ONE_TOO_FAR,
                replace="    hide(scores, attn_mask, is_causal)\n",
                by="    hide(scores[..., 1:], None, is_causal)\n    hide(scores, attn_mask, False)\n",
            ),
            Mistake(
                "is_causal counted from the end",
                replace="    hide(scores, attn_mask, is_causal)\n",
                by="    late = max(scores.shape[-1] - scores.shape[-2], 0)\n"
                "    hide(scores[..., late:], None, is_causal)\n    hide(scores, attn_mask, False)\n",
            ),
            Mistake(
                KEYS_SUM,
                replace="weights = shares(scores)",
                by="weights = shares(scores.swapaxes(-2, -1)).swapaxes(-2, -1)",
            ),
            Mistake(
                "a query that sees nothing has NaN",
                replace="weights = shares(scores)",
                by="weights = shares(scores) + 0 * np.where(np.isneginf(scores).all(-1, keepdims=True), -np.inf, 0)",
            ),
            Mistake(
                "dropout before the softmax",
                replace="weights = shares(scores)",
                by="weights = shares(scores if dropout_mask is None else np.where(dropout_mask, scores, -np.inf))",
            ),
            Mistake(
                "dropout is not scaled up",
                replace="dropout_mask.astype(weights.dtype) / (1 - dropout_p)",
                by="dropout_mask.astype(weights.dtype)",
            ),
            Mistake(
                "the dropout mask is the wrong way round",
                replace="dropout_mask.astype(weights.dtype)",
                by="(~dropout_mask).astype(weights.dtype)",
            ),
            Mistake(
                "dropout is forgotten on the way back",
                replace="        dweights *= factor\n",
                by="        pass\n",
            ),
            Mistake("dvalue from the weights before dropout", replace="dropped.swapaxes", by="weights.swapaxes"),
            Mistake(
                "groups in turn: head h looks at head h modulo H/G",
                replace="key, value = np.repeat(key, groups[0], axis=-3), np.repeat(value, groups[1], axis=-3)",
                by="key, value = (np.concatenate([x] * g, axis=-3) for x, g in ((key, groups[0]), (value, groups[1])))",
            ),
            Mistake(
                "the gradients of shared heads are averaged",
                replace="features).sum(axis=-3)",
                by="features).mean(axis=-3)",
            ),
            Mistake(
                "the mean of dweight is not subtracted",
                replace="over_columns(weights * dweights)",
                by="0 * dy.sum()",
            ),
            Mistake("dquery without the scale", replace="    dquery *= scale\n", by=""),
            Mistake("dkey is scaled twice", replace="@ query  # the", by="@ (query * scale)  # the"),
            Mistake("dvalue from the scores", replace="dvalue = dropped", by="dvalue = (dropped * dropped)"),
            Mistake("query and key change places", replace="dscores @ key", by="dscores @ key[..., ::-1, :]"),
        ),
    ),
    Entry(
        "ops.attention.flash_attention",
        lesson=16,
        title="Attention in tiles (FlashAttention)",
        inputs=flash_inputs,
        refusals=(
            DTYPES,
            FEATURES,
            POSITIONS,
            BATCHES,
            Refusal("no tiles", Case((X, X, X), {"block_size": 0}), says=("block_size", "0")),
        ),
        sizes={
            "small": sequences(2, 4, 64, 16),
            "medium": sequences(2, 4, 256, 32, is_causal=True),
            "large": sequences(1, 4, 1024, 64, is_causal=True),
        },
        mistakes=(
            Mistake(SQUARE, replace="1 / math.sqrt(max(query.shape[-1], 1))", by="1 / max(query.shape[-1], 1)"),
            Mistake("total is not corrected", replace="total * correction", by="total"),
            Mistake("mix is not corrected", replace="mix * correction", by="mix"),
            Mistake(
                "the running maximum is that of the last tile",
                replace="np.maximum(largest, scores.max(axis=-1, keepdims=True))",
                by="np.maximum(largest, scores.max(axis=-1, keepdims=True)) * 0"
                " + np.maximum(scores.max(axis=-1, keepdims=True), -1e30)",
            ),
            Mistake(
                "no maximum is subtracted", replace="            largest = new\n", by="            largest = new * 0\n"
            ),
            Mistake(
                "only the last tile counts",
                replace="mix = mix * correction + scores",
                by="mix = scores",
            ),
            Mistake("the division by the total is forgotten", replace="mix / np.where(nothing, 1, total)", by="mix"),
            Mistake(
                NO_CAUSE,
                replace="if is_causal and columns.start == rows.start:",
                by="if is_causal and columns.start > rows.start:",
            ),
            Mistake(ONE_TOO_FAR, replace="~causal(scores)", by="~causal(scores, 1)"),
            Mistake(
                OFF_BY_ONE,
                replace="~causal(scores)",
                by="~causal(scores, -(rows.start > 0))",
            ),
            Mistake(
                "every tile is cut as if on the diagonal",
                replace="is_causal and columns.start == rows.start",
                by="is_causal",
            ),
            Mistake(
                "tiles of the future are kept, the past left out",
                replace="blocks(min(rows.stop, keys) if is_causal else keys, block_size)",
                by="blocks(min(rows.start + 1, keys) if is_causal else keys, block_size)",
            ),
            Mistake("logsumexp without the maximum", replace="largest + np.log(", by="0 * largest + np.log("),
            Mistake("dkey of the last block only", replace="dkey[..., columns, :] +=", by="dkey[..., columns, :] ="),
            Mistake("dquery of the last tile only", replace="dquery[..., rows, :] +=", by="dquery[..., rows, :] ="),
            Mistake(
                "dvalue of the last block only", replace="dvalue[..., columns, :] +=", by="dvalue[..., columns, :] ="
            ),
            Mistake(
                "the mean of dweight is not subtracted", replace=".swapaxes(-2, -1) - mean)", by=".swapaxes(-2, -1))"
            ),
            Mistake("dquery without the scale", replace="key[..., columns, :]) * scale", by="key[..., columns, :])"),
        ),
    ),
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
                replace="[part.transpose(0, 2, 1, 3) for part in dy]",
                by="[part.reshape(part.shape[0], part.shape[2], part.shape[1], -1) for part in dy]",
            ),
            Mistake("the parts come back in reverse", replace="np.stack(heads_last,", by="np.stack(heads_last[::-1],"),
        ),
    ),
)
