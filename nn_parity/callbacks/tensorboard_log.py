"""The history of a training for TensorBoard (an optional dependency): `tensorboard --logdir FOLDER` shows it live."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any

import numpy as np

from .callback import Callback


class TensorBoardLog(Callback):
    """Writes loss, lr and whatever else the history has, after each epoch; parameters as histograms where wanted.

    A training that was resumed from an earlier epoch than the last one in the folder replaces what came after it.
    Raises ImportError where TensorBoard is not installed, before the training.
    """

    def __init__(self, folder: str | os.PathLike[str], *, histograms: bool = False) -> None:
        if find_spec("tensorboard") is None:
            raise ImportError("TensorBoardLog needs TensorBoard: pip install 'nn-parity[tensorboard]'")
        self.folder = os.fspath(folder)
        self.histograms = histograms
        self.writer: Any = None

    def epoch_begin(self, run: Any) -> None:
        """Open the folder: not in `begin`, before a checkpoint has said how far the training is."""
        if self.writer is None:
            from torch.utils.tensorboard import SummaryWriter  # imports TensorBoard, which takes a second

            self.writer = SummaryWriter(self.folder, purge_step=run.epoch + 1)

    def epoch_end(self, run: Any) -> None:
        """Write."""
        for name, values in run.history.items():
            self.writer.add_scalar(name, values[-1], run.epoch)
        if self.histograms:
            for name, parameter in run.model.named_parameters():
                self.writer.add_histogram(name, np.asarray(parameter.detach().numpy()), run.epoch)
        self.writer.flush()

    def end(self, run: Any) -> None:
        """Close the file."""
        if self.writer is not None:
            self.writer.close()
            self.writer = None
