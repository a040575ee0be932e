"""The standard normal distribution: its density φ and its cumulative distribution Φ, to the last few digits.

    φ(x) = e^(-x²/2) / √(2π)        Φ(x) = ∫ φ(t) dt from -∞ to x = (1 + erf(x/√2)) / 2

NumPy has no erf. Tables of coefficients could be copied from the literature; here is a way that needs none. For x > 0,

    Φ(-x) = 2 x φ(x) · ∫ φ(s) / (s² + x²) ds     from 0 to ∞

and that integral can be had from the plainest of all rules, a sum over midpoints s_n = (n + ½) · step. For a
bell-shaped function that rule is astonishingly good: its error falls like e^(-2π²/step²), and a step of 0.7 is enough
for float64. Only the poles of 1/(s² + x²), at s = ±ix, spoil it, and what they add is known: a logistic function.
Together,

    Φ(x) = sigmoid(2πx / step) - 2 step · x φ(x) · Σ_n φ(s_n) / (s_n² + x²)

which holds for negative and positive x alike, since both sides satisfy f(-x) = 1 - f(x). To the left all terms are
positive, so even the tail has its digits. For |x| > 2π / step the poles are so far from the real line that they add
nothing, and the logistic function must be left out: there, it would be larger than Φ itself.

For float32 there is a shorter way. The gate of the tanh approximation in `gelu` is Φ(x) = sigmoid(x · P(x²)) with a
polynomial P of two terms, and seven terms make it exact to the last digit of float32. They are not copied from anywhere
either, but fitted to what the sum over midpoints gives.

Source: Hunter & Regan 1972, "A note on the evaluation of the complementary error function"; Trefethen & Weideman 2014,
"The exponentially convergent trapezoidal rule". PyTorch: torch.special.ndtr.
"""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ...types import Array
from . import sigmoid

FAR = 40.0  # Φ(-FAR) and φ(FAR) are 0, even in float64
DEGREE = 6  # of the polynomial: just enough for float32


def distribution_of(dtype: np.dtype[Any]) -> Callable[..., None]:
    """A function of x: (N,) that writes Φ(x), φ(x) and x² into three other arrays."""
    return _by_midpoints if dtype.itemsize > 4 else _by_polynomial


def _by_midpoints(x: Array, cumulative: Array, density: Array, square: Array) -> None:
    step, terms = 0.7, 13
    x = np.clip(x, -FAR, FAR)  # x² and its like stay finite
    np.multiply(x, x, out=square)
    _bell(square, density)
    total = np.zeros_like(x)
    for n in range(terms):
        node = (n + 0.5) * step
        total += math.exp(-0.5 * node * node) / (square + node * node)
    sigmoid.logistic(x * (2 * math.pi / step), cumulative)  # the poles
    cumulative *= x >= -2 * math.pi / step
    cumulative -= 2 * step / math.sqrt(2 * math.pi) * x * density * total


def _by_polynomial(x: Array, cumulative: Array, density: Array, square: Array) -> None:
    np.multiply(x, x, out=square)
    first, *others = _coefficients()
    logit = np.multiply(square, first, out=cumulative)
    for coefficient in others[:-1]:
        logit += coefficient
        logit *= square
    logit += others[-1]
    logit *= x
    sigmoid.logistic(logit, cumulative)
    _bell(square, density)


def _bell(square: Array, density: Array) -> None:
    np.multiply(square, -0.5 * math.log2(math.e), out=density)
    np.exp2(density, out=density)
    density *= 1 / math.sqrt(2 * math.pi)


@functools.cache
def _coefficients() -> list[float]:
    """P, highest power first: fitted to float64 by least squares, at 200 points of which most are near 0."""
    x = 6 * np.linspace(0, 1, 201)[1:] ** 2
    above, below, density, square = (np.empty_like(x) for _ in range(4))
    _by_midpoints(x, above, density, square)
    _by_midpoints(-x, below, density, square)
    weight = x * above * below  # what an error in P is multiplied with on its way to Φ
    fitted: list[float] = np.polyfit(x * x, np.log(above / below) / x, DEGREE, w=weight).tolist()
    return fitted
