"""Lesson 17: the encoder of a Transformer, and what its blocks are judged on."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.networks import network

ATTENTION = ("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias")
DENSE = ("linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias")


def norm_names(count: int) -> tuple[str, ...]:
    return tuple(f"norm{i}.{part}" for i in range(1, count + 1) for part in ("weight", "bias"))


ENCODER_LAYER = (*(f"self_attn.{name}" for name in ATTENTION), *DENSE, *norm_names(2))


def stacked(names: tuple[str, ...], *, norm: str = "norm") -> tuple[str, ...]:
    """The names of two layers and the norm behind them."""
    return (*(f"layers.{i}.{name}" for i in range(2) for name in names), f"{norm}.weight", f"{norm}.bias")


def values(draw: Draw, names: tuple[str, ...], features: int, hidden: int, *, bias: bool = True) -> list[Any]:
    """A value for each name, None for the biases that a layer without them does not have."""
    shapes = {
        "in_proj_weight": (3 * features, features),
        "in_proj_bias": (3 * features,),
        "out_proj.weight": (features, features),
        "linear1.weight": (hidden, features),
        "linear1.bias": (hidden,),
        "linear2.weight": (features, hidden),
    }
    found: list[Any] = []
    for name in names:
        shape = next((shape for end, shape in shapes.items() if name.endswith(end)), (features,))
        found.append(None if name.endswith("bias") and not bias else draw.uniform(shape, -1.0, 1.0))
    return found


def inside(nn: Any, made: Any, call: Callable[..., Any]) -> Any:
    """A network whose only part is `made`."""

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.made = made

        def forward(self, *arrays: Any) -> Any:
            return call(*arrays)

    return Network()


def encoder_layer(nn: Any, *, is_causal: bool, **options: Any) -> Any:
    made = nn.TransformerEncoderLayer(**options)
    return inside(nn, made, lambda x, mask, padding: made(x, mask, padding, is_causal))


def encoder(nn: Any, *, normed: bool, **options: Any) -> Any:
    block = nn.TransformerEncoderLayer(**options)
    norm = nn.LayerNorm(options["d_model"]) if normed else None
    nested = {} if nn.__name__.startswith("scratch") else {"enable_nested_tensor": False}
    made = nn.TransformerEncoder(block, 2, norm, **nested)
    return inside(nn, made, lambda x, mask, padding: made(x, mask=mask, src_key_padding_mask=padding))


def block_options(draw: Draw) -> tuple[dict[str, Any], int, int]:
    """Options of a block, its features and hidden units."""
    heads = draw.choice((1, 2))
    features, hidden = heads * draw.size(2, 3), draw.size(1, 4)
    options: dict[str, Any] = {"d_model": features, "nhead": heads, "dim_feedforward": hidden}
    options |= {"batch_first": draw.boolean(), "norm_first": draw.boolean(), "bias": draw.integer(0, 3) > 0}
    options |= {"activation": draw.choice(("gelu", "relu")), "layer_norm_eps": draw.choice((1e-5, 1e-3))}
    training = draw.boolean()  # dropout is random: in training there must be none
    return options | {"training": training, "dropout": 0.0 if training else 0.5}, features, hidden


def sequence(draw: Draw, options: dict[str, Any], batch: int, length: int) -> Any:
    """Numbers around 1: the norms inside would undo any other scale."""
    shape = (batch, length) if options["batch_first"] else (length, batch)
    return draw.uniform((*shape, options["d_model"]), -2.0, 2.0)


def mask(draw: Draw, queries: int, keys: int) -> Any:
    """None, or who may not look at whom; everybody sees somebody."""
    if draw.boolean():
        return None
    hidden = draw.booleans((queries, keys))
    hidden[:, 0] = False
    return hidden


def padding(draw: Draw, batch: int, keys: int) -> Any:
    """None, or which keys only fill up; the first never does."""
    return None if draw.boolean() else np.arange(keys) >= draw.integers((batch, 1), 1, keys + 1)


@cases("smooth")
def encoder_layer_inputs(draw: Draw) -> Case:
    options, features, hidden = block_options(draw)
    batch, length = draw.size(1, 3), draw.size(1, 4)
    is_causal = draw.integer(0, 3) == 0
    hidden_from = ~np.tri(length, dtype=bool) if is_causal else mask(draw, length, length)
    state = values(draw, ENCODER_LAYER, features, hidden, bias=options["bias"])
    arrays = sequence(draw, options, batch, length), hidden_from, padding(draw, batch, length)
    return Case((*arrays, *state), options | {"is_causal": is_causal})


@cases("smooth")
def encoder_inputs(draw: Draw) -> Case:
    options, features, hidden = block_options(draw)
    batch, length, normed = draw.size(1, 2), draw.size(1, 3), draw.boolean()
    state = values(draw, stacked(ENCODER_LAYER), features, hidden)
    state[-2:] = state[-2:] if normed else [None, None]
    arrays = sequence(draw, options, batch, length), mask(draw, length, length), padding(draw, batch, length)
    return Case((*arrays, *state), options | {"normed": normed, "bias": True})


def block(batch: int, length: int, features: int, heads: int) -> Callable[[np.random.Generator], Case]:
    """A pre-norm encoder block as a workload."""

    def build(generator: np.random.Generator) -> Case:
        draw = Generated(generator)
        state = values(draw, ENCODER_LAYER, features, 4 * features)  # type: ignore[arg-type]
        state = [value / np.float32(np.sqrt(features)) if value.ndim > 1 else value for value in state]
        options = {"d_model": features, "nhead": heads, "dim_feedforward": 4 * features, "activation": "gelu"}
        options |= {"batch_first": True, "norm_first": True, "dropout": 0.0, "is_causal": False}
        x = generator.standard_normal((batch, length, features), dtype=np.float32)
        return Case((x, None, None, *state), options)

    return build


class Generated:
    """What `values` needs of a Draw."""

    def __init__(self, generator: np.random.Generator) -> None:
        self.generator = generator

    def uniform(self, shape: tuple[int, ...], low: float, high: float) -> Any:
        return self.generator.uniform(low, high, shape).astype(np.float32)


SIZES: dict[str, Any] = {"d_model": 4, "nhead": 2, "dim_feedforward": 3, "batch_first": True, "dropout": 0.0}
NO_RESIDUAL = "no residual"

ROWS = (
    Entry(
        "nn.transformer_encoder_layer",
        lesson=17,
        title="Block of a Transformer encoder",
        inputs=encoder_layer_inputs,
        refusals=(
            Refusal(
                "heads that do not divide the features",
                Case((zeros((2, 3, 4)), None, None), {**SIZES, "nhead": 3, "is_causal": False}),
                says=("num_heads", "embed_dim=4", "num_heads=3"),
            ),
        ),
        sizes={"small": block(2, 16, 32, 4), "medium": block(8, 64, 128, 4), "large": block(8, 128, 512, 8)},
        mistakes=(
            Mistake(
                "post-norm for pre-norm",
                replace="        if self.norm_first:\n",
                by="        if False:\n",
            ),
            Mistake("pre-norm for post-norm", replace="        if self.norm_first:\n", by="        if True:\n"),
            Mistake(NO_RESIDUAL, replace="x = self.norm1(x + self._attend(", by="x = self.norm1(self._attend("),
            Mistake(
                "no residual around the feed-forward part",
                replace="return self.norm2(x + self._feed_forward(x))",
                by="return self.norm2(self._feed_forward(x))",
            ),
            Mistake(
                "pre-norm: the normalized x is the residual",
                replace="return x + self._feed_forward(self.norm2(x))",
                by="return self.norm2(x) + self._feed_forward(self.norm2(x))",
            ),
            Mistake("pre-norm without the first norm", replace="x + self._attend(self.norm1(x),", by="x + self._attend(x,"),
            Mistake("one norm serves both parts", replace="self._feed_forward(self.norm2(x))", by="self._feed_forward(self.norm1(x))"),
            Mistake("attention without its mask", replace="attn_mask=mask, is_causal=is_causal", by="attn_mask=None"),
            Mistake("padding is seen", replace="key_padding_mask=padding,", by="key_padding_mask=None,"),
            Mistake("no activation", replace="self.activation(self.linear1(x))", by="self.linear1(x)"),
            Mistake("epsilon is the default", replace="self.norm2 = LayerNorm(d_model, layer_norm_eps,", by="self.norm2 = LayerNorm(d_model, 1e-5,"),
            Mistake("dropout in inference", replace="return self.dropout(y)", by="return y * (1 - self.dropout.p)"),
        ),
        share=0.4,
        adapter=network(
            encoder_layer,
            inputs=("src", "src_mask", "src_key_padding_mask"),
            state=tuple(f"made.{name}" for name in ENCODER_LAYER),
            any_layout=False,
        ),
    ),
    Entry(
        "nn.transformer_encoder",
        lesson=17,
        title="Transformer encoder",
        inputs=encoder_inputs,
        mistakes=(
            Mistake("the norm at the end is forgotten", replace="src if self.norm is None else self.norm(src)", by="src"),
            Mistake(
                "every layer sees the source",
                replace="            src = layer(src,",
                by="            first = src if layer is self.layers[0] else first\n            src = layer(first,",
            ),
            Mistake(
                "the first layer, twice",
                replace="        for layer in self.layers:\n",
                by="        for layer in [self.layers[0]] * len(self.layers):\n",
            ),
            Mistake("attention without its mask", replace="src_mask=mask,", by="src_mask=None,"),
            Mistake("padding is seen", replace="src_key_padding_mask=src_key_padding_mask,", by="src_key_padding_mask=None,"),
            Mistake(
                "the mask for the first layer only",
                replace="        return src if",
                by="            mask = None\n        return src if",
            ),
            Mistake("the layers in reverse", replace="for layer in self.layers:", by="for layer in list(self.layers)[::-1]:"),
        ),
        share=0.2,
        adapter=network(
            encoder,
            inputs=("src", "mask", "src_key_padding_mask"),
            state=tuple(f"made.{name}" for name in stacked(ENCODER_LAYER)),
            any_layout=False,
        ),
    ),
)  # fmt: skip
