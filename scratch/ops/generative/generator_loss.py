"""What the generator of a GAN loses: the discriminator should take its images for real ones. Non-saturating.

    loss = mean( -log σ(fake) ) = mean( softplus(-fake) )        fake: the discriminator's logits of generated images

In the game as it is played on paper the generator *maximizes* what the discriminator minimizes of fakes,
-log(1 - σ(fake)). The slope of that is σ(fake): near 0 as long as the discriminator recognizes every fake, that is, at
the beginning, when there is most to learn. It *saturates*. -log σ(fake) wants the same, and its slope is -σ(-fake):
near -1 then.

Backward. The slope of softplus(-x) is -σ(-x), and the mean shares dy out, so now

    dfake = -dy · σ(-fake) / (how many)

It flows on through the discriminator into the images and the generator, and only the generator's parameters are moved.

Source: Goodfellow et al. 2014, arXiv:1406.2661, section 3.
PyTorch: torch.nn.functional.binary_cross_entropy_with_logits with the target 1, or -logsigmoid.
"""

import math

from ...types import Array
from ._checks import floating
from ._softplus import sigmoid, softplus


def forward(fake: Array) -> tuple[Array, Array]:
    """fake: (...) → loss: (). The cache is fake. Raises TypeError when it is not floating-point."""
    floating(fake=fake)
    return softplus(-fake).sum() / (fake.size or math.nan), fake


def backward(dy: Array, fake: Array) -> Array:
    """dy: () → dfake: like fake."""
    return -(dy / (fake.size or math.nan)) * sigmoid(-fake)
