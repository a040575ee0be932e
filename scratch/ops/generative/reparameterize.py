"""The reparameterization trick: a sample from a normal distribution, through which gradients flow.

    z = mean + σ · noise        σ = √variance = e^(log_variance / 2)        noise: drawn from N(0, 1)

A variational autoencoder encodes an image as a distribution, N(mean, σ²), and decodes a sample of it. "Draw a number"
has no derivative with respect to mean and σ. But every normal sample is a standard one, stretched and moved, and
stretching and moving do have derivatives. The random part has become an argument, which depends on nothing.

Why the logarithm of the variance? A network gives any real number, and a variance must be positive; e^… is. Half of it
is the logarithm of σ, so there is no root to take, whose slope at 0 is infinite.

Backward. The noise is moved with slope 1 and stretched by σ, and σ is its own derivative but for the half, so now

    dmean = dz        dlog_variance = dz · noise · σ / 2        dnoise = dz · σ

If instead z counts as a constant, because it was drawn, the encoder learns from the reconstruction nothing at all.

Source: Kingma & Welling 2013, arXiv:1312.6114. PyTorch: torch.distributions.Normal(mean, std).rsample().
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import floating, one_shape


class Cache(NamedTuple):
    deviation: Array  # (...): σ
    noise: Array  # (...)


def forward(mean: Array, log_variance: Array, noise: Array) -> tuple[Array, Cache]:
    """mean, log_variance, noise: (...) → z: (...).

    Raises ValueError when the shapes differ, TypeError when the dtypes do or are not floating-point.
    """
    floating(mean=mean, log_variance=log_variance, noise=noise)
    one_shape(mean=mean, log_variance=log_variance, noise=noise)
    with np.errstate(over="ignore", invalid="ignore"):  # ∞ where σ is; ∞ · 0 is NaN
        deviation = np.exp(log_variance / 2)
        return mean + deviation * noise, Cache(deviation, noise)


def backward(dz: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """dz: (...) → dmean, dlog_variance, dnoise: (...)."""
    deviation, noise = cache
    with np.errstate(over="ignore", invalid="ignore"):
        dnoise = dz * deviation
        return dz.copy(), dnoise * noise / 2, dnoise
