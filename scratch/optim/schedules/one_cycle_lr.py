"""One cycle: up to a very large learning rate and down to almost nothing, within a training of fixed length.

    phase        up to step                    learning rate             momentum
    warm-up      pct_start · total_steps - 1   initial_lr ↗ max_lr       max_momentum ↘ base_momentum
    annealing    total_steps - 1               max_lr ↘ min_lr           base_momentum ↗ max_momentum

    initial_lr = max_lr / div_factor           min_lr = initial_lr / final_div_factor

    from a to b in a phase, p = 0 … 1:         b + (a - b) · (1 + cos(π p)) / 2     cos
                                               a + (b - a) · p                      linear

The peak may be so high that training at it for long would diverge; passing through it works like a regulariser and
makes training fast. Momentum mirrors the learning rate, since both say how far one gradient carries. With Adam it is
β₁ that takes its place. Step after every batch: an "epoch" is one update here.

`three_phase`: after the warm-up comes its mirror image, down to initial_lr, and the rest goes from there to min_lr.

Source: Smith & Topin 2017, arXiv:1708.07120. PyTorch: torch.optim.lr_scheduler.OneCycleLR.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from .._checks import above_zero
from ..optimizer import Optimizer
from ._scheduler import ClosedFormSchedule, one_per_group


class Corner(NamedTuple):
    """Where two phases meet."""

    step: float
    lr: str  # under which name a group has the learning rate
    momentum: str


class OneCycleLR(ClosedFormSchedule):
    """The length is total_steps, or epochs · steps_per_epoch. max_lr may be a list: one for each group.

    Raises ValueError for a length that is not given or below 1, a pct_start outside [0, 1], an unknown
    anneal_strategy, a max_lr or divisor of 0 or less, an optimizer that has no momentum to cycle, and when it is
    stepped beyond its end.
    """

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
        self.total_steps = total = _length(total_steps, epochs, steps_per_epoch)
        self.cycle_momentum = cycle_momentum
        peaks = one_per_group("max_lr", max_lr, optimizer)
        for peak in peaks:
            above_zero({"max_lr": peak}, "max_lr")
        above_zero({"div_factor": div_factor}, "div_factor")
        above_zero({"final_div_factor": final_div_factor}, "final_div_factor")
        if not 0 <= pct_start <= 1:
            raise ValueError(f"pct_start must be from 0 to 1; got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must be cos or linear; got {anneal_strategy!r}")
        if cycle_momentum and not {"momentum", "betas"} & optimizer.defaults.keys():
            raise ValueError(f"cycle_momentum needs momentum or betas; {type(optimizer).__name__} has neither")
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            initial_lr = peak / div_factor
            group.update(initial_lr=initial_lr, max_lr=peak, min_lr=initial_lr / final_div_factor)
            if cycle_momentum:
                group.update(max_momentum=max_momentum, base_momentum=base_momentum)
        self._anneal = _cosine if anneal_strategy == "cos" else _linear
        self._corners = [
            Corner(0, "initial_lr", "max_momentum"),
            Corner(pct_start * total - 1, "max_lr", "base_momentum"),
            Corner(2 * pct_start * total - 2, "initial_lr", "max_momentum"),
            Corner(total - 1, "min_lr", "max_momentum"),
        ]
        if not three_phase:
            del self._corners[2]
        super().__init__(optimizer)

    def apply(self) -> None:
        """Set the learning rate and the momentum of the current step."""
        phase = 1
        while phase < len(self._corners) - 1 and self.last_epoch > self._corners[phase].step:
            phase += 1
        start, end = self._corners[phase - 1], self._corners[phase]
        length = end.step - start.step
        progress = (self.last_epoch - start.step) / length if length else 1.0
        for group in self.optimizer.param_groups:
            group["lr"] = self._anneal(group[start.lr], group[end.lr], progress)
            if self.cycle_momentum:
                momentum = self._anneal(group[start.momentum], group[end.momentum], progress)
                group.update({"betas": (momentum, group["betas"][1])} if "betas" in group else {"momentum": momentum})

    def step(self) -> None:
        """Go on to the next update. Raises ValueError beyond the last."""
        if self.last_epoch >= self.total_steps:
            raise ValueError(f"a schedule must end after total_steps, {self.total_steps}; it was stepped once more")
        super().step()


def _cosine(start: float, end: float, progress: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * progress))


def _linear(start: float, end: float, progress: float) -> float:
    return start + (end - start) * progress


def _length(total_steps: Any, epochs: Any, steps_per_epoch: Any) -> int:
    """The number of updates."""
    given = (total_steps,) if total_steps is not None else (epochs, steps_per_epoch)
    if not all(isinstance(number, int) and number > 0 for number in given):
        raise ValueError(
            "total_steps, or epochs and steps_per_epoch, must be whole numbers from 1 on; got total_steps "
            f"{total_steps}, epochs {epochs}, steps_per_epoch {steps_per_epoch}"
        )
    return math.prod(given)
