"""A Transformer decoder."""

from torch.nn import TransformerDecoder

__all__ = ["TransformerDecoder"]
