"""Batch normalization as a layer: a weight and a bias per channel, and running statistics for inference.

The equation and its derivative: ops.normalization.batch_norm. The op takes the running statistics and gives back new
ones; the layer is where they live from one call to the next. They are *buffers*: saved with the parameters, since
inference needs them, but learned by no optimizer.

    training     normalizes with the statistics of the batch, and takes them into the running ones
    inference    normalizes with the running ones, and leaves them as they are

With momentum=None the running statistics are the plain average over all batches so far: the k-th counts 1 / k.
With track_running_stats=False there are none, and inference uses those of the batch too.

PyTorch: torch.nn.BatchNorm1d, BatchNorm2d.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.bridge import differentiable
from ..autograd.tensor import Tensor
from ..ops.normalization import batch_norm
from .module import Module, Parameter

apply_batch_norm = differentiable(batch_norm)


class _BatchNorm(Module):
    """weight, bias: (num_features,), or None with affine=False.

    Buffers: running_mean, running_var: (num_features,), num_batches_tracked: ().
    """

    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self.weight = Parameter(np.ones(num_features, dtype)) if affine else None
        self.bias = Parameter(np.zeros(num_features, dtype)) if affine else None
        tracked = track_running_stats
        self.register_buffer("running_mean", Tensor(np.zeros(num_features, dtype)) if tracked else None)
        self.register_buffer("running_var", Tensor(np.ones(num_features, dtype)) if tracked else None)
        self.register_buffer("num_batches_tracked", Tensor(np.array(0)) if tracked else None)

    def forward(self, x: Tensor) -> Tensor | Any:
        """x: (N, num_features, *) → y: like x."""
        self.check(x)
        options: dict[str, Any] = {"training": self.training or self.running_mean is None, "eps": self.eps}
        if self.running_mean is None or self.running_var is None or self.num_batches_tracked is None:
            return apply_batch_norm(x, self.weight, self.bias, **options)
        batches = int(self.num_batches_tracked.item()) + 1
        options["momentum"] = 1 / batches if self.momentum is None else self.momentum
        y, mean, var = apply_batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, **options)
        if self.training:
            self.running_mean[...] = mean.detach()
            self.running_var[...] = var.detach()
            self.num_batches_tracked[...] = batches
        return y

    def check(self, x: Tensor) -> None:
        """Raise ValueError for a rank that the layer is not meant for."""
        raise NotImplementedError

    def extra_repr(self) -> str:
        """The options."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    """For features (N, C) or sequences (N, C, L). A call raises ValueError for others, and in training for one value
    per channel.
    """

    def check(self, x: Tensor) -> None:
        """Two axes or three."""
        if x.ndim not in (2, 3):
            raise ValueError(f"BatchNorm1d takes x: (N, C) or (N, C, L); got {x.shape}")


class BatchNorm2d(_BatchNorm):
    """For images (N, C, H, W). A call raises ValueError for others, and in training for one value per channel."""

    def check(self, x: Tensor) -> None:
        """Four axes."""
        if x.ndim != 4:
            raise ValueError(f"BatchNorm2d takes x: (N, C, H, W); got {x.shape}")
