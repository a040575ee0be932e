"""Kaiming (He) initialization: Xavier for ReLU.

    std = gain / √fan        fan: fan_in or fan_out, as mode says
    kaiming_normal_:  weight ~ N(0, std²)        kaiming_uniform_:  weight ~ U(-√3 std, √3 std), which has the same std

What goes into a layer is the output of a ReLU, which is not around 0. So follow the mean *square* of the signal, not
its variance: y = Σ wᵢ xᵢ has E[y²] = fan_in · Var(w) · E[x²], and a ReLU sets the negative half of y to 0, so that
half of it is left. It stays the same from layer to layer if

    ½ · fan_in · Var(w) = 1        Var(w) = 2 / fan_in = (√2)² / fan_in

which is the gain √2 of ReLU; a leaky ReLU with the slope a keeps (1 + a²) / 2 instead of ½. mode = "fan_out" makes the
same argument for the gradient on its way back. Each of the two is enough: they differ by a factor that is the same for
the whole network, and not one per layer.

PyTorch's layers use it in disguise: kaiming_uniform_(a=√5) has gain √(2/6), hence bound = √3 · √(1/3) / √fan_in =
1 / √fan_in, an old rule of thumb.

Source: He et al. 2015, arXiv:1502.01852. PyTorch: torch.nn.init.kaiming_uniform_, kaiming_normal_.
"""

import math

from ...autograd.tensor import Tensor
from ._draw import Generator
from ._fans import calculate_gain, fan_of
from .normal import normal_
from .uniform import uniform_


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator = None,
) -> Tensor:
    """Fill a weight (out, in, *kernel). a: the slope of a leaky ReLU.

    Raises ValueError for fewer than two axes, another mode or an unknown nonlinearity.
    """
    bound = math.sqrt(3) * _std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator = None,
) -> Tensor:
    """Fill a weight (out, in, *kernel). a: the slope of a leaky ReLU.

    Raises ValueError for fewer than two axes, another mode or an unknown nonlinearity.
    """
    return normal_(tensor, 0.0, _std(tensor, a, mode, nonlinearity), generator)


def _std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    fan = fan_of(tensor, mode)
    return calculate_gain(nonlinearity, a) / math.sqrt(max(fan, 1))  # without weights any will do
