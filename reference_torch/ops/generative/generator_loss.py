"""The non-saturating loss of a GAN's generator."""

import torch.nn.functional as F
from torch import Tensor


def forward(fake: Tensor) -> Tensor:
    """fake: (...) → loss: ()."""
    if not fake.is_floating_point():
        raise TypeError("fake must be floating-point")
    return -F.logsigmoid(fake).mean()
