"""The loss of a GAN's discriminator."""

import torch.nn.functional as F
from torch import Tensor


def forward(real: Tensor, fake: Tensor) -> Tensor:
    """real: (...), fake: (...) → loss: ()."""
    if not real.is_floating_point() or real.dtype != fake.dtype:
        raise TypeError("real and fake must be floating-point of one dtype")
    return -(F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean())
