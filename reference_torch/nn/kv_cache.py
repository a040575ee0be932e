"""The cache of keys and values."""

import torch
import torch.nn.functional as F
from torch import Tensor


class KeyValueCache:
    """The keys and values of one attention layer so far."""

    def __init__(self) -> None:
        self.keys: Tensor | None = None
        self.values: Tensor | None = None

    def __len__(self) -> int:
        return 0 if self.keys is None else self.keys.shape[2]

    def attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """query, key, value: (B, H, T, E) of T new positions → y: (B, H, T, E); keeps the keys and values."""
        if query.shape != key.shape:
            raise ValueError("query and key must have the same shape")
        kept = len(self)
        if self.keys is not None and self.values is not None:
            key, value = torch.cat([self.keys, key], dim=2), torch.cat([self.values, value], dim=2)
        self.keys, self.values = key, value
        visible = torch.ones(query.shape[2], key.shape[2], dtype=torch.bool).tril(kept)
        return F.scaled_dot_product_attention(query, key, value, attn_mask=visible)
