"""The Transformer: an encoder reads one sequence, a decoder writes another while looking at what was read.

    memory = encoder(src)        y = decoder(tgt, memory)

Made for translation. Both are given vectors, of which each is the sum of an embedding of a word and one of its position
(ops.embedding), for attention itself does not know any order; and a Linear behind it turns y into scores for words.
In training, tgt is the right translation moved one place to the right, and its mask causal:

    tgt  <start>  I     am    here
    y →  I        am    here  <end>

Two later families each keep a half: BERT the encoder, GPT the decoder, without a memory to look at.

Source: Vaswani et al. 2017, "Attention is all you need", arXiv:1706.03762. PyTorch: torch.nn.Transformer.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.tensor import Tensor
from .init.xavier import xavier_uniform_
from .layer_norm import LayerNorm
from .module import Module
from .transformer_decoder import TransformerDecoder
from .transformer_decoder_layer import TransformerDecoderLayer
from .transformer_encoder import TransformerEncoder
from .transformer_encoder_layer import TransformerEncoderLayer


class Transformer(Module):
    """encoder: a TransformerEncoder, decoder: a TransformerDecoder, both with a norm at the end."""

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[..., Any] = "relu",
        *,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | int | None = None,
    ) -> None:
        super().__init__()
        generator = np.random.default_rng(generator)
        sizes = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias)
        reads = TransformerEncoderLayer(*sizes, dtype=dtype, generator=generator)
        writes = TransformerDecoderLayer(*sizes, dtype=dtype, generator=generator)
        norms = [LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype) for _ in range(2)]
        self.encoder = TransformerEncoder(reads, num_encoder_layers, norms[0])
        self.decoder = TransformerDecoder(writes, num_decoder_layers, norms[1])
        self.d_model, self.batch_first = d_model, batch_first
        for parameter in self.parameters():
            if parameter.ndim > 1:
                xavier_uniform_(parameter, generator=generator)

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Tensor | None = None,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        src_is_causal: bool = False,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """src: (B, S, C), tgt: (B, T, C), or with B and T changed round → y: like tgt.

        Raises ValueError when src and tgt differ in their batch, or do not have d_model features.
        """
        batch = 0 if self.batch_first else 1
        if src.ndim != tgt.ndim or (src.ndim == 3 and src.shape[batch] != tgt.shape[batch]):
            raise ValueError(f"src and tgt must have the same batch, axis {batch}; got {src.shape} and {tgt.shape}")
        if src.shape[-1] != self.d_model or tgt.shape[-1] != self.d_model:
            raise ValueError(f"src and tgt must have d_model={self.d_model} features; got {src.shape} and {tgt.shape}")
        memory = self.encoder(src, src_mask, src_key_padding_mask, src_is_causal)
        y: Tensor = self.decoder(
            tgt,
            memory,
            tgt_mask,
            memory_mask,
            tgt_key_padding_mask,
            memory_key_padding_mask,
            tgt_is_causal,
            memory_is_causal,
        )
        return y

    @staticmethod
    def generate_square_subsequent_mask(sz: int, dtype: npt.DTypeLike = np.float32) -> Tensor:
        """The causal mask as numbers to add: (sz, sz), -inf above the diagonal."""
        return Tensor(np.triu(np.full((sz, sz), -math.inf), 1).astype(dtype))
