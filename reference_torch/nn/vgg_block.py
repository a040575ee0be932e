"""A block of VGG as a PyTorch module."""

from torch import nn


class VGGBlock(nn.Sequential):
    """x: (N, in_channels, H, W) → y: (N, out_channels, H / 2, W / 2)."""

    def __init__(self, in_channels: int, out_channels: int, convolutions: int = 2) -> None:
        if convolutions < 1:
            raise ValueError("a block has convolutions")
        layers: list[nn.Module] = []
        for channels in [in_channels] + [out_channels] * (convolutions - 1):
            layers += [nn.Conv2d(channels, out_channels, kernel_size=3, padding="same"), nn.ReLU()]
        super().__init__(*layers, nn.MaxPool2d(2))
