"""Lesson 16: attention. What queries take from where they look."""

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_16_attention_weights import (
    BATCHES,
    DTYPES,
    FEATURES,
    KEYS_SUM,
    NO_CAUSE,
    NO_MASK,
    NO_SCALE,
    ONE_TOO_FAR,
    POSITIONS,
    SQUARE,
    X,
    leading,
    lengths,
    masks,
    sequences,
)


@cases("smooth")
def attention_inputs(draw: Draw) -> Case:
    (queries, keys, features), batch = lengths(draw), leading(draw)
    grouped = len(batch) == 2 and draw.boolean()
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


MIXED = Refusal("two dtypes", Case((X, X.astype(np.float32), X)), says=("one dtype", "float64", "float32"))
NO_SEQUENCE = Refusal("a single vector", Case((X[0, 0, 0],) * 3), says=("length, features", "(5,)"))

ROWS = (
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
                replace="dots(weights, dweights)",
                by="0 * dy.sum()",
            ),
            Mistake("dquery without the scale", replace="    dquery *= scale\n", by=""),
            Mistake("dkey is scaled twice", replace="@ query  # the", by="@ (query * scale)  # the"),
            Mistake("dvalue from the scores", replace="dvalue = dropped", by="dvalue = (dropped * dropped)"),
            Mistake("query and key change places", replace="dscores @ key", by="dscores @ key[..., ::-1, :]"),
        ),
    ),
)
