"""Multi-head attention: several things are looked for at once, each in a subspace of its own.

    q, k, v = query W_qᵀ, key W_kᵀ, value W_vᵀ          E features each, cut into H heads of E / H
    head    = softmax(q kᵀ / √(E/H) + mask) v           for each head by itself
    y       = concatenated heads · W_oᵀ

The three projections decide what a position asks for, what it can be found by, and what it hands over; all of it is
learned. *Self-attention* has query = key = value: a sequence looks at itself, and one product with W_q, W_k and W_v
stacked, `in_proj_weight`, computes all three. In *cross-attention* one sequence looks at another, which may have
features of another number, kdim and vdim.

Shapes. batch_first=True: query (B, T, E), key (B, S, kdim), value (B, S, vdim) → y (B, T, E). By default the batch is
the second axis, as in PyTorch; a single sequence has no batch axis at all.

Masks. Here, unlike in scaled_dot_product_attention, True means *may not look*: that is how PyTorch has it. attn_mask is
(T, S) for all, or (B · H, T, S); key_padding_mask is (B, S), for sentences that were filled up to equal length. Numbers
are added to the scores instead. A query that may look at nothing gets y = W_o's bias, and weights 0; PyTorch gives NaN
with need_weights=True.

Source: Vaswani et al. 2017, arXiv:1706.03762. PyTorch: torch.nn.MultiheadAttention.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.attention import attention_weights, scaled_dot_product_attention, split_heads
from ..ops.regularization import dropout as dropout_op
from .init.constant import zeros_
from .init.xavier import xavier_uniform_
from .linear import Linear, apply_linear
from .module import Module, Parameter

apply_attention = differentiable(scaled_dot_product_attention)
apply_weights = differentiable(attention_weights)
apply_split = differentiable(split_heads)
apply_dropout = differentiable(dropout_op)


class MultiheadAttention(Module):
    """in_proj_weight: (3 E, E), or q_proj_weight (E, E), k_proj_weight (E, kdim), v_proj_weight (E, vdim) where kdim or
    vdim is not E; in_proj_bias: (3 E,); out_proj: a Linear. dropout: of the weights, in training.

    Raises ValueError unless num_heads divides embed_dim.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        *,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | int | None = None,
    ) -> None:
        super().__init__()
        if embed_dim < 1 or num_heads < 1 or embed_dim % num_heads:
            raise ValueError(f"num_heads must divide embed_dim; got embed_dim={embed_dim}, num_heads={num_heads}")
        self.embed_dim, self.num_heads, self.dropout, self.batch_first = embed_dim, num_heads, dropout, batch_first
        self.generator = np.random.default_rng(generator)
        kdim, vdim = embed_dim if kdim is None else kdim, embed_dim if vdim is None else vdim
        self.packed = kdim == vdim == embed_dim
        if self.packed:
            self.in_proj_weight = Parameter(np.empty((3 * embed_dim, embed_dim), dtype))
        else:
            self.q_proj_weight = Parameter(np.empty((embed_dim, embed_dim), dtype))
            self.k_proj_weight = Parameter(np.empty((embed_dim, kdim), dtype))
            self.v_proj_weight = Parameter(np.empty((embed_dim, vdim), dtype))
        self.in_proj_bias = Parameter(np.empty(3 * embed_dim, dtype)) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, dtype=dtype, generator=self.generator)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Give the parameters new first values."""
        for name, parameter in self.named_parameters():
            if name.endswith("proj_weight"):
                xavier_uniform_(parameter, generator=self.generator)
        if self.in_proj_bias is not None and self.out_proj.bias is not None:
            zeros_(self.in_proj_bias)
            zeros_(self.out_proj.bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """query: (B, T, E), key: (B, S, kdim), value: (B, S, vdim) → y: (B, T, E), weights: (B, T, S) or None.

        average_attn_weights=False: weights (B, H, T, S), of each head. is_causal says that attn_mask is the causal one,
        which must be there. Raises ValueError for shapes that do not fit.
        """
        if is_causal and attn_mask is None:
            raise ValueError("is_causal says what attn_mask is: it needs an attn_mask")
        alone = query.ndim == 2
        if query.ndim not in (2, 3) or key.ndim != query.ndim or value.ndim != query.ndim:
            raise ValueError(f"query, key and value must be sequences (B, T, E), or (T, E) without a batch; "
                             f"got {query.shape}, {key.shape}, {value.shape}")  # fmt: skip
        same = query is key is value
        query, key, value = (self._batch_first(x, alone) for x in (query, key, value))
        q, k, v = self._heads(query, key, value, same=same)  # (B, H, T, E/H) and twice (B, H, S, E/H)
        padding = key_padding_mask[None] if alone and key_padding_mask is not None else key_padding_mask
        mask = self._mask(attn_mask, padding, (*q.shape[:3], k.shape[2]))
        weights = None
        if need_weights:
            weights = apply_weights(q, k, mask)
            if self._drops():
                weights = apply_dropout(weights, self._kept(weights.shape), p=self.dropout)
            heads = weights @ v
            weights = weights.mean(1) if average_attn_weights else weights
        elif self._drops():
            kept = self._kept((*q.shape[:3], k.shape[2]))
            heads = apply_attention(q, k, v, mask, kept, dropout_p=self.dropout)
        else:
            heads = apply_attention(q, k, v, mask)
        batch, _, length, _ = heads.shape
        y = self.out_proj(heads.transpose(1, 2).reshape(batch, length, self.embed_dim))
        if alone:
            return y[0], None if weights is None else weights[0]
        return y if self.batch_first else y.transpose(0, 1), weights

    def _batch_first(self, x: Tensor, alone: bool) -> Tensor:
        """As (B, T, features)."""
        if alone:
            return x[None]
        return x if self.batch_first else x.transpose(0, 1)

    def _heads(self, query: Tensor, key: Tensor, value: Tensor, *, same: bool) -> Any:
        """Project and split: q (B, H, T, E/H), k and v (B, H, S, E/H)."""
        bias = self.in_proj_bias
        if same and self.packed:
            return apply_split(apply_linear(query, self.in_proj_weight, bias), num_heads=self.num_heads)
        thirds = [slice(i * self.embed_dim, (i + 1) * self.embed_dim) for i in range(3)]
        if self.packed:
            weights = [self.in_proj_weight[third] for third in thirds]
        else:
            weights = [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]
        found = []
        for x, weight, third in zip((query, key, value), weights, thirds, strict=True):
            y = apply_linear(x, weight, None if bias is None else bias[third])
            batch, length, _ = y.shape
            found.append(y.reshape(batch, length, self.num_heads, self.embed_dim // self.num_heads).transpose(1, 2))
        return found

    def _mask(self, attn_mask: Tensor | None, padding: Tensor | None, scores: tuple[int, ...]) -> Any:
        """Both masks as one that scaled_dot_product_attention takes; scores: (B, H, T, S)."""
        batch, heads, queries, keys = scores
        masks = []
        if attn_mask is not None:
            allowed = ((queries, keys), (batch * heads, queries, keys))
            if attn_mask.shape not in allowed:
                raise ValueError(f"attn_mask must be (T, S) or (B · H, T, S), here {allowed[0]} or {allowed[1]}; "
                                 f"got {attn_mask.shape}")  # fmt: skip
            masks.append(attn_mask if attn_mask.ndim == 2 else attn_mask.reshape(scores))
        if padding is not None:
            if padding.shape != (batch, keys):
                raise ValueError(f"key_padding_mask must be (B, S), here {(batch, keys)}; got {padding.shape}")
            masks.append(padding.reshape(batch, 1, 1, keys))
        if all(mask.dtype.kind == "b" for mask in masks):
            hidden = [mask.data for mask in masks]
            return ~(hidden[0] | hidden[-1]) if hidden else None
        numbers = [self._numbers(mask) if mask.dtype.kind == "b" else mask for mask in masks]
        return numbers[0] if len(numbers) == 1 else numbers[0] + numbers[1]

    def _numbers(self, hidden: Tensor) -> Tensor:
        """-inf where a mask of booleans forbids to look, 0 elsewhere."""
        return Tensor(np.where(hidden.data, -math.inf, 0).astype(self.out_proj.weight.dtype))

    def _drops(self) -> bool:
        return self.training and self.dropout > 0

    def _kept(self, shape: tuple[int, ...]) -> Any:
        return self.generator.random(shape) >= self.dropout

    def flops(self, x: Tensor, y: Any) -> int:
        """Of self-attention: the projections to q, k, v, the scores and the mixing; out_proj counts its own."""
        length = x.shape[0] if x.ndim == 2 or not self.batch_first else x.shape[1]
        return 2 * x.size * 3 * self.embed_dim + 4 * x.size * length

    def extra_repr(self) -> str:
        """The options."""
        return f"embed_dim={self.embed_dim}, num_heads={self.num_heads}, batch_first={self.batch_first}"
