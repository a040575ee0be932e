"""Lesson 17: the Transformer as a whole."""

from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.networks import network
from .lesson_17_decoder import DECODER_LAYER
from .lesson_17_encoder import ENCODER_LAYER, SIZES, Generated, block_options, inside, mask, padding, sequence, values


def transformer(nn: Any, **options: Any) -> Any:
    made = nn.Transformer(num_encoder_layers=1, num_decoder_layers=1, **options)
    return inside(nn, made, lambda *arrays: made(*arrays))


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


WHOLE = tuple(values(Generated(np.random.default_rng(0)), whole_names(), 4, 3))  # type: ignore[arg-type]

ROWS = (
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
