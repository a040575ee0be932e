"""Checkpoints as a callback: save after every epoch, and go on from the file if it is there already.

    fit(…, callbacks=[EarlyStopping(), LearningRate(schedule), SaveCheckpoint("run.safetensors")])

Run the same program again after a crash, a kill or a power cut, and it goes on after the last epoch that was saved; the
result is the same, to the last bit, as if nothing had happened. For that the file holds, beside model and optimizer,
how far the run is with its history, the generator of the data loader, and what the other callbacks remember: schedules,
the best weights of early stopping. They must have had their turn when it is written, so this callback comes last.

The format and what makes it safe: ../checkpoint.py.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..checkpoint import load, save
from ..fit import Callback, Run


class SaveCheckpoint(Callback):
    """every: how many epochs from one checkpoint to the next; there is one after the last epoch in any case.

    resume: go on from the file if there is one. With False it is written over.
    Raises ValueError for an `every` below 1, and when it is not the last callback; CheckpointError for a file that is
    damaged or belongs to another training.
    """

    def __init__(self, file: str | os.PathLike[str], *, every: int = 1, resume: bool = True) -> None:
        if every < 1:
            raise ValueError(f"every must be at least 1 epoch; got {every}")
        self.file = Path(file)
        self.every = every
        self.resume = resume

    def begin(self, run: Run) -> None:
        """Go on from the file."""
        if run.callbacks[-1] is not self:
            raise ValueError("SaveCheckpoint must be the last of the callbacks: it saves what the others remember")
        if self.resume and self.file.exists():
            load(self.file, **self._parts(run))

    def epoch_end(self, run: Run) -> None:
        """Save."""
        if run.epoch % self.every == 0 or run.epoch == run.epochs or run.stop:
            save(self.file, epoch=run.epoch, **self._parts(run))

    def _parts(self, run: Run) -> dict[str, Any]:
        parts = {"model": run.model, "optimizer": run.optimizer, "run": run, "callbacks": _Together(run.callbacks)}
        return {**parts, "data": run.data} if hasattr(run.data, "state_dict") else parts


class _Together:
    """The callbacks as one part of a checkpoint."""

    def __init__(self, callbacks: Any) -> None:
        self.callbacks = {f"{i}.{type(callback).__name__}": callback for i, callback in enumerate(callbacks)}

    def state_dict(self) -> dict[str, Any]:
        return {name: callback.state_dict() for name, callback in self.callbacks.items()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        if self.callbacks.keys() != state_dict.keys():
            raise ValueError(f"it was saved with {', '.join(state_dict)}; here are {', '.join(self.callbacks)}")
        for name, callback in self.callbacks.items():
            callback.load_state_dict(state_dict[name])
