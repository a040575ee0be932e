"""A block of a Transformer decoder."""

from torch.nn import TransformerDecoderLayer

__all__ = ["TransformerDecoderLayer"]
