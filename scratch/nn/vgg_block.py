"""A block of VGG: some convolutions of 3×3, each with a ReLU, and then max pooling of 2×2.

    x (C, H, W) → conv 3×3 → ReLU → … → conv 3×3 → ReLU → max of 2×2        (out, H / 2, W / 2)

Two kernels of 3×3, one on the other, see a window of 5×5, three see 7×7. They do it with fewer weights than one large
kernel (18 C² against 25 C², 27 C² against 49 C²) and with a ReLU in between, which the large kernel does not have. So
there is nothing to choose any more but how many: a network is a pile of these blocks, and with each one the image is
half as large and has twice the channels.

Source: Simonyan & Zisserman 2015, arXiv:1409.1556.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .activations import ReLU
from .convolution import Conv2d
from .pooling import MaxPool2d
from .sequential import Sequential


class VGGBlock(Sequential):
    """x: (N, in_channels, H, W) → y: (N, out_channels, H / 2, W / 2).

    Raises ValueError for a block without convolutions.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        convolutions: int = 2,
        *,
        dtype: npt.DTypeLike = np.float32,
        generator: np.random.Generator | None = None,
    ) -> None:
        if convolutions < 1:
            raise ValueError(f"convolutions must be at least 1; got {convolutions}")
        super().__init__()
        for number in range(convolutions):
            channels = in_channels if number == 0 else out_channels
            self.append(Conv2d(channels, out_channels, 3, padding=1, dtype=dtype, generator=generator))
            self.append(ReLU())
        self.append(MaxPool2d(2))
