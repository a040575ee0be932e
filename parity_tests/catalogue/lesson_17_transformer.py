"""Lesson 17: the Transformer, from its feed-forward part to the whole."""

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
DECODER_LAYER = (
    *(f"self_attn.{name}" for name in ATTENTION),
    *(f"multihead_attn.{name}" for name in ATTENTION),
    *DENSE,
    *norm_names(3),
)


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


def feed_forward_parts(nn: Any, *, dim: int, hidden: int | None, activation: str, bias: bool) -> Any:
    """Both kinds side by side."""

    class Both(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.plain = nn.FeedForward(dim, hidden, activation, bias)
            self.gated = nn.SwiGLU(dim, hidden)

        def forward(self, x: Any) -> Any:
            return self.plain(x), self.gated(x)

    return Both()


def masked(made: Any, *names: str) -> Callable[..., Any]:
    """A way to call a module by position, whose masks are keywords."""
    return lambda *arrays: made(*arrays[: -len(names)], **dict(zip(names, arrays[-len(names) :], strict=True)))


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


def decoder_layer(nn: Any, **options: Any) -> Any:
    made = nn.TransformerDecoderLayer(**options)
    return inside(nn, made, lambda *arrays: made(*arrays))


def decoder(nn: Any, *, normed: bool, **options: Any) -> Any:
    block = nn.TransformerDecoderLayer(**options)
    made = nn.TransformerDecoder(block, 2, nn.LayerNorm(options["d_model"]) if normed else None)
    return inside(nn, made, lambda *arrays: made(*arrays))


def transformer(nn: Any, **options: Any) -> Any:
    made = nn.Transformer(num_encoder_layers=1, num_decoder_layers=1, **options)
    return inside(nn, made, lambda *arrays: made(*arrays))


# Inputs


@cases("smooth")
def feed_forward_inputs(draw: Draw) -> Case:
    dim, hidden, bias = draw.size(1, 4), draw.choice((None, 1, 3)), draw.integer(0, 3) > 0
    wide, gated = hidden or 4 * dim, hidden or 8 * dim // 3
    plain = [draw.uniform(shape, -1, 1) for shape in ((wide, dim), (wide,), (dim, wide), (dim,))]
    plain = [None if value.ndim == 1 and not bias else value for value in plain]
    gates = [draw.uniform(shape, -1, 1) for shape in ((gated, dim), (dim, gated), (gated, dim))]
    options = {"dim": dim, "hidden": hidden, "activation": draw.choice(("gelu", "relu")), "bias": bias}
    return Case((draw.floats((*draw.shape(max_rank=2), dim)), *plain, *gates), options)


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


def decoder_arrays(draw: Draw, options: dict[str, Any]) -> tuple[Any, ...]:
    batch, length, source = draw.size(1, 2), draw.size(1, 3), draw.size(2, 4)
    sequences = sequence(draw, options, batch, length), sequence(draw, options, batch, source)
    masks = mask(draw, length, length), mask(draw, length, source)
    return (*sequences, *masks, padding(draw, batch, length), padding(draw, batch, source))


@cases("smooth")
def decoder_layer_inputs(draw: Draw) -> Case:
    options, features, hidden = block_options(draw)
    state = values(draw, DECODER_LAYER, features, hidden, bias=options["bias"])
    return Case((*decoder_arrays(draw, options), *state), options)


@cases("smooth")
def decoder_inputs(draw: Draw) -> Case:
    options, features, hidden = block_options(draw)
    normed = draw.boolean()
    state = values(draw, stacked(DECODER_LAYER), features, hidden)
    state[-2:] = state[-2:] if normed else [None, None]
    return Case((*decoder_arrays(draw, options), *state), options | {"normed": normed, "bias": True})


def whole_names() -> tuple[str, ...]:
    names = [f"encoder.layers.0.{name}" for name in ENCODER_LAYER] + ["encoder.norm.weight", "encoder.norm.bias"]
    return (*names, *(f"decoder.layers.0.{name}" for name in DECODER_LAYER), "decoder.norm.weight", "decoder.norm.bias")


@cases("smooth")
def transformer_inputs(draw: Draw) -> Case:
    options, features, hidden = block_options(draw)
    batch, source, length = draw.size(1, 2), draw.size(2, 4), draw.size(1, 3)
    sequences = sequence(draw, options, batch, source), sequence(draw, options, batch, length)
    masks = mask(draw, source, source), mask(draw, length, length), mask(draw, length, source)
    paddings = padding(draw, batch, source), padding(draw, batch, length), padding(draw, batch, source)
    state = values(draw, whole_names(), features, hidden)
    return Case((*sequences, *masks, *paddings, *state), options | {"bias": True})


def block(batch: int, length: int, features: int, heads: int) -> Callable[[np.random.Generator], Case]:
    """A pre-norm encoder block as a workload."""

    def build(generator: np.random.Generator) -> Case:
        draw = _Generated(generator)
        state = values(draw, ENCODER_LAYER, features, 4 * features)  # type: ignore[arg-type]
        state = [value / np.float32(np.sqrt(features)) if value.ndim > 1 else value for value in state]
        options = {"d_model": features, "nhead": heads, "dim_feedforward": 4 * features, "activation": "gelu"}
        options |= {"batch_first": True, "norm_first": True, "dropout": 0.0, "is_causal": False}
        x = generator.standard_normal((batch, length, features), dtype=np.float32)
        return Case((x, None, None, *state), options)

    return build


class _Generated:
    """What `values` needs of a Draw."""

    def __init__(self, generator: np.random.Generator) -> None:
        self.generator = generator

    def uniform(self, shape: tuple[int, ...], low: float, high: float) -> Any:
        return self.generator.uniform(low, high, shape).astype(np.float32)


MASKS = ("tgt_mask", "memory_mask", "tgt_key_padding_mask", "memory_key_padding_mask")
SIZES: dict[str, Any] = {"d_model": 4, "nhead": 2, "dim_feedforward": 3, "batch_first": True, "dropout": 0.0}
NO_RESIDUAL = "no residual"
WHOLE = tuple(values(_Generated(np.random.default_rng(0)), whole_names(), 4, 3))  # type: ignore[arg-type]

ROWS = (
    Entry(
        "nn.feed_forward",
        lesson=17,
        title="Feed-forward parts: GELU, SwiGLU",
        share=0.5,
        inputs=feed_forward_inputs,
        refusals=(
            Refusal(
                "an unknown activation",
                Case((zeros((2, 3)), *(None,) * 7), {"dim": 3, "hidden": 2, "activation": "gulu", "bias": False}),
                says=("activation", "gulu", "gelu"),
            ),
        ),
        mistakes=(
            Mistake("no activation", replace="self.linear2(self.activation(self.linear1(x)))", by="self.linear2(self.linear1(x))"),
            Mistake("a residual, which belongs to the block", replace="y: Tensor = self.linear2(", by="y: Tensor = x + self.linear2("),
            Mistake("always GELU", replace="return ACTIVATIONS[name]", by='return ACTIVATIONS["gelu"]'),
            Mistake("the gate on the wrong side", replace="apply_silu(self.w1(x)) * self.w3(x)", by="self.w1(x) * apply_silu(self.w3(x))"),
            Mistake("no gate", replace="apply_silu(self.w1(x)) * self.w3(x)", by="apply_silu(self.w1(x))"),
            Mistake("GELU for SiLU: GEGLU", replace="apply_silu(self.w1(x))", by="apply_gelu(self.w1(x))"),
            Mistake("the gate is linear", replace="apply_silu(self.w1(x))", by="self.w1(x)"),
        ),
        adapter=network(
            feed_forward_parts,
            state=(*(f"plain.{name}" for name in DENSE), *(f"gated.w{i}.weight" for i in (1, 2, 3))),
        ),
    ),
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
    Entry(
        "nn.transformer_decoder_layer",
        lesson=17,
        title="Block of a Transformer decoder",
        inputs=decoder_layer_inputs,
        mistakes=(
            Mistake(
                "the memory is not looked at",
                replace="x, memory, memory_mask, memory_key_padding_mask, memory_is_causal)",
                by="x, x, None, None, False)",
            ),
            Mistake("post-norm for pre-norm", replace="        if self.norm_first:\n", by="        if False:\n"),
            Mistake("no cross-attention", replace="x = x + look_at_memory(self.norm2(x))", by="x = x + 0 * look_at_memory(self.norm2(x))"),
            Mistake("the memory before the text", replace="x = self.norm1(x + look_back(x))\n        x = self.norm2(x + look_at_memory(x))",
                    by="x = self.norm1(x + look_at_memory(x))\n        x = self.norm2(x + look_back(x))"),
            Mistake("no residual around the cross-attention", replace="self.norm2(x + look_at_memory(x))", by="self.norm2(look_at_memory(x))"),
            Mistake("the text is seen without a mask", replace="x, x, tgt_mask, tgt_key", by="x, x, None, tgt_key"),
            Mistake("the memory is seen without a mask", replace="memory, memory_mask, memory_key", by="memory, None, memory_key"),
            Mistake("padding of the memory is seen", replace="memory_mask, memory_key_padding_mask, memory_is", by="memory_mask, None, memory_is"),
            Mistake("padding of the text is seen", replace="tgt_mask, tgt_key_padding_mask, tgt_is", by="tgt_mask, None, tgt_is"),
            Mistake("both attentions with one set of weights", replace="self._attend(self.multihead_attn,", by="self._attend(self.self_attn,"),
            Mistake("norms in the wrong places", replace="return x + self._feed_forward(self.norm3(x))", by="return x + self._feed_forward(self.norm2(x))"),
        ),
        share=0.2,
        adapter=network(
            decoder_layer,
            inputs=("tgt", "memory", *MASKS),
            state=tuple(f"made.{name}" for name in DECODER_LAYER),
            any_layout=False,
        ),
    ),
    Entry(
        "nn.transformer_decoder",
        lesson=17,
        title="Transformer decoder",
        inputs=decoder_inputs,
        mistakes=(
            Mistake("the norm at the end is forgotten", replace="tgt if self.norm is None else self.norm(tgt)", by="tgt"),
            Mistake("the second layer looks at the first one's output", replace="        return tgt if", by="            memory = tgt if tgt.shape == memory.shape else memory\n        return tgt if"),
            Mistake("attention without its mask", replace="tgt_mask=tgt_mask,", by="tgt_mask=None,"),
            Mistake("the memory is seen without a mask", replace="memory_mask=memory_mask,", by="memory_mask=None,"),
            Mistake("padding of the text is seen", replace="tgt_key_padding_mask=tgt_key_padding_mask,", by="tgt_key_padding_mask=None,"),
            Mistake("padding of the memory is seen", replace="memory_key_padding_mask=memory_key_padding_mask,", by="memory_key_padding_mask=None,"),
            Mistake("the first layer, twice", replace="        for layer in self.layers:\n", by="        for layer in [self.layers[0]] * len(self.layers):\n"),
        ),
        share=0.2,
        adapter=network(
            decoder,
            inputs=("tgt", "memory", *MASKS),
            state=tuple(f"made.{name}" for name in stacked(DECODER_LAYER)),
            any_layout=False,
        ),
    ),
    Entry(
        "nn.transformer",
        lesson=17,
        title="Transformer: encoder and decoder",
        inputs=transformer_inputs,
        refusals=(
            Refusal(
                "batches differ",
                Case((zeros((2, 3, 4)), zeros((3, 3, 4)), *(None,) * 6, *WHOLE), SIZES),
                says=("src", "tgt", "batch", "(2, 3, 4)", "(3, 3, 4)"),
            ),
            Refusal(
                "another number of features",
                Case((zeros((2, 3, 5)), zeros((2, 3, 5)), *(None,) * 6, *WHOLE), SIZES),
                says=("d_model=4", "(2, 3, 5)"),
            ),
        ),
        mistakes=(
            Mistake("the decoder looks at the source, not at what was read", replace="            memory,\n            tgt_mask,", by="            src,\n            tgt_mask,"),
            Mistake("no gradient into the encoder", replace="memory = self.encoder(src, src_mask, src_key_padding_mask, src_is_causal)",
                    by="memory = self.encoder(src, src_mask, src_key_padding_mask, src_is_causal).detach()"),
            Mistake("the source is read without its mask", replace="self.encoder(src, src_mask,", by="self.encoder(src, None,"),
            Mistake("the text is written without its mask", replace="            tgt_mask,\n            memory_mask,", by="            None,\n            memory_mask,"),
            Mistake("padding of the memory is seen", replace="            memory_key_padding_mask,\n            tgt_is_causal,", by="            None,\n            tgt_is_causal,"),
            Mistake("padding of the source is read", replace="src_mask, src_key_padding_mask, src_is_causal)", by="src_mask, None, src_is_causal)"),
            Mistake("the norm of the encoder is left out", replace="TransformerEncoder(reads, num_encoder_layers, norms[0])",
                    by="TransformerEncoder(reads, num_encoder_layers, norms[0]); self.encoder.norm.forward = lambda x: x"),
        ),
        share=0.2,
        adapter=network(
            transformer,
            inputs=("src", "tgt", "src_mask", "tgt_mask", "memory_mask", "src_key_padding_mask",
                    "tgt_key_padding_mask", "memory_key_padding_mask"),
            state=tuple(f"made.{name}" for name in whole_names()),
            any_layout=False,
        ),
    ),
)  # fmt: skip
