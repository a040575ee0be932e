"""All parameters the same: right for biases and for the weights of a normalization, fatal for those of a layer.

    tensor ← val

If all weights of a layer are equal, all of its neurons compute the same and get the same gradient, so they stay equal
for ever: a layer of a hundred neurons is one neuron. Random weights are there to break this symmetry. With zeros it is
worse: no signal comes through, and no gradient.

PyTorch: torch.nn.init.zeros_, ones_, constant_.
"""

from ...autograd.tensor import Tensor
from ._draw import fill


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with 0."""
    return fill(tensor, 0.0)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with 1."""
    return fill(tensor, 1.0)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with val."""
    return fill(tensor, val)
