"""A block of a Transformer decoder: look at what is written, look at the source, then think.

    norm_first=False                                    norm_first=True
    x = norm1(x + self_attention(x))                    x = x + self_attention(norm1(x))
    x = norm2(x + cross_attention(x, memory))           x = x + cross_attention(norm2(x), memory)
    y = norm3(x + feed_forward(x))                      y = x + feed_forward(norm3(x))

An encoder block with a second attention in the middle, whose queries come from the text that is being written and
whose keys and values from `memory`, the encoder's output. The first attention is given a causal mask: in training all
positions are predicted at once, and none may see the word it has to predict. The memory may be seen as a whole, so its
mask is at most one of padding.

Source: Vaswani et al. 2017, arXiv:1706.03762. PyTorch: torch.nn.TransformerDecoderLayer.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.tensor import Tensor
from .dropout import Dropout
from .feed_forward import activation_called
from .layer_norm import LayerNorm
from .linear import Linear
from .module import Module
from .multihead_attention import MultiheadAttention


class TransformerDecoderLayer(Module):
    """self_attn, multihead_attn (to memory), linear1: d_model → dim_feedforward, linear2: back, norm1 … norm3."""

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[..., Any] = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | int | None = None,
    ) -> None:
        super().__init__()
        generator = np.random.default_rng(generator)
        self.self_attn, self.multihead_attn = (
            MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, dtype=dtype, generator=generator)
            for _ in range(2)
        )
        self.linear1 = Linear(d_model, dim_feedforward, bias, dtype=dtype, generator=generator)
        self.linear2 = Linear(dim_feedforward, d_model, bias, dtype=dtype, generator=generator)
        self.norm1, self.norm2, self.norm3 = (
            LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype) for _ in range(3)
        )
        self.dropout = Dropout(dropout, generator=generator)
        self.activation = activation_called(activation)
        self.norm_first = norm_first

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor | Any:
        """tgt: (B, T, C), memory: (B, S, C), or with B and T changed round → y: like tgt.

        The masks are those of MultiheadAttention; the flags say that a mask, which must be there, is causal.
        """

        def look_back(x: Tensor) -> Any:
            return self._attend(self.self_attn, x, x, tgt_mask, tgt_key_padding_mask, tgt_is_causal)

        def look_at_memory(x: Tensor) -> Any:
            return self._attend(self.multihead_attn, x, memory, memory_mask, memory_key_padding_mask, memory_is_causal)

        x = tgt
        if self.norm_first:
            x = x + look_back(self.norm1(x))
            x = x + look_at_memory(self.norm2(x))
            return x + self._feed_forward(self.norm3(x))
        x = self.norm1(x + look_back(x))
        x = self.norm2(x + look_at_memory(x))
        return self.norm3(x + self._feed_forward(x))

    def _attend(
        self, attention: Module, x: Tensor, at: Tensor, mask: Tensor | None, padding: Tensor | None, is_causal: bool
    ) -> Any:
        y, _ = attention(x, at, at, key_padding_mask=padding, need_weights=False, attn_mask=mask, is_causal=is_causal)
        return self.dropout(y)

    def _feed_forward(self, x: Tensor) -> Any:
        return self.dropout(self.linear2(self.dropout(self.activation(self.linear1(x)))))
