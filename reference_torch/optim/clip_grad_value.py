"""Clip by value, by torch.nn.utils.clip_grad_value_."""

from collections.abc import Iterable

from torch import Tensor
from torch.nn import utils

from ._checks import at_least_zero


def clip_grad_value_(
    parameters: Tensor | Iterable[Tensor], clip_value: float, error_if_nonfinite: bool = False
) -> None:
    """Clip the gradients in place. PyTorch has no error_if_nonfinite here."""
    at_least_zero(clip_value=clip_value)
    parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    if error_if_nonfinite and not all(p.grad.isfinite().all() for p in parameters if p.grad is not None):
        raise ValueError("a gradient is not finite")
    utils.clip_grad_value_(parameters, clip_value, foreach=False)
