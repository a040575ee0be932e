"""Warm-up, then cosine: SequentialLR of LinearLR and CosineAnnealingLR."""

from torch.optim import Optimizer, lr_scheduler

from .._checks import above_zero, at_least_zero


class WarmupCosineLR(lr_scheduler.SequentialLR):
    """PyTorch's schedules in sequence, with an end."""

    def __init__(
        self,
        optimizer: Optimizer,
        warmup_steps: int,
        total_steps: int,
        start_factor: float = 0.01,
        eta_min: float = 0.0,
    ) -> None:
        at_least_zero(warmup_steps=warmup_steps, eta_min=eta_min)
        above_zero(steps_after_warmup=total_steps - warmup_steps)
        self.total_steps = total_steps
        parts: list[lr_scheduler.LRScheduler] = []
        if warmup_steps:  # one of no steps would leave its start factor behind in some releases of PyTorch
            parts.append(lr_scheduler.LinearLR(optimizer, start_factor, total_iters=warmup_steps))
        parts.append(lr_scheduler.CosineAnnealingLR(optimizer, total_steps - warmup_steps, eta_min))
        super().__init__(optimizer, parts, milestones=[warmup_steps][: len(parts) - 1])

    def step(self) -> None:  # type: ignore[override]
        """Go on to the next update. Raises ValueError beyond the last."""
        if self.last_epoch >= self.total_steps:
            raise ValueError(f"the schedule ends after {self.total_steps} steps")
        super().step()
