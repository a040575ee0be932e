"""Reduce on plateau: the learning rate is multiplied by factor when a metric has stopped improving.

    better:  metric < best - threshold (abs)    metric < best · (1 - threshold) (rel)        for mode "max": > and +
    more than `patience` epochs in a row that were not better:   lr ← max(lr · factor, min_lr)

The one schedule that looks at the training: give `step` the validation loss after each epoch (mode "min"), or an
accuracy (mode "max"). `threshold` says how much better counts as better. After a reduction the next `cooldown` epochs
do not count as bad: the loss needs some time to answer. A reduction by no more than `eps` is not worth making. A NaN is
never better.

PyTorch: torch.optim.lr_scheduler.ReduceLROnPlateau.
"""

from __future__ import annotations

import math

from .._checks import at_least_zero
from ..optimizer import Optimizer
from ._scheduler import Schedule, one_per_group


class ReduceLROnPlateau(Schedule):
    """min_lr may be a list: one for each group.

    Raises ValueError for an unknown mode or threshold_mode, a factor outside (0, 1) and for numbers below 0.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(optimizer)
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be min or max; got {mode!r}")
        if threshold_mode not in ("rel", "abs"):
            raise ValueError(f"threshold_mode must be rel or abs; got {threshold_mode!r}")
        if not 0 < factor < 1:
            raise ValueError(f"factor must be above 0 and below 1; got {factor}")
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.cooldown = cooldown
        self.eps = eps
        at_least_zero(vars(self), "patience", "threshold", "cooldown", "eps")
        self.min_lrs = one_per_group("min_lr", min_lr, optimizer)
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = 0
        self.cooldown_counter = 0

    def step(self, metrics: float) -> None:
        """Judge an epoch by its metric."""
        self.last_epoch += 1
        if self.is_better(float(metrics)):
            self.best = float(metrics)
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self.reduce()
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0

    def is_better(self, metric: float) -> bool:
        """Whether a metric improves on the best so far by more than the threshold."""
        sign = -1 if self.mode == "min" else 1
        if self.threshold_mode == "rel":
            needed = self.best * (1 + sign * self.threshold)
        else:
            needed = self.best + sign * self.threshold
        return sign * metric > sign * needed

    def reduce(self) -> None:
        """Multiply the learning rates by factor, down to their minimum."""
        for group, min_lr in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
            reduced = max(group["lr"] * self.factor, min_lr)
            if group["lr"] - reduced > self.eps:
                group["lr"] = reduced
