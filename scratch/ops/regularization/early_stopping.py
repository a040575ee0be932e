"""Early stopping: end the training when the validation loss has stopped improving, and go back to the best epoch.

    epoch        0     1     2     3     4     5     6
    training   1.00  0.60  0.40  0.30  0.22  0.15  0.10      falls and falls
    validation 1.05  0.80  0.70  0.72  0.71  0.75  0.80      best in epoch 2; then the network learns by heart
    waited       0     0     0     1     2     3             patience = 3: stop after epoch 5, restore epoch 2

A loss that is measured on examples apart from the training set says when learning turns into memorizing. It is noisy,
so the first bad epoch proves nothing; `patience` says how many epochs in a row may pass without improvement. An epoch
improves if its loss lies below the best so far by *more* than `min_delta`; NaN never does. To stop early is to
regularize: few steps cannot carry the weights far from where they began.

`EarlyStopping` is what a training loop asks after every epoch. `forward` is the same question for a whole curve.

    stopping = EarlyStopping(patience=3)
    for epoch in range(100):
        …
        if stopping.step(validation_loss, model):
            break
    stopping.restore(model)

Source: Prechelt 1998, "Early stopping, but when?". PyTorch has none; Keras: EarlyStopping(restore_best_weights=True).
"""

import math
from typing import Any

import numpy as np

from ...types import Array


class EarlyStopping:
    """Watches a loss. For a measure that should grow, such as the accuracy, pass its negative.

    patience: epochs without improvement after which to stop, 1 at least. min_delta: what counts as no improvement.
    Raises ValueError for values below that.
    """

    def __init__(self, patience: int = 10, min_delta: float = 0.0) -> None:
        if patience < 1 or not min_delta >= 0:
            raise ValueError(
                f"patience must be 1 or more and min_delta 0 or more; got patience {patience}, min_delta {min_delta}"
            )
        self.patience = patience
        self.min_delta = min_delta
        self.epoch = -1  # the last one seen
        self.best_epoch = -1
        self.best_loss = math.inf
        self.best_state: dict[str, Any] | None = None

    def step(self, loss: float, model: Any = None) -> bool:
        """Take note of an epoch, and where it is the best, of the model's state. True when it is time to stop."""
        self.epoch += 1
        if loss < self.best_loss - self.min_delta:
            self.best_epoch, self.best_loss = self.epoch, loss
            if model is not None:
                self.best_state = {name: value.copy() for name, value in model.state_dict().items()}
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, model: Any) -> None:
        """Put the model back to its best epoch. Raises ValueError where `step` has never kept a state of it."""
        if self.best_state is None:
            raise ValueError("there is no best state to restore: give step the model, and a loss that is not NaN")
        model.load_state_dict(self.best_state)


def forward(losses: Array, *, patience: int = 10, min_delta: float = 0.0) -> tuple[Array, Array]:
    """losses: (epochs,) → the best epoch: () and the last one that is trained: (), as integers, from 0.

    Where no epoch is best, all losses being NaN, it is -1.
    Raises ValueError when there is no epoch, or losses is no vector.
    """
    if losses.ndim != 1 or not losses.size:
        raise ValueError(f"losses must be (epochs,), one at least; got {losses.shape}")
    stopping = EarlyStopping(patience, min_delta)
    for loss in losses:
        if stopping.step(loss):
            break
    best, last = (np.full_like(losses, n, shape=(), dtype=np.int64) for n in (stopping.best_epoch, stopping.epoch))
    return best, last
