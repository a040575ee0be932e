"""Clip by norm: where all gradients together are too long, shorten them, and keep their direction.

    total = ‖g‖ of all gradients, as one long vector          norm_type 2: √Σg²    1: Σ|g|    inf: max |g|
    g ← g · min(1, max_norm / (total + 1e-6))

Now and then a batch lies at the edge of a cliff of the loss, mostly in recurrent networks, and its gradient is a
thousand times longer than usual: one step along it throws the weights far away. Clipped, it is a step of ordinary
length in the right direction. The norm is one for all parameters, so the direction of the whole step stays the same;
clipped one by one, they would pull the step to the side of the small ones.

Watch the norm that is returned: it is the length before clipping, and what to choose max_norm by.

A single NaN makes the total NaN, and with it every gradient; an infinity makes the others 0 and itself NaN. That is
loud but late; `error_if_nonfinite` says it at once.

Source: Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063. PyTorch: torch.nn.utils.clip_grad_norm_.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..types import Array
from ._checks import at_least_zero


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> Array | Any:
    """Scale the gradients of the parameters in place, and return their norm before that, as an array without axes.

    Parameters without a gradient are left out. Raises ValueError for a max_norm below 0 or NaN and a norm_type of 0 or
    less; with `error_if_nonfinite` also for a norm that is infinite or NaN, before anything is scaled.
    """
    at_least_zero({"max_norm": max_norm}, "max_norm")
    if not norm_type > 0:
        raise ValueError(f"norm_type must be above 0, or inf; got {norm_type}")
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    with no_grad(), np.errstate(all="ignore"):
        total = total_norm([gradient.data for gradient in gradients], norm_type)
        if error_if_nonfinite and not np.isfinite(total):
            raise ValueError(f"the norm of the gradients must be finite; it is {total}, of order {norm_type}")
        shrink = np.minimum(max_norm / (total + 1e-6), 1)  # NaN stays NaN
        for gradient in gradients:
            np.multiply(gradient.data, shrink.astype(gradient.dtype), out=gradient.data)
            gradient.memory.write()
    return total


def total_norm(gradients: list[Array], norm_type: float) -> Any:
    """The norm of all gradients as one vector: the norm of their norms."""
    norms = [norm(gradient, norm_type) for gradient in gradients]
    return norm(np.stack(norms), norm_type) if norms else np.zeros((), np.float32)


def norm(x: Array, norm_type: float) -> Any:
    """(Σ |x|^norm_type)^(1 / norm_type), which for large norm_type goes to the largest |x|."""
    if norm_type == 2:
        flat = x.reshape(-1)
        return np.sqrt(flat @ flat)
    size = abs(x)
    if norm_type == math.inf:
        return size.max() if size.size else size.sum()
    if norm_type == 1:
        return size.sum()
    return (size**norm_type).sum() ** (1 / norm_type)
