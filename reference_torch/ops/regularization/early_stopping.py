"""Early stopping. PyTorch has none; this is written from the description in Keras."""

import copy

import torch
from torch import Tensor, nn


class EarlyStopping:
    """Watches a loss, and keeps the state of the model where it is best."""

    def __init__(self, patience: int = 10, min_delta: float = 0.0) -> None:
        if patience < 1 or not min_delta >= 0:
            raise ValueError("patience must be at least 1 and min_delta at least 0")
        self.patience = patience
        self.min_delta = min_delta
        self.best: Tensor | float = float("inf")
        self.waited = 0
        self.best_state: dict[str, Tensor] = {}

    def step(self, loss: Tensor | float, model: nn.Module | None = None) -> bool:
        """Take note of an epoch; True when it is time to stop."""
        self.waited += 1
        if loss < self.best - self.min_delta:
            self.best, self.waited = loss, 0
            if model is not None:
                self.best_state = copy.deepcopy(model.state_dict())
        return self.waited >= self.patience

    def restore(self, model: nn.Module) -> None:
        """Put the model back to its best epoch."""
        model.load_state_dict(self.best_state)


def forward(losses: Tensor, *, patience: int = 10, min_delta: float = 0.0) -> tuple[Tensor, Tensor]:
    """losses: (epochs,) → the best epoch: () and the last one that is trained: ()."""
    if losses.ndim != 1 or not len(losses):
        raise ValueError("losses must be (epochs,), one at least")
    stopping = EarlyStopping(patience, min_delta)
    last = next((epoch for epoch, loss in enumerate(losses) if stopping.step(loss)), len(losses) - 1)
    return torch.tensor(last - stopping.waited), torch.tensor(last)
