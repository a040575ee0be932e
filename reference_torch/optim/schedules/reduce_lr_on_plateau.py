"""Reduce on plateau, by torch.optim.lr_scheduler.ReduceLROnPlateau."""

from torch.optim import Optimizer, lr_scheduler

from .._checks import above_zero, at_least_zero


class ReduceLROnPlateau(lr_scheduler.ReduceLROnPlateau):
    """With the numbers checked, which PyTorch hardly does."""

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
        above_zero(factor=factor)
        at_least_zero(patience=patience, threshold=threshold, cooldown=cooldown, eps=eps)
        super().__init__(
            optimizer,
            mode,  # type: ignore[arg-type]
            factor,
            patience,
            threshold,
            threshold_mode,  # type: ignore[arg-type]
            cooldown,
            min_lr,
            eps,
        )
