"""The dense layer with a weight (in, out)."""

from torch import Tensor, addmm


def forward(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x: (..., in), weight: (in, out), bias: (out,) → y: (..., out)."""
    if x.ndim == 0 or bias.shape != weight.shape[1:]:
        raise ValueError("x must be (..., in), and bias (out,)")
    rows = x.reshape(x.shape[:-1].numel(), x.shape[-1])
    return addmm(bias, rows, weight).reshape(*x.shape[:-1], weight.shape[1])
