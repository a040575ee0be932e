"""What the discriminator of a GAN loses: it should say yes to real images and no to generated ones.

    loss = mean( -log σ(real) ) + mean( -log(1 - σ(fake)) ) = mean( softplus(-real) ) + mean( softplus(fake) )

`real` and `fake` are its logits: any real number, σ(logit) the probability that it gives to "real". Two binary
cross-entropies, one with target 1 and one with target 0, and each is a softplus, as in
`ops.losses.binary_cross_entropy_with_logits`:

    softplus(x) = log(1 + eˣ) = max(x, 0) + log(1 + e^-|x|)        the exponent is never positive: nothing overflows

At 2 log 2 ≈ 1.39 it cannot tell them apart. The two means are separate: as many of one kind as of the other is usual,
but not necessary. The mean of nothing is NaN.

Backward. The slope of softplus(x) is σ(x), that of softplus(-x) is -σ(-x), and each mean shares dy out, so now

    dreal = -dy · σ(-real) / (how many)        dfake = dy · σ(fake) / (how many)

While the discriminator learns, the gradient must stop at the images: it is not the generator's to help.

Source: Goodfellow et al. 2014, arXiv:1406.2661. PyTorch: torch.nn.functional.binary_cross_entropy_with_logits, twice.
"""

import math

from ...types import Array
from ._checks import floating
from ._softplus import sigmoid, softplus


def forward(real: Array, fake: Array) -> tuple[Array, tuple[Array, Array]]:
    """real: (...), fake: (...) of its own shape → loss: (). The cache is both.

    Raises TypeError when they are not floating-point of one dtype.
    """
    floating(real=real, fake=fake)
    loss = softplus(-real).sum() / (real.size or math.nan) + softplus(fake).sum() / (fake.size or math.nan)
    return loss, (real, fake)


def backward(dy: Array, cache: tuple[Array, Array]) -> tuple[Array, Array]:
    """dy: () → dreal, dfake: like real and fake."""
    real, fake = cache
    return -(dy / (real.size or math.nan)) * sigmoid(-real), dy / (fake.size or math.nan) * sigmoid(fake)
