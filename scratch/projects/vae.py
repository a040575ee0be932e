"""A variational autoencoder: an autoencoder whose codes can be drawn by lot.

    mean, log_variance = encoder(x)                      784-256-16 + 16
    z    = mean + e^(log_variance / 2) · noise           a code, drawn near the mean
    y    = decoder(z)                                    16-256-784, logits of the pixels
    loss = cross-entropy of y and x + KL( N(mean, variance) ‖ N(0, 1) )

Two changes to `autoencoder`. An image is encoded as a cloud, not as a point, so the decoder has to make sense of all
codes near by, and the gaps between images close. And the clouds are pulled towards N(0, 1), so that it is known where
they lie. To draw a digit, draw z from N(0, 1) and decode it.

Both terms are in nats per image: *summed* over pixels and over the numbers of a code, averaged over images. Their sum
is an upper bound of -log p(x), the surprise at an image (the negative ELBO). With a mean over the pixels instead, the
divergence would weigh 784 times as much, every cloud would become N(0, 1), and the codes would say nothing.

A pixel is taken for the probability of being white, hence the cross-entropy; pixels between 0 and 1 are targets as any.

The noise comes from a NumPy generator, which the PyTorch twin seeds alike.

Source: Kingma & Welling 2013, arXiv:1312.6114. PyTorch: torch.distributions.
"""

import numpy as np

from .. import nn
from ..autograd.bridge import differentiable
from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..ops.generative import normal_kl, reparameterize
from ..optim.adam import Adam
from ..types import Array

apply_reparameterize = differentiable(reparameterize)
apply_normal_kl = differentiable(normal_kl)


class _Layers(nn.Module):
    """Two dense layers with a ReLU between them."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.layer1 = nn.Linear(inputs, hidden)
        self.active = nn.ReLU()
        self.layer2 = nn.Linear(hidden, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, inputs) → y: (N, outputs)."""
        y: Tensor = self.layer2(self.active(self.layer1(x)))
        return y


class Network(nn.Module):
    """Encoder and decoder. latents: the numbers of a code; seed: of the noise."""

    def __init__(self, parameters: dict[str, Array], *, latents: int, seed: int) -> None:
        super().__init__()
        self.encoder = _Layers(784, 256, 2 * latents)
        self.decoder = _Layers(latents, 256, 784)
        self.to(parameters["encoder.layer1.weight"].dtype).load_state_dict(parameters)
        self.latents = latents
        self.random = np.random.default_rng(seed)
        self.squash = nn.Sigmoid()
        self.cross_entropy = nn.BCEWithLogitsLoss(reduction="sum")
        self.optimizer = Adam(self.parameters())

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 784), pixels between 0 and 1 → the loss before it, in nats per image."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        encoded = self.encoder(Tensor(x))
        mean, log_variance = encoded[:, : self.latents], encoded[:, self.latents :]
        noise = self.random.standard_normal(mean.shape).astype(x.dtype)
        y = self.decoder(apply_reparameterize(mean, log_variance, Tensor(noise)))
        loss = self.cross_entropy(y, Tensor(x)) / len(x) + apply_normal_kl(mean, log_variance)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: codes (N, latents) → pixels between 0 and 1: (N, 784)."""
        with no_grad():
            return self.squash(self.decoder(Tensor(x))).data  # type: ignore[no-any-return]
