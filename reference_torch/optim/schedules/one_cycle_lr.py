"""One cycle, by torch.optim.lr_scheduler.OneCycleLR."""

from torch.optim import Optimizer, lr_scheduler

from .._checks import above_zero


class OneCycleLR(lr_scheduler.OneCycleLR):
    """With the learning rate and its divisors checked, which PyTorch does not do."""

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
    ) -> None:
        for peak in max_lr if isinstance(max_lr, list) else [max_lr]:
            above_zero(max_lr=peak, div_factor=div_factor, final_div_factor=final_div_factor)
        super().__init__(
            optimizer,
            max_lr,
            total_steps,
            epochs,
            steps_per_epoch,
            pct_start,
            anneal_strategy,  # type: ignore[arg-type]
            cycle_momentum,
            base_momentum,
            max_momentum,
            div_factor,
            final_div_factor,
            three_phase,
        )
