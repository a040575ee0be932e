"""Filters learned from a photograph: one convolution is shown what four classic filters make of an image.

    x (1, H, W) → conv 3×3 → (4, H - 2, W - 2)        loss = mean of (y - target)²

Blur, sharpen and the two Sobel filters, which find edges, were designed by people: nine numbers each. Here the numbers
are weights. The network sees a photograph before and after, and moves its weights until it does the same, to this image
and to every other. What it ends up with can be read off, and *is* the filters.

Neighbouring pixels are nearly equal, so that a little of one weight can hardly be told from a little of the next: a
long narrow valley for plain gradient descent. Adam takes steps of its own length for every weight.

Source: Sobel & Feldman 1968 (a 3×3 gradient operator). PyTorch: torch.optim.Adam.
"""

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..nn.convolution import Conv2d
from ..nn.losses import MSELoss
from ..nn.module import Module
from ..optim.adam import Adam
from ..types import Array


class Network(Module):
    """x (N, 1, H, W) → y (N, 4, H - 2, W - 2)."""

    def __init__(self, parameters: dict[str, Array]) -> None:
        super().__init__()
        self.filters = Conv2d(1, 4, 3)
        self.loss = MSELoss()
        self.to(parameters["filters.weight"].dtype).load_state_dict(parameters)
        self.optimizer = Adam(self.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 1, H, W) → y: (N, 4, H - 2, W - 2)."""
        y: Tensor = self.filters(x)
        return y

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 1, H, W) and target: (N, 4, H - 2, W - 2) → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        loss = self.loss(self(Tensor(x)), Tensor(target))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def predict(self, x: Array) -> Array:
        """x: (N, 1, H, W) → y: (N, 4, H - 2, W - 2)."""
        with no_grad():
            return self(Tensor(x)).numpy()  # type: ignore[no-any-return]
