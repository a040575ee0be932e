"""Lesson 16: attention as a layer of several heads."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Divergence, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.networks import network

NAMES = ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias", "out_proj.weight",
         "out_proj.bias")  # fmt: skip


def multihead(nn: Any, *, need_weights: bool, average: bool, same: bool, is_causal: bool = False, **sizes: Any) -> Any:
    """Attention as a layer, asked for its weights or not, on one sequence or several."""

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.attention = nn.MultiheadAttention(**sizes)

        def forward(self, query: Any, key: Any, value: Any, padding: Any, attn_mask: Any) -> Any:
            key, value = (query, query) if same else (key, value)
            y, weights = self.attention(
                query,
                key,
                value,
                key_padding_mask=padding,
                need_weights=need_weights,
                attn_mask=attn_mask,
                average_attn_weights=average,
                is_causal=is_causal,
            )
            return (y, weights) if need_weights else y

    return Network()


def projections(draw: Draw, features: int, kdim: int | None, vdim: int | None, *, bias: bool) -> list[Any]:
    """The state of a MultiheadAttention, None for what it does not have."""

    def some(*shape: int) -> Any:
        return draw.uniform(shape, -1.0, 1.0)

    packed = kdim is None and vdim is None
    weights = [some(3 * features, features), None, None, None]
    if not packed:
        weights = [None, some(features, features), some(features, kdim or features), some(features, vdim or features)]
    biases = [some(3 * features), some(features)] if bias else [None, None]
    return [*weights, biases[0], some(features, features), biases[1]]


def padding_mask(draw: Draw, shape: tuple[int, ...], *, numbers: bool) -> Any:
    """(B, S): some keys are hidden, never the first."""
    hidden = draw.booleans(shape) & draw.booleans(shape)
    hidden[..., 0] = False
    return np.where(hidden, -np.inf, draw.uniform(shape, -1.0, 1.0)).astype(draw.dtype) if numbers else hidden


@cases("smooth")
def multihead_inputs(draw: Draw) -> Case:
    heads = draw.choice((1, 2, 2, 3))
    features, batch, queries = heads * draw.size(1, 3), draw.choice((1, 2, 3)), draw.choice((4, 2, 3, 5, 1))
    same, bias, batch_first = draw.boolean(), draw.integer(0, 3) > 0, draw.boolean()
    keys = queries if same else draw.choice((4, 3, 5, 6, 1))
    kdim, vdim = (None, None) if same or draw.boolean() else (features + draw.size(1, 2), draw.choice((None, 2)))
    alone = draw.integer(0, 5) == 0
    batch = 1 if alone else batch

    def sequence(length: int, width: int) -> Any:
        shape = (length, width) if alone else (batch, length, width) if batch_first else (length, batch, width)
        return draw.floats(shape)

    arrays = [sequence(queries, features), None, None]
    if not same:
        arrays[1:] = [sequence(keys, kdim or features), sequence(keys, vdim or features)]
    numbers = draw.integer(0, 2) == 0
    masks = draw.choice(("none", "none", "padding", "attention", "both", "both"))
    padding = None
    if masks in ("padding", "both"):
        padding = padding_mask(draw, (keys,) if alone else (batch, keys), numbers=numbers)
    attn_mask = None
    if masks in ("attention", "both"):
        shape = (queries, keys) if draw.integer(0, 2) == 0 else (batch * heads, queries, keys)
        attn_mask = padding_mask(draw, shape, numbers=numbers)
    options: dict[str, Any] = {"embed_dim": features, "num_heads": heads, "bias": bias, "batch_first": batch_first}
    options |= {"need_weights": draw.boolean(), "average": draw.boolean(), "same": same, "training": draw.boolean()}
    if kdim is not None:
        options |= {"kdim": kdim, "vdim": vdim}
    return Case((*arrays, padding, attn_mask, *projections(draw, features, kdim, vdim, bias=bias)), options)


def self_attention(batch: int, length: int, features: int, heads: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        def some(*shape: int) -> np.ndarray:
            return (generator.standard_normal(shape) / np.sqrt(features)).astype(np.float32)

        x = generator.standard_normal((batch, length, features), dtype=np.float32)
        state = some(3 * features, features), None, None, None, some(3 * features)
        options = {"embed_dim": features, "num_heads": heads, "batch_first": True, "need_weights": False}
        arrays = (x, None, None, None, None, *state, some(features, features), some(features))
        return Case(arrays, {**options, "average": True, "same": True})

    return build


STATE = (zeros((12, 4)), None, None, None, zeros(12), zeros((4, 4)), zeros(4))
SIZES = {"embed_dim": 4, "num_heads": 2, "need_weights": True, "average": True, "same": True, "batch_first": True}
X = zeros((2, 3, 4))
RANDOM = np.random.default_rng(0).standard_normal((2, 3, 4))
BLIND = np.array([[False, False, False], [True, True, True], [False, False, False]])

ROWS = (
    Entry(
        "nn.multihead_attention",
        lesson=16,
        title="Multi-head attention as a layer",
        inputs=multihead_inputs,
        refusals=(
            Refusal(
                "heads that do not divide the features",
                Case((X, None, None, None, None, *STATE), {**SIZES, "num_heads": 3}),
                says=("num_heads", "embed_dim=4", "num_heads=3"),
            ),
            Refusal(
                "attn_mask of another shape",
                Case((X, None, None, None, np.zeros((3, 2), bool), *STATE), SIZES),
                says=("attn_mask", "(T, S)", "(3, 3)", "(3, 2)"),
            ),
            Refusal(
                "key_padding_mask of another shape",
                Case((X, None, None, np.zeros((3, 2), bool), None, *STATE), SIZES),
                says=("key_padding_mask", "(2, 3)", "(3, 2)"),
            ),
            Refusal(
                "is_causal without a mask",
                Case((X, None, None, None, None, *STATE), {**SIZES, "is_causal": True}),
                says=("is_causal", "attn_mask"),
            ),
            Refusal(
                "a picture", Case((X[None], None, None, None, None, *STATE), SIZES), says=("query", "(1, 2, 3, 4)")
            ),
        ),
        divergences=(
            Divergence(
                "a query that may look at nothing: PyTorch gives NaN where it is asked for weights, and zeros otherwise",
                Case((RANDOM, None, None, None, BLIND, *STATE), SIZES),
            ),
        ),
        sizes={
            "small": self_attention(2, 16, 32, 4),
            "medium": self_attention(12, 64, 128, 4),
            "large": self_attention(8, 256, 512, 8),
        },
        mistakes=(
            Mistake(
                "the mask is the wrong way round",
                replace="return ~(hidden[0] | hidden[-1])",
                by="return (hidden[0] | hidden[-1])",
            ),
            Mistake("one of two masks is ignored", replace="return ~(hidden[0] | hidden[-1])", by="return ~hidden[0]"),
            Mistake("one mask of numbers is ignored", replace="else numbers[0] + numbers[1]", by="else numbers[0]"),
            Mistake(
                "attention without its mask",
                replace="weights = apply_weights(q, k, mask)",
                by="weights = apply_weights(q, k)",
            ),
            Mistake(
                "attention without its mask, when no weights are asked for",
                replace="heads = apply_attention(q, k, v, mask)\n",
                by="heads = apply_attention(q, k, v)\n",
            ),
            Mistake(
                "heads not separated: one over all features",
                replace="num_heads=self.num_heads)",
                by="num_heads=1)",
            ),
            Mistake(
                "heads not put side by side again",
                replace="heads.transpose(1, 2).reshape(batch, length, self.embed_dim)",
                by="heads.reshape(batch, length, self.embed_dim)",
            ),
            Mistake(
                "heads out of stretches of time",
                replace="y.reshape(batch, length, self.num_heads, self.embed_dim // self.num_heads).transpose(1, 2)",
                by="y.reshape(batch, self.num_heads, length, self.embed_dim // self.num_heads)",
            ),
            Mistake("batch and time are confused", replace="x if self.batch_first else x.transpose(0, 1)", by="x"),
            Mistake(
                "the weights of the first head only",
                replace="weights.mean(1) if average_attn_weights",
                by="weights[:, 0] if average_attn_weights",
            ),
            Mistake(
                "the weights are always averaged",
                replace="weights.mean(1) if average_attn_weights else weights",
                by="weights.mean(1)",
            ),
            Mistake("no output projection", replace="y = self.out_proj(heads", by="y = (heads"),
            Mistake("the bias is forgotten", replace="None if bias is None else bias[third]", by="None"),
            Mistake(
                "query and key projections are exchanged",
                replace="weights = [self.in_proj_weight[third] for third in thirds]",
                by="weights = [self.in_proj_weight[thirds[i]] for i in (1, 0, 2)]",
            ),
            Mistake(
                "the mask of each head goes to another",
                replace="attn_mask.reshape(scores)",
                by="attn_mask.reshape(heads, batch, queries, keys).transpose(0, 1)",
            ),
            Mistake(
                "padding hides queries, not keys",
                replace="padding.reshape(batch, 1, 1, keys)",
                by="padding.reshape(batch, 1, keys, 1)[:, :, : queries]",
            ),
        ),
        share=0.5,
        adapter=network(
            multihead,
            inputs=("query", "key", "value", "key_padding_mask", "attn_mask"),
            state=tuple(f"attention.{name}" for name in NAMES),
        ),
    ),
)
