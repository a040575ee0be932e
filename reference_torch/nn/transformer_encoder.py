"""A Transformer encoder."""

from torch.nn import TransformerEncoder

__all__ = ["TransformerEncoder"]
