"""A GAN of convolutions on MNIST: images grow from 1 to 4, 7, 14, 28 pixels, and shrink again in the discriminator."""

from torch import Tensor, nn

from . import gan


class Network(gan.Network):
    """The players and the average. The parameters say how many channels there are."""

    def __init__(self, parameters: dict[str, Tensor], *, latents: int, seed: int) -> None:
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
