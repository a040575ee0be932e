"""Is this backward right? torch.autograd.gradcheck, asked about one argument at a time."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import gradcheck


def forward(*arrays: Tensor, function: Callable[..., Tensor], derivative: Callable[..., Any]) -> Tensor:
    """The verdicts, one boolean per array, for y = function(*arrays) with the backward derivative(dy, *arrays)."""
    if any(array.dtype != torch.float64 for array in arrays):  # gradcheck only warns
        raise TypeError("every array must be float64, which differences need")

    class Op(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *inputs: Tensor) -> Tensor:
            ctx.save_for_backward(*inputs)
            return function(*inputs)

        @staticmethod
        def backward(ctx: Any, dy: Tensor) -> Any:
            return derivative(dy, *ctx.saved_tensors)

    verdicts = []
    for checked in range(len(arrays)):
        inputs = [array.detach().clone().requires_grad_(i == checked) for i, array in enumerate(arrays)]
        verdicts.append(gradcheck(Op.apply, inputs, raise_exception=False, check_undefined_grad=False))
    return torch.tensor(verdicts, dtype=torch.bool)
