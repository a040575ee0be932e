"""Early stopping as a callback: end the training when a figure stops improving, and restore the best weights.

    fit(…, callbacks=[EarlyStopping("val_loss", patience=3)])

What counts as an improvement, and why to stop: ops.regularization.early_stopping, which is asked after every epoch.
The callback finds the figure in the history, turns one that should grow upside down, and at the end puts the model
back to its best epoch, running statistics included.

PyTorch has none; Keras: EarlyStopping(restore_best_weights=True).
"""

from collections.abc import Mapping
from typing import Any

from ...ops.regularization import early_stopping
from ..fit import Callback, Run


class EarlyStopping(Callback):
    """monitor: a name in the history. mode: "min", or "max" for a figure that should grow.

    `best_epoch` counts from 1. Raises ValueError for another mode, a patience below 1, and a name that is not there.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 10,
        min_delta: float = 0.0,
        *,
        mode: str = "min",
        restore_best: bool = True,
    ) -> None:
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be min or max; got {mode!r}")
        self.monitor = monitor
        self.sign = 1 if mode == "min" else -1
        self.restore_best = restore_best
        self.stopping = early_stopping.EarlyStopping(patience, min_delta)

    @property
    def best_epoch(self) -> int:
        """The number of the best epoch so far, from 1; 0 where there is none."""
        return self.stopping.best_epoch + 1

    def epoch_end(self, run: Run) -> None:
        """Compare with the best."""
        if self.monitor not in run.history:
            raise ValueError(f"monitor must be one of {', '.join(run.history)}; got {self.monitor!r}")
        loss = self.sign * run.history[self.monitor][-1]
        if self.stopping.step(loss, run.model if self.restore_best else None):
            run.stop = True

    def end(self, run: Run) -> None:
        """Go back to the best."""
        if self.stopping.best_state is not None:
            self.stopping.restore(run.model)

    def state_dict(self) -> dict[str, Any]:
        """The best so far, with its weights."""
        names = ("epoch", "best_epoch", "best_loss", "best_state")
        return {name: getattr(self.stopping, name) for name in names}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Compare with this from now on."""
        vars(self.stopping).update(state_dict)
