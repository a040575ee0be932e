"""The identity: what an output layer of a regression uses, where any number must be possible.

    y = x

Backward. Forward passed x on with slope 1, so backward passes dy on:

    dx = dy · 1

It looks like nothing, but it is the yardstick for the other activations: a slope of 1 neither shrinks nor grows a
gradient, however many layers it crosses. And it shows why the others are needed: with identities between them, all the
layers of a network multiply out to a single linear one.

PyTorch: torch.nn.Identity.
"""

from ...types import Array
from ._checks import require_floating


def forward(x: Array) -> tuple[Array, None]:
    """x: any shape → y: the same shape, a copy, so that changing one never changes the other.

    Raises TypeError when x is not floating-point.
    """
    require_floating(x)
    return x.copy(), None


def backward(dy: Array, cache: None) -> Array:
    """dy: any shape → dx: the same array."""
    return dy
