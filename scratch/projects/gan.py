"""A generative adversarial network: two networks play a game, and one of them learns to draw digits.

    generator       noise (N, 32) → images (N, 784)       32-128-256-784, tanh at the end
    discriminator   images (N, 784) → logits (N,)         784-128-1

The generator never sees an image. It gets noise, and what it learns from is the gradient that comes back through the
discriminator: where an image should change to look more real. The discriminator sees both kinds and learns to tell
them apart. Each step is two updates:

    fake          = generator(noise)
    discriminator ← mean softplus(-D(real)) + mean softplus(D(fake))      fake is a constant here: it is detached
    generator     ← mean softplus(-D(fake))                               by the discriminator as it has just become

The second backward leaves gradients in the discriminator too. Nobody may take a step along them: each player has an
optimizer of its own, and gradients are forgotten before they are computed anew. Adam has β₁ = 0.5 instead of 0.9, since
the goal moves.

The two circle around each other and come to no rest. So there is a third network, `average`, which nobody trains: the
exponential moving average of the generator. It draws better than the generator at any moment, and `predict` asks it.

The noise comes from a NumPy generator, which the PyTorch twin seeds alike.

Source: Goodfellow et al. 2014, arXiv:1406.2661; Yazıcı et al. 2018, arXiv:1806.04498 (the average).
PyTorch: torch.optim.Adam, torch.optim.swa_utils.AveragedModel.
"""

import numpy as np

from .. import nn
from ..autograd.bridge import differentiable
from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..ops.generative import discriminator_loss, generator_loss
from ..optim.adam import Adam
from ..optim.averaged_model import AveragedModel, get_ema_avg_fn
from ..types import Array

apply_discriminator_loss = differentiable(discriminator_loss)
apply_generator_loss = differentiable(generator_loss)


class Network:
    """The players and the average. latents: numbers of noise for an image; seed: of the noise."""

    def __init__(self, parameters: dict[str, Array], *, latents: int, seed: int) -> None:
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
        self.generator_optimizer = Adam(self.generator.parameters(), betas=(0.5, 0.999))
        self.discriminator_optimizer = Adam(self.discriminator.parameters(), betas=(0.5, 0.999))

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

    def state_dict(self) -> dict[str, Array]:
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

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update of each player from real images x: (N, 784) → the sum of the two losses before them."""
        real = Tensor(2 * x - 1)
        noise = self.random.standard_normal((len(x), self.latents)).astype(x.dtype)
        fake = self.draw(self.generator, Tensor(noise))

        lost = apply_discriminator_loss(self.judge(real), self.judge(fake.detach()))
        self.update(self.discriminator_optimizer, lost, learning_rate)

        lost_by_generator = apply_generator_loss(self.judge(fake))
        self.update(self.generator_optimizer, lost_by_generator, learning_rate)
        self.average.update_parameters(self.generator)
        return float(lost.item() + lost_by_generator.item())

    def update(self, optimizer: Adam, loss: Tensor, learning_rate: float) -> None:
        """Move the parameters of one player."""
        optimizer.param_groups[0]["lr"] = learning_rate
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def predict(self, x: Array) -> Array:
        """x: noise (N, latents) → images between 0 and 1, by the average: (N, 784)."""
        with no_grad():
            return (self.draw(self.average.module, Tensor(x)).data + 1) / 2
