"""LeNet-5: the convolutional network that read the cheques of the nineties.

    x (1, 28, 28) → conv 5×5 (6, 28, 28) → tanh → mean of 2×2 (6, 14, 14)
                  → conv 5×5 (16, 10, 10) → tanh → mean of 2×2 (16, 5, 5)
                  → 400 → 120 → tanh → 84 → tanh → 10 classes

Two convolutions look for patterns, and for patterns of patterns; pooling in between makes the second one look at a
window of 14×14 pixels though its kernel is 5×5. What they found goes into dense layers, which decide. 61,706
parameters, of which the convolutions have 2,572 and do four fifths of the work: at every place the same few weights.

(The original put its 28×28 digits into images of 32×32, had a scale and a bias in its pooling, connected only some
of the channels of its second convolution, and ended in radial basis functions. This is what the name means today.)

Source: LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..autograd.tensor import Tensor
from .activations import Flatten, Tanh
from .convolution import Conv2d
from .linear import Linear
from .module import Module
from .pooling import AvgPool2d


class LeNet5(Module):
    """x: (N, channels, 28, 28) → logits: (N, classes). A call raises ValueError for images of another size."""

    def __init__(
        self,
        channels: int = 1,
        classes: int = 10,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        self.conv1 = Conv2d(channels, 6, 5, padding=2, dtype=dtype, generator=generator)
        self.conv2 = Conv2d(6, 16, 5, dtype=dtype, generator=generator)
        self.fc1 = Linear(16 * 5 * 5, 120, dtype=dtype, generator=generator)
        self.fc2 = Linear(120, 84, dtype=dtype, generator=generator)
        self.fc3 = Linear(84, classes, dtype=dtype, generator=generator)
        self.bend = Tanh()
        self.pool = AvgPool2d(2)
        self.flatten = Flatten()

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, channels, 28, 28) → logits: (N, classes)."""
        x = self.pool(self.bend(self.conv1(x)))  # (N, 6, 14, 14)
        x = self.pool(self.bend(self.conv2(x)))  # (N, 16, 5, 5)
        x = self.bend(self.fc1(self.flatten(x)))
        logits: Tensor = self.fc3(self.bend(self.fc2(x)))
        return logits
