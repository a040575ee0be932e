"""Early stopping as a callback."""

import copy
import math
from collections.abc import Mapping
from typing import Any

from ..fit import Callback, Run


class EarlyStopping(Callback):
    """Ends the training when a figure stops improving, and restores the best weights."""

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 10,
        min_delta: float = 0.0,
        *,
        mode: str = "min",
        restore_best: bool = True,
    ) -> None:
        if mode not in ("min", "max") or patience < 1 or not min_delta >= 0:
            raise ValueError("mode must be min or max, patience at least 1, min_delta at least 0")
        self.monitor, self.patience, self.min_delta = monitor, patience, min_delta
        self.mode, self.restore_best = mode, restore_best
        self.best = math.inf if mode == "min" else -math.inf
        self.best_epoch = 0
        self.waited = 0
        self.best_state: dict[str, Any] | None = None

    def epoch_end(self, run: Run) -> None:
        """Compare with the best."""
        if self.monitor not in run.history:
            raise ValueError(f"there is no {self.monitor}")
        value = run.history[self.monitor][-1]
        gain = self.best - value if self.mode == "min" else value - self.best
        if gain > self.min_delta:
            self.best, self.best_epoch, self.waited = value, run.epoch, 0
            if self.restore_best:
                self.best_state = copy.deepcopy(run.model.state_dict())
        else:
            self.waited += 1
        run.stop = run.stop or self.waited >= self.patience

    def end(self, run: Run) -> None:
        """Go back to the best."""
        if self.best_state is not None:
            run.model.load_state_dict(self.best_state)

    def state_dict(self) -> dict[str, Any]:
        """The best so far."""
        return {name: getattr(self, name) for name in ("best", "best_epoch", "waited", "best_state")}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Compare with this from now on."""
        self.best, self.best_epoch, self.waited, self.best_state = (
            state_dict[name] for name in ("best", "best_epoch", "waited", "best_state")
        )
