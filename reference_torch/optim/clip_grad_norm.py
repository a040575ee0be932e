"""Clip by norm, by torch.nn.utils.clip_grad_norm_."""

from collections.abc import Iterable

from torch import Tensor
from torch.nn import utils

from ._checks import above_zero, at_least_zero


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> Tensor:
    """Scale the gradients in place, and return their norm before that."""
    at_least_zero(max_norm=max_norm)
    above_zero(norm_type=norm_type)
    return utils.clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach=False)
