"""Warm-up, then cosine: how Transformers are trained.

    epoch < warmup_steps:    lr = base_lr · (start_factor + (1 - start_factor) · epoch / warmup_steps)
    from there on:           lr = eta_min + (base_lr - eta_min) · (1 + cos(π · t / T)) / 2
                             t = epoch - warmup_steps        T = total_steps - warmup_steps

The first gradients of an untrained network are large and point all the same way, and Adam's averages know too little
yet: full steps in the beginning can do damage that the whole training does not repair. So the learning rate rises in a
straight line, and once at the top goes down as in cosine_annealing_lr. An "epoch" is one update: step after every
batch. The end is at total_steps; there the learning rate is eta_min.

Source: Goyal et al. 2017, arXiv:1706.02677 (warm-up); Loshchilov & Hutter 2016, arXiv:1608.03983 (cosine).
PyTorch: SequentialLR of LinearLR and CosineAnnealingLR, of torch.optim.lr_scheduler.
"""

from __future__ import annotations

import math

from .._checks import at_least_zero
from ..optimizer import Optimizer
from ._scheduler import ClosedFormSchedule


class WarmupCosineLR(ClosedFormSchedule):
    """Linear warm-up and cosine annealing.

    Raises ValueError unless 0 ≤ warmup_steps < total_steps and 0 < start_factor ≤ 1, for an eta_min below 0, and
    when it is stepped beyond its end.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        warmup_steps: int,
        total_steps: int,
        start_factor: float = 0.01,
        eta_min: float = 0.0,
    ) -> None:
        if not 0 <= warmup_steps < total_steps:
            raise ValueError(
                f"warmup_steps must be at least 0 and below total_steps; got {warmup_steps} of {total_steps}"
            )
        if not 0 < start_factor <= 1:
            raise ValueError(f"start_factor must be above 0 and at most 1; got {start_factor}")
        at_least_zero({"eta_min": eta_min}, "eta_min")
        self.warmup_steps = warmup_steps
        self.total_steps = total_steps
        self.start_factor = start_factor
        self.eta_min = eta_min
        super().__init__(optimizer)

    def lr_at(self, epoch: int, base_lr: float) -> float:
        """The learning rate after this many updates."""
        if epoch < self.warmup_steps:
            return base_lr * (self.start_factor + (1 - self.start_factor) * epoch / self.warmup_steps)
        since_top, length = epoch - self.warmup_steps, self.total_steps - self.warmup_steps
        wave = (1 + math.cos(math.pi * since_top / length)) / 2  # 1 … 0
        return self.eta_min + (base_lr - self.eta_min) * wave

    def step(self) -> None:
        """Go on to the next update. Raises ValueError beyond the last."""
        if self.last_epoch >= self.total_steps:
            raise ValueError(f"a schedule must end after total_steps, {self.total_steps}; it was stepped once more")
        super().step()
