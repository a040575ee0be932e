"""A GAN of dense layers on MNIST: a generator 32-128-256-784, a discriminator 784-128-1, and an averaged generator."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_avg_fn


class Network:
    """The players and the average. latents: numbers of noise for an image; seed: of the noise."""

    def __init__(self, parameters: dict[str, Tensor], *, latents: int, seed: int) -> None:
        self.latents = latents
        self.random = np.random.default_rng(seed)
        self.generator, self.discriminator = self.players(latents)
        self.average = AveragedModel(self.generator, avg_fn=get_ema_avg_fn(0.99))
        self.parts = {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "average": self.average.module.eval(),
        }
        for part, module in self.parts.items():
            state = {name.removeprefix(f"{part}."): a for name, a in parameters.items() if name.startswith(part)}
            module.to(next(iter(state.values())).dtype).load_state_dict(state)
        self.generator_optimizer = torch.optim.Adam(self.generator.parameters(), betas=(0.5, 0.999))
        self.discriminator_optimizer = torch.optim.Adam(self.discriminator.parameters(), betas=(0.5, 0.999))

    def players(self, latents: int) -> tuple[nn.Module, nn.Module]:
        """Generator and discriminator."""
        generator = nn.Sequential(
            nn.Linear(latents, 128),
            nn.LeakyReLU(0.2),
            nn.Linear(128, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.LeakyReLU(0.2),
            nn.Linear(256, 784),
            nn.Tanh(),
        )
        discriminator = nn.Sequential(nn.Linear(784, 128), nn.LeakyReLU(0.2), nn.Linear(128, 1))
        return generator, discriminator

    def state_dict(self) -> dict[str, Tensor]:
        """Parameters and buffers of all three, by names that begin with theirs."""
        return {
            f"{part}.{name}": value
            for part, module in self.parts.items()
            for name, value in module.state_dict().items()
        }

    def draw(self, generator: nn.Module, latent: Tensor) -> Tensor:
        """latent: (N, latents) → images between -1 and 1: (N, 784)."""
        images: Tensor = generator(latent)
        return images

    def judge(self, images: Tensor) -> Tensor:
        """images: (N, 784) → logits of being real: (N, 1)."""
        logits: Tensor = self.discriminator(images)
        return logits

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update of each player from real images x: (N, 784) → the sum of the two losses before them."""
        real = 2 * x - 1
        noise = torch.from_numpy(self.random.standard_normal((len(x), self.latents))).to(x.dtype)
        fake = self.draw(self.generator, noise)

        lost = -F.logsigmoid(self.judge(real)).mean() - F.logsigmoid(-self.judge(fake.detach())).mean()
        self.update(self.discriminator_optimizer, lost, learning_rate)

        lost_by_generator = -F.logsigmoid(self.judge(fake)).mean()
        self.update(self.generator_optimizer, lost_by_generator, learning_rate)
        self.average.update_parameters(self.generator)
        return lost.item() + lost_by_generator.item()

    def update(self, optimizer: torch.optim.Optimizer, loss: Tensor, learning_rate: float) -> None:
        """Move the parameters of one player."""
        optimizer.param_groups[0]["lr"] = learning_rate
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: noise (N, latents) → images between 0 and 1, by the average: (N, 784)."""
        return (self.draw(self.average.module, x) + 1) / 2
