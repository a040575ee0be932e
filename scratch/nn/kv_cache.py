"""The cache of keys and values: how a language model writes without reading everything again for every word.

A model that generates computes position T from all positions 0 … T. Those before T were there already in the step
before, and with a causal mask nothing of what was computed for them has changed, since they cannot see the new one. So
a step needs the new query only, and the keys and values of all positions, of which all but the new ones can be kept:

    keys = [kept keys; new keys]        y[t] = attention of the new query t over the keys 0 … t

A text of T tokens then takes T steps of one position each, where it would have taken 1 + 2 + … + T positions.

New queries may be many: the prompt is read in one go. Query t of them stands at position `length before + t`, so the
causal mask is the lower right corner of the usual one:

    two kept, three new:     1 1 1 0 0
                             1 1 1 1 0
                             1 1 1 1 1

The result is the same as without a cache, which is what a test holds it to. Appending copies what was kept; a server
that writes long texts would fill a large array instead.

Source: Pope et al. 2022, "Efficiently scaling Transformer inference", arXiv:2211.05102.
PyTorch: none; transformers.DynamicCache.
"""

from typing import Any

import numpy as np

from ..autograd.bridge import differentiable
from ..autograd.shapes import concatenate
from ..autograd.tensor import Tensor
from ..ops.attention import scaled_dot_product_attention

apply_attention = differentiable(scaled_dot_product_attention)


class KeyValueCache:
    """The keys and values of one attention layer so far. One cache a layer and a text."""

    def __init__(self) -> None:
        self.keys: Tensor | None = None  # (B, H, positions so far, E)
        self.values: Tensor | None = None

    def __len__(self) -> int:
        """How many positions are kept."""
        return 0 if self.keys is None else self.keys.shape[2]

    def attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor | Any:
        """query, key, value: (B, H, T, E) of T new positions → y: (B, H, T, E); keeps the keys and values.

        Raises ValueError when there are not as many queries as keys, or they do not fit what is kept.
        """
        if query.ndim != 4 or query.shape != key.shape:
            raise ValueError(f"query and key must both be (B, H, T, E) of the same new positions; "
                             f"got {query.shape} and {key.shape}")  # fmt: skip
        kept = len(self)
        if self.keys is not None and self.values is not None:
            if self.keys.shape[:2] != key.shape[:2]:
                raise ValueError(f"the cache holds keys of (B, H) = {self.keys.shape[:2]}; got key {key.shape}")
            key, value = concatenate([self.keys, key], 2), concatenate([self.values, value], 2)
        self.keys, self.values = key, value
        if query.shape[2] == 1:  # the newest position sees all of them
            return apply_attention(query, key, value)
        visible = np.tri(query.shape[2], kept + query.shape[2], kept, dtype=bool)
        return apply_attention(query, key, value, visible)
