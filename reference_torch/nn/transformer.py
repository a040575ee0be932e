"""The Transformer, encoder and decoder."""

from torch.nn import Transformer

__all__ = ["Transformer"]
