"""The unit step, or Heaviside function: the first activation of all, and one that cannot be trained.

    y = 1 where x ≥ 0,   y = 0 where x < 0 (and where x is NaN, which is not ≥ 0)

Rosenblatt's perceptron fires or does not fire. The value at 0 itself is a convention; here H(0) = 1, so that "fire when
the weighted sum reaches the threshold" includes reaching it exactly.

No backward. The step is flat on both sides of 0, so its derivative is 0 wherever it has one, and at 0 it has none.
Gradient descent asks "which way should the weight move to lower the loss a little?", and a network of steps answers
everywhere: it makes no difference. The perceptron rule gets around this for one layer; for more than one, the step has
to be replaced by something that rises gradually (sigmoid, tanh) or by one that is flat on one side only (relu).

Source: Rosenblatt 1958, "The perceptron". PyTorch: torch.heaviside(x, values=1).
"""

from ...types import Array
from ._checks import require_floating


def forward(x: Array) -> Array:
    """x: any shape → y: the same shape and dtype, of zeros and ones.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    return (x >= 0).astype(x.dtype)
