"""An autoencoder: 784 pixels through 32 numbers, and back.

    code = encoder(x)                  784-128-32, ReLU between
    y    = sigmoid(decoder(code))      32-128-784
    loss = mean (y - x)²               over all pixels

The target is the input. Nothing would be learned if the way were wide: a copy is no knowledge. But 32 numbers have to
do for 784, and so the encoder has to find out what digits have in common and the decoder to take it for granted.
Without ReLUs and sigmoid this is principal component analysis: the best 32 straight axes. With them they may bend.

To draw new digits it is of little use: which codes mean something, nobody knows. That is what `vae` adds.

Source: Hinton & Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks".
PyTorch: torch.nn.Linear, torch.optim.Adam.
"""

from .. import nn
from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..optim.adam import Adam
from ..types import Array


class Network(nn.Module):
    """x: (N, 784), pixels between 0 and 1 → the same by way of a code (N, 32)."""

    def __init__(self, parameters: dict[str, Array]) -> None:
        super().__init__()
        self.layer1 = nn.Linear(784, 128)
        self.layer2 = nn.Linear(128, 32)
        self.layer3 = nn.Linear(32, 128)
        self.layer4 = nn.Linear(128, 784)
        self.to(parameters["layer1.weight"].dtype).load_state_dict(parameters)
        self.active = nn.ReLU()
        self.squash = nn.Sigmoid()
        self.loss = nn.MSELoss()
        self.optimizer = Adam(self.parameters())

    def encode(self, x: Tensor) -> Tensor:
        """x: (N, 784) → code: (N, 32)."""
        code: Tensor = self.layer2(self.active(self.layer1(x)))
        return code

    def decode(self, code: Tensor) -> Tensor:
        """code: (N, 32) → pixels: (N, 784)."""
        y: Tensor = self.squash(self.layer4(self.active(self.layer3(code))))
        return y

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 784) → y: (N, 784)."""
        return self.decode(self.encode(x))

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 784), whose target is the same → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = self.loss(self(Tensor(x)), Tensor(target))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N, 784) → y: (N, 784)."""
        with no_grad():
            return self(Tensor(x)).data  # type: ignore[no-any-return]
