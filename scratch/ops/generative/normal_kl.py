"""How far normal distributions are from the standard one: the Kullback-Leibler divergence, in closed form.

    KL( N(m, σ²) ‖ N(0, 1) ) = ½ Σⱼ ( mⱼ² + σⱼ² - 1 - log σⱼ² )        j: the numbers of one code, the last axis

The second half of a variational autoencoder's loss. Without it the encoder would give every image a place of its own,
far from all others and with σ = 0, and a code drawn from N(0, 1) would mean nothing to the decoder. The divergence
pulls all codes towards N(0, 1), from which new ones are drawn; it is what a code costs, in nats.

Where it comes from: KL(q ‖ p) = E[log q(z) - log p(z)] with z from q. The two log-densities are -(z - m)²/2σ² - log σ
and -z²/2, up to the same constant; their expectations are -½ - ½ log σ² and -½ (m² + σ²), and the difference is the
above.
It is never negative, and 0 only for m = 0, σ² = 1: e^v - 1 ≥ v, where v = log σ² is what the network gives.

Near there e^v - 1 - v is small, about v²/2, and e^v - 1 loses its digits for small v: `expm1` keeps them.

The numbers of one code belong together: they are *summed*. The images of a batch are examples: they are averaged, or
what `reduction` says. (A mean over both, as of pixels, would make the divergence weaker the longer the code.)

Backward. Each term depends on one m and one v, with the slopes m and (e^v - 1) / 2, so now

    dmean = dkl · m        dlog_variance = dkl · (e^v - 1) / 2        dkl: the gradient of each code's divergence

Source: Kingma & Welling 2013, arXiv:1312.6114, appendix B. PyTorch: torch.distributions.kl_divergence.
"""

import math
from typing import NamedTuple

import numpy as np

from ...types import Array
from ..losses._reduction import reduce, reduce_backward
from ._checks import floating, one_shape


class Cache(NamedTuple):
    mean: Array  # (..., C)
    excess: Array  # (..., C): σ² - 1
    reduction: str


def forward(mean: Array, log_variance: Array, *, reduction: str = "mean") -> tuple[Array, Cache]:
    """mean, log_variance: (..., C) → kl: (), or (...) for "none".

    Raises ValueError when the shapes differ or have no axis, TypeError when the dtypes differ or are no floating ones.
    """
    floating(mean=mean, log_variance=log_variance)
    one_shape(mean=mean, log_variance=log_variance)
    if mean.ndim == 0:
        raise ValueError(f"mean and log_variance must have an axis of the numbers of a code; got mean {mean.shape}")
    with np.errstate(over="ignore", invalid="ignore"):  # ∞ - ∞ is NaN
        excess = np.expm1(log_variance)
        codes = (mean * mean + (excess - log_variance)).sum(axis=-1) / 2
    return reduce(codes, reduction, codes.size), Cache(mean, excess, reduction)


def backward(dy: Array, cache: Cache) -> tuple[Array, Array]:
    """dy: shape of kl → dmean, dlog_variance: (..., C)."""
    mean, excess, reduction = cache
    dkl = reduce_backward(dy, reduction, math.prod(mean.shape[:-1]))
    if reduction == "none":
        dkl = dkl[..., None]
    with np.errstate(over="ignore", invalid="ignore"):
        return dkl * mean, dkl * excess / 2
