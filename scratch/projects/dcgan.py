"""A deep convolutional GAN: the game is that of `gan`, the players look at images as images.

    generator       noise (N, 32) → images 1 → 4 → 7 → 14 → 28 pixels wide      transposed convolutions, tanh at the end
    discriminator   images 28 → 14 → 7 → 4 → 1 pixel wide: a logit               convolutions

What makes it trainable is a handful of rules:

- Strides instead of pooling. A transposed convolution is the backward of a convolution, used forward: it doubles an
  image where that one halves it, and how it does is learned.
- Batch normalization everywhere but at the generator's output and the discriminator's input. A bias before it would be
  subtracted again with the mean, so there is none.
- ReLU in the generator; LeakyReLU in the discriminator, through which a gradient comes back where a neuron is silent.
- First weights from N(0, 0.02²), scales of the normalization from N(1, 0.02²).

The discriminator normalizes a batch of real images and one of fakes each by itself. Together they would give
themselves away: a fake could be told by how the real ones beside it were shifted.

Source: Radford, Metz & Chintala 2015, arXiv:1511.06434. PyTorch: torch.nn.ConvTranspose2d, torch.nn.BatchNorm2d.
"""

from .. import nn
from ..autograd.tensor import Tensor
from ..types import Array
from . import gan


class Network(gan.Network):
    """The players and the average. The parameters say how many channels there are."""

    def __init__(self, parameters: dict[str, Array], *, latents: int, seed: int) -> None:
        self.channels = len(parameters["discriminator.0.weight"])  # of the finest layer; the next have 2 and 4 times
        super().__init__(parameters, latents=latents, seed=seed)

    def players(self, latents: int) -> tuple[nn.Module, nn.Module]:
        """Generator and discriminator."""
        fine, middle, coarse = self.channels, 2 * self.channels, 4 * self.channels
        generator = nn.Sequential(
            nn.ConvTranspose2d(latents, coarse, 4, bias=False),
            nn.BatchNorm2d(coarse),
            nn.ReLU(),
            nn.ConvTranspose2d(coarse, middle, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(middle),
            nn.ReLU(),
            nn.ConvTranspose2d(middle, fine, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(fine),
            nn.ReLU(),
            nn.ConvTranspose2d(fine, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )
        discriminator = nn.Sequential(
            nn.Conv2d(1, fine, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(fine, middle, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(middle),
            nn.LeakyReLU(0.2),
            nn.Conv2d(middle, coarse, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(coarse),
            nn.LeakyReLU(0.2),
            nn.Conv2d(coarse, 1, 4),
        )
        return generator, discriminator

    def draw(self, generator: nn.Module, latent: Tensor) -> Tensor:
        """latent: (N, latents) → images between -1 and 1: (N, 784)."""
        images: Tensor = generator(latent.reshape(-1, self.latents, 1, 1))
        return images.reshape(-1, 784)

    def judge(self, images: Tensor) -> Tensor:
        """images: (N, 784) → logits of being real: (N, 1, 1, 1)."""
        logits: Tensor = self.discriminator(images.reshape(-1, 1, 28, 28))
        return logits
