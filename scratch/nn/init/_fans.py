"""How many numbers go into a neuron and how many come out, and what an activation does to their size."""

import math

from ...autograd.tensor import Tensor

ONE = ("linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "sigmoid")


def fans(tensor: Tensor) -> tuple[int, int]:
    """(fan_in, fan_out) of a weight (out, in, *kernel): in · kernel numbers are summed for an output, and vice versa.

    Raises ValueError for fewer than two axes.
    """
    if tensor.ndim < 2:
        raise ValueError(f"fan_in and fan_out need a weight (out, in, *kernel), two axes at least; got {tensor.shape}")
    kernel = math.prod(tensor.shape[2:])
    return tensor.shape[1] * kernel, tensor.shape[0] * kernel


def fan_of(tensor: Tensor, mode: str) -> int:
    """The one of the two that mode names. Raises ValueError for another mode."""
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f'mode must be "fan_in" or "fan_out"; got {mode!r}')
    return fans(tensor)[mode == "fan_out"]


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """By how much larger weights must be, because the activation makes numbers smaller. As torch.nn.init has it.

    A ReLU zeroes half of its input and so halves the mean square: gain √2. A leaky ReLU with slope s lets s² of the
    other half through: √(2 / (1 + s²)), where param is s (default 0.01). Those of tanh and SELU were found by trying.
    Raises ValueError for an activation that is not in the list.
    """
    if nonlinearity in ONE:
        return 1.0
    if nonlinearity == "tanh":
        return 5 / 3
    if nonlinearity == "relu":
        return math.sqrt(2)
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        return math.sqrt(2 / (1 + slope**2))
    if nonlinearity == "selu":
        return 3 / 4
    known = ", ".join((*ONE, "tanh", "relu", "leaky_relu", "selu"))
    raise ValueError(f"nonlinearity must be one of {known}; got {nonlinearity!r}")
