"""A schedule of the learning rate as a callback: it takes its step when an epoch, or every batch, is over.

    fit(…, callbacks=[LearningRate(CosineAnnealingLR(optimizer, T_max=20))])
    fit(…, callbacks=[LearningRate(OneCycleLR(optimizer, …), every="step")])
    fit(…, callbacks=[LearningRate(ReduceLROnPlateau(optimizer), monitor="val_loss")])

The schedules themselves are in optim.schedules. Which moment is right depends on what their options count: T_max=20
means 20 epochs here and 20 batches there, and to step too often is the commonest mistake with them.

PyTorch: torch.optim.lr_scheduler, stepped by hand.
"""

from collections.abc import Mapping
from typing import Any

from ..fit import Callback, Run


class LearningRate(Callback):
    """every: "epoch" or "step". monitor: the name in the history of the figure that the schedule looks at, if any.

    Raises ValueError for another `every`, for a figure that is watched but not after every epoch or is not there.
    """

    def __init__(self, schedule: Any, *, every: str = "epoch", monitor: str | None = None) -> None:
        if every not in ("epoch", "step"):
            raise ValueError(f"every must be epoch or step; got {every!r}")
        if monitor is not None and every != "epoch":
            raise ValueError(f"every must be epoch for a schedule with a monitor; got {every!r} and {monitor!r}")
        self.schedule = schedule
        self.every = every
        self.monitor = monitor

    def after_step(self, run: Run) -> None:
        """A batch is over."""
        if self.every == "step":
            self.schedule.step()

    def epoch_end(self, run: Run) -> None:
        """An epoch is over."""
        if self.every != "epoch":
            return
        if self.monitor is None:
            self.schedule.step()
        elif self.monitor in run.history:
            self.schedule.step(run.history[self.monitor][-1])
        else:
            raise ValueError(f"monitor must be one of {', '.join(run.history)}; got {self.monitor!r}")

    def state_dict(self) -> dict[str, Any]:
        """That of the schedule."""
        return {"schedule": self.schedule.state_dict()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """That of the schedule."""
        self.schedule.load_state_dict(state_dict["schedule"])
