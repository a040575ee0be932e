"""Activations as layers: an op without parameters, which remembers its options.

    network = Sequential(Linear(2, 8), ReLU(), Linear(8, 1))

A function such as relu would do inside a `forward`. As a module it can stand between layers in a Sequential, it shows
up in the `repr` and in a summary, and hooks can watch it. There is nothing else to them, and so they share a file: the
equations and their derivatives are in ops.activations, one a file.

`Identity` and `Flatten` compute nothing; they fill a place or change the shape.

PyTorch: torch.nn.ReLU, LeakyReLU, ELU, Softplus, Sigmoid, Tanh, SiLU, GELU, Softmax, LogSoftmax, Identity, Flatten.
"""

import math
from typing import Any

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.activations import elu, gelu, leaky_relu, log_softmax, relu, sigmoid, silu, softmax, softplus, tanh
from .module import Module

apply_relu = differentiable(relu)
apply_leaky_relu = differentiable(leaky_relu)
apply_elu = differentiable(elu)
apply_softplus = differentiable(softplus)
apply_sigmoid = differentiable(sigmoid)
apply_tanh = differentiable(tanh)
apply_silu = differentiable(silu)
apply_gelu = differentiable(gelu)
apply_softmax = differentiable(softmax)
apply_log_softmax = differentiable(log_softmax)


class _Activation(Module):
    """A module whose attributes are the options of its op."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.options = options

    def extra_repr(self) -> str:
        """The options."""
        return ", ".join(f"{name}={value!r}" for name, value in self.options.items())


class ReLU(_Activation):
    """max(x, 0)."""

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        return apply_relu(x)


class LeakyReLU(_Activation):
    """x where it is positive, negative_slope · x elsewhere."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__(negative_slope=negative_slope)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        return apply_leaky_relu(x, **self.options)


class ELU(_Activation):
    """x where it is positive, alpha · (e^x - 1) elsewhere."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__(alpha=alpha)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        return apply_elu(x, **self.options)


class Softplus(_Activation):
    """log(1 + e^(beta x)) / beta, and x itself where beta x is above the threshold."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__(beta=beta, threshold=threshold)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        return apply_softplus(x, **self.options)


class Sigmoid(_Activation):
    """1 / (1 + e^-x)."""

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        return apply_sigmoid(x)


class Tanh(_Activation):
    """The hyperbolic tangent."""

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        return apply_tanh(x)


class SiLU(_Activation):
    """x · sigmoid(x)."""

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        return apply_silu(x)


class GELU(_Activation):
    """x · Φ(x), with approximate="tanh" by a formula that is nearly that."""

    def __init__(self, approximate: str = "none") -> None:
        super().__init__(approximate=approximate)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        return apply_gelu(x, **self.options)


class Softmax(_Activation):
    """Scores along axis dim to probabilities."""

    def __init__(self, dim: int) -> None:
        super().__init__(dim=dim)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        return apply_softmax(x, **self.options)


class LogSoftmax(_Activation):
    """Scores along axis dim to logarithms of probabilities."""

    def __init__(self, dim: int) -> None:
        super().__init__(dim=dim)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (...) → y: (...)."""
        return apply_log_softmax(x, **self.options)


class Identity(Module):
    """x itself, whatever arguments it was made with: to take a layer out of a network and leave its place."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        """x: (...) → x."""
        return x


class Flatten(Module):
    """Axes start_dim … end_dim, both included, as one: an image per example becomes a vector per example.

    A call raises ValueError where x does not have these axes, or they come in the wrong order.
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, d1, d2, …) → (N, d1 · d2 · …) by default."""
        rank = max(x.ndim, 1)
        first, last = (dim + rank if dim < 0 else dim for dim in (self.start_dim, self.end_dim))
        if not 0 <= first <= last < rank:
            raise ValueError(
                f"start_dim must be an axis of x and end_dim one that is not before it; "
                f"got start_dim {self.start_dim}, end_dim {self.end_dim} for x {x.shape}"
            )
        shape = x.shape or (1,)
        return x.reshape((*shape[:first], math.prod(shape[first : last + 1]), *shape[last + 1 :]))

    def extra_repr(self) -> str:
        """The axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
