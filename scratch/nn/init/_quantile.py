"""The quantile function of the standard normal distribution: Φ⁻¹(u), below which a share u of all numbers lies.

There is no formula for it, and the standard library computes it for one number at a time. But

    Φ⁻¹(u) = (u - ½) · P(w)        w = -log(4 u (1 - u))

where the factor u - ½ has the zero in the middle, w has the infinite slopes at both ends, and what is left for P is so
smooth that a polynomial gives all digits of float64. It is not copied from a table but fitted, once, to what the
standard library says. Beyond w = 4, which is 2.6 standard deviations from the middle, P would need more and more terms,
and there are few such numbers: these the standard library computes.

Source of w: Giles 2010, "Approximating the erfinv function". PyTorch: torch.special.ndtri.
"""

import functools
from statistics import NormalDist

import numpy as np

from ...ops._pieces import elements
from ...types import Array

STANDARD = NormalDist()
END = 4.0  # of the range of w for which the polynomial is fitted
DEGREE, SAMPLES = 19, 1000


def quantile(shares: Array) -> Array:
    """shares: any shape, float64, between 0 and 1 and neither of them → Φ⁻¹ of each."""
    found = np.empty_like(shares, order="C")
    first, *others = _coefficients()
    for u, z, w in elements(shares, found, spare=1):
        np.subtract(1, u, out=w)
        w *= u
        w *= 4
        np.log(w, out=w)
        far = np.flatnonzero(w < -END)
        w *= -2 / END
        w -= 1  # from -1 to 1
        z[...] = first
        for coefficient in others:
            z *= w
            z += coefficient
        z *= np.subtract(u, 0.5, out=w)
        z[far] = [STANDARD.inv_cdf(share) for share in u[far].tolist()]
    return found


@functools.cache
def _coefficients() -> list[float]:
    """P as a polynomial in 2 w / END - 1, the highest power first: least squares over points that crowd at the ends."""
    angles = np.pi * (np.arange(SAMPLES) + 0.5) / SAMPLES
    u = 0.5 - 0.5 * np.sqrt(-np.expm1(-END / 2 * (1 + np.cos(angles))))  # solved for u
    u = u[u < 0.499]  # nearer to ½, u - ½ has lost digits
    w, z = -np.log(4 * u * (1 - u)), np.array([STANDARD.inv_cdf(share) for share in u.tolist()])
    fitted = np.polynomial.Chebyshev.fit(w, z / (u - 0.5), DEGREE, domain=[0, END])
    powers = fitted.convert(kind=np.polynomial.Polynomial, domain=[0, END], window=[-1, 1])
    return [float(coefficient) for coefficient in powers.coef[::-1]]
