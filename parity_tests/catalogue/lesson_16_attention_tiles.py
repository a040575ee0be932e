"""Lesson 16: attention in tiles, which never holds all weights."""

from typing import Any

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_16_attention_weights import (
    BATCHES,
    DTYPES,
    FEATURES,
    NO_CAUSE,
    OFF_BY_ONE,
    ONE_TOO_FAR,
    POSITIONS,
    SQUARE,
    X,
    leading,
    lengths,
    sequences,
)


@cases("smooth")
def flash_inputs(draw: Draw) -> Case:
    (queries, keys, features), batch = lengths(draw), leading(draw)
    options: dict[str, Any] = {"is_causal": draw.boolean(), "block_size": draw.choice((1, 2, 2, 3, 4, 64))}
    if draw.integer(0, 3) == 0:
        options["scale"] = draw.choice((0.25, 1.0, 3.0))
    query, key = draw.floats((*batch, queries, features)), draw.floats((*batch, keys, features))
    return Case((query, key, draw.floats((*batch, keys, draw.size(1, 5)))), options)


ROWS = (
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
            Mistake("the mean of dweight is not subtracted", replace="dscores -= mean", by="pass"),
            Mistake("dquery without the scale", replace="key[..., columns, :]) * scale", by="key[..., columns, :])"),
        ),
    ),
)
