"""A variational autoencoder on MNIST: 784-256-16 means and variances, and back."""

from collections import OrderedDict

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributions import Normal


def _layers(inputs: int, hidden: int, outputs: int) -> nn.Module:
    return nn.Sequential(
        OrderedDict(layer1=nn.Linear(inputs, hidden), relu=nn.ReLU(), layer2=nn.Linear(hidden, outputs))
    )


class Network(nn.Module):
    """Encoder and decoder. latents: the numbers of a code; seed: of the noise."""

    def __init__(self, parameters: dict[str, Tensor], *, latents: int, seed: int) -> None:
        super().__init__()
        self.encoder = _layers(784, 256, 2 * latents)
        self.decoder = _layers(latents, 256, 784)
        self.to(parameters["encoder.layer1.weight"].dtype).load_state_dict(parameters)
        self.random = np.random.default_rng(seed)
        self.optimizer = torch.optim.Adam(self.parameters())

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 784), pixels between 0 and 1 → the loss before it, in nats per image."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        code = Normal(mean, torch.exp(log_variance / 2), validate_args=False)
        noise = torch.from_numpy(self.random.standard_normal(mean.shape)).to(x.dtype)
        y = self.decoder(code.loc + code.scale * noise)
        divergence = torch.distributions.kl_divergence(code, Normal(0.0, 1.0)).sum(1).mean()
        loss = F.binary_cross_entropy_with_logits(y, x, reduction="none").sum(1).mean() + divergence
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: codes (N, latents) → pixels between 0 and 1: (N, 784)."""
        return torch.sigmoid(self.decoder(x))
