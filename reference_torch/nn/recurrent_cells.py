"""Recurrent cells, by torch.nn."""

from torch.nn import GRUCell, LSTMCell, RNNCell

__all__ = ["GRUCell", "LSTMCell", "RNNCell"]
