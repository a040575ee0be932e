"""A schedule of the learning rate as a callback."""

from collections.abc import Mapping
from typing import Any

from ..fit import Callback, Run


class LearningRate(Callback):
    """Steps a schedule of torch.optim.lr_scheduler."""

    def __init__(self, schedule: Any, *, every: str = "epoch", monitor: str | None = None) -> None:
        if every not in ("epoch", "step") or (monitor and every == "step"):
            raise ValueError("every must be epoch, or step without a monitor")
        self.schedule, self.every, self.monitor = schedule, every, monitor

    def after_step(self, run: Run) -> None:
        """A batch is over."""
        if self.every == "step":
            self.schedule.step()

    def epoch_end(self, run: Run) -> None:
        """An epoch is over."""
        if self.monitor and self.monitor not in run.history:
            raise ValueError(f"there is no {self.monitor}")
        if self.every == "epoch":
            self.schedule.step(*([run.history[self.monitor][-1]] if self.monitor else []))

    def state_dict(self) -> dict[str, Any]:
        """That of the schedule."""
        state: dict[str, Any] = self.schedule.state_dict()
        return {"schedule": state}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """That of the schedule."""
        self.schedule.load_state_dict(state_dict["schedule"])
