"""A block of a Transformer encoder: look around, then think; and keep what was there.

    norm_first=False (post-norm, 2017)              norm_first=True (pre-norm, GPT-2 and after)
    x = norm1(x + attention(x))                     x = x + attention(norm1(x))
    y = norm2(x + feed_forward(x))                  y = x + feed_forward(norm2(x))

Residuals. Each part adds something to x instead of replacing it. Backward, the gradient of a sum goes to both terms
unchanged: dx = dy + (the part's own share). So however many blocks there are, the gradient of the last reaches the
first along the sums, undiminished. With pre-norm nothing at all stands in that way, which is why deep pre-norm models
train without a warm-up; post-norm normalizes the sum, and each normalization rescales the gradient.

Sequence tensors. x is (B, T, C): B sequences of T positions, each a vector of C channels. With B = 2, T = 3, C = 4:

    norm, linear1, linear2     each of the 6 vectors of 4 by itself          (2, 3, 4) → (2, 3, hidden) → (2, 3, 4)
    attention, 2 heads         heads of 2 channels, each 3×3 weights a sequence     (2, 2, 3, 2), (2, 2, 3, 3)
    residual, dropout          each of the 24 numbers by itself

Only attention moves anything along T, and nothing moves anything along B. docs/sequence_tensors.md goes through it
number by number.

Source: Vaswani et al. 2017, arXiv:1706.03762; Xiong et al. 2020, arXiv:2002.04745 (pre-norm).
PyTorch: torch.nn.TransformerEncoderLayer.
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


class TransformerEncoderLayer(Module):
    """self_attn, linear1: d_model → dim_feedforward, linear2: back, norm1 and norm2. activation: "relu", "gelu" or a
    function. generator: of the first weights and of dropout.
    """

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
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, bias, batch_first=batch_first, dtype=dtype, generator=generator
        )
        self.linear1 = Linear(d_model, dim_feedforward, bias, dtype=dtype, generator=generator)
        self.linear2 = Linear(dim_feedforward, d_model, bias, dtype=dtype, generator=generator)
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.dropout = Dropout(dropout, generator=generator)  # within the feed-forward part, and after each part
        self.activation = activation_called(activation)
        self.norm_first = norm_first

    def forward(
        self,
        src: Tensor,
        src_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool = False,
    ) -> Tensor | Any:
        """src: (B, T, C), or (T, B, C) with batch_first=False → y: like src.

        The masks are those of MultiheadAttention: True may not be looked at. is_causal says that src_mask is causal.
        """
        x = src
        if self.norm_first:
            x = x + self._attend(self.norm1(x), src_mask, src_key_padding_mask, is_causal)
            return x + self._feed_forward(self.norm2(x))
        x = self.norm1(x + self._attend(x, src_mask, src_key_padding_mask, is_causal))
        return self.norm2(x + self._feed_forward(x))

    def _attend(self, x: Tensor, mask: Tensor | None, padding: Tensor | None, is_causal: bool) -> Any:
        y, _ = self.self_attn(
            x, x, x, key_padding_mask=padding, need_weights=False, attn_mask=mask, is_causal=is_causal
        )
        return self.dropout(y)

    def _feed_forward(self, x: Tensor) -> Any:
        return self.dropout(self.linear2(self.dropout(self.activation(self.linear1(x)))))
