"""Lesson 17: the decoder of a Transformer."""

from typing import Any

from ..harness.entry import Case, Entry, Mistake
from ..harness.inputs import Draw, cases
from ..harness.networks import network
from .lesson_17_encoder import (
    ATTENTION,
    DENSE,
    block_options,
    inside,
    mask,
    norm_names,
    padding,
    sequence,
    stacked,
    values,
)

DECODER_LAYER = (
    *(f"self_attn.{name}" for name in ATTENTION),
    *(f"multihead_attn.{name}" for name in ATTENTION),
    *DENSE,
    *norm_names(3),
)


def decoder_layer(nn: Any, **options: Any) -> Any:
    made = nn.TransformerDecoderLayer(**options)
    return inside(nn, made, lambda *arrays: made(*arrays))


def decoder(nn: Any, *, normed: bool, **options: Any) -> Any:
    block = nn.TransformerDecoderLayer(**options)
    made = nn.TransformerDecoder(block, 2, nn.LayerNorm(options["d_model"]) if normed else None)
    return inside(nn, made, lambda *arrays: made(*arrays))


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


MASKS = ("tgt_mask", "memory_mask", "tgt_key_padding_mask", "memory_key_padding_mask")

ROWS = (
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
)  # fmt: skip
