"""Images normalized channel by channel, by subtraction and division."""

from torch import Tensor

from ._checks import require_images


def forward(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """x: (N, C, H, W), mean and std: (C,) → y: like x."""
    require_images(x)
    if not mean.shape == std.shape == x.shape[1:2] or (std == 0).any():
        raise ValueError("mean and std must be (C,), and std not 0")
    return (x - mean.reshape(-1, 1, 1)) / std.reshape(-1, 1, 1)
