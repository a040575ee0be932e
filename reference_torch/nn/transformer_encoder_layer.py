"""A block of a Transformer encoder."""

from torch.nn import TransformerEncoderLayer

__all__ = ["TransformerEncoderLayer"]
