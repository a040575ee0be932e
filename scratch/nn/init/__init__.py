"""Initializers: how large the parameters are before the first step. They fill a tensor in place and return it."""

from ._fans import calculate_gain
from .constant import constant_, ones_, zeros_
from .kaiming import kaiming_normal_, kaiming_uniform_
from .normal import normal_
from .orthogonal import orthogonal_
from .trunc_normal import trunc_normal_
from .uniform import uniform_
from .xavier import xavier_normal_, xavier_uniform_

__all__ = [
    "calculate_gain",
    "constant_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "trunc_normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]
