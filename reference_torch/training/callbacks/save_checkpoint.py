"""Checkpoints as a callback."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import checkpoint
from ..fit import Callback, Run


class SaveCheckpoint(Callback):
    """Saves after every so many epochs, and goes on from the file if it is there."""

    def __init__(self, file: str | os.PathLike[str], *, every: int = 1, resume: bool = True) -> None:
        if every < 1:
            raise ValueError("every must be at least 1")
        self.file, self.every, self.resume = Path(file), every, resume

    def begin(self, run: Run) -> None:
        """Go on from the file."""
        if run.callbacks[-1] is not self:
            raise ValueError("SaveCheckpoint must come last")
        if self.resume and self.file.exists():
            checkpoint.load(self.file, **self.parts(run))

    def epoch_end(self, run: Run) -> None:
        """Save."""
        if run.stop or run.epoch in (run.epochs, run.epoch // self.every * self.every):
            checkpoint.save(self.file, epoch=run.epoch, **self.parts(run))

    def parts(self, run: Run) -> dict[str, Any]:
        """All that the rest of the training depends on."""
        found = {"model": run.model, "optimizer": run.optimizer, "run": run, "callbacks": _Together(run.callbacks)}
        return found | ({"data": run.data} if hasattr(run.data, "state_dict") else {})


class _Together:
    def __init__(self, callbacks: Any) -> None:
        self.by_name = {f"{i}.{type(callback).__name__}": callback for i, callback in enumerate(callbacks)}

    def state_dict(self) -> dict[str, Any]:
        return {name: callback.state_dict() for name, callback in self.by_name.items()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        if list(state_dict) != list(self.by_name):
            raise ValueError(f"saved with other callbacks: {', '.join(state_dict)}")
        for name, state in state_dict.items():
            self.by_name[name].load_state_dict(state)
