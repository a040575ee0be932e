"""Clip by value: no element of a gradient larger than clip_value, none smaller than -clip_value.

    g ← min(max(g, -clip_value), clip_value)

Every element on its own, so the direction of the step changes: towards the diagonal, since only the large elements
are cut. clip_grad_norm keeps the direction and is the usual choice; this is the one for single outliers.

A NaN stays NaN. An infinity becomes ±clip_value, and nobody would ever hear of it; with `error_if_nonfinite`, which
PyTorch does not have here, it is an error.

Source: Mikolov 2012. PyTorch: torch.nn.utils.clip_grad_value_.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..autograd.tensor import Tensor
from ._checks import at_least_zero


def clip_grad_value_(
    parameters: Tensor | Iterable[Tensor], clip_value: float, error_if_nonfinite: bool = False
) -> None:
    """Clip the gradients of the parameters in place. Parameters without a gradient are left out.

    Raises ValueError for a clip_value below 0 or NaN; with `error_if_nonfinite` also for a gradient with NaN or ±inf,
    before anything is clipped.
    """
    at_least_zero({"clip_value": clip_value}, "clip_value")
    parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    gradients = [(i, parameter.grad) for i, parameter in enumerate(parameters) if parameter.grad is not None]
    for i, gradient in gradients:
        if error_if_nonfinite and not np.isfinite(gradient.data).all():
            raise ValueError(f"gradients must be finite; that of parameters[{i}], {gradient.shape}, is not")
    for _, gradient in gradients:
        np.clip(gradient.data, -clip_value, clip_value, out=gradient.data)
        gradient.memory.write()
