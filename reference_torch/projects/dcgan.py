"""A GAN of convolutions on MNIST: images grow from 1 to 7, 14, 28 pixels, and shrink again in the discriminator."""

from torch import Tensor, nn

from . import gan


class Network(gan.Network):
    """The players and the average. channels: of the finest layer, the next has twice as many."""

    def __init__(self, parameters: dict[str, Tensor], *, latents: int, channels: int, seed: int) -> None:
        self.channels = channels
        super().__init__(parameters, latents=latents, seed=seed)

    def players(self, latents: int) -> tuple[nn.Module, nn.Module]:
        """Generator and discriminator."""
        fine, coarse = self.channels, 2 * self.channels
        generator = nn.Sequential(
            nn.ConvTranspose2d(latents, coarse, 7, bias=False),
            nn.BatchNorm2d(coarse),
            nn.ReLU(),
            nn.ConvTranspose2d(coarse, fine, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(fine),
            nn.ReLU(),
            nn.ConvTranspose2d(fine, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )
        discriminator = nn.Sequential(
            nn.Conv2d(1, fine, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(fine, coarse, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(coarse),
            nn.LeakyReLU(0.2),
            nn.Conv2d(coarse, 1, 7),
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
