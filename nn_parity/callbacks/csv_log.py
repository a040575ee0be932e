"""The history of a training as a table in a file, a line for each epoch, as soon as it is over."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

from .callback import Callback


class CsvLog(Callback):
    """Writes epoch, loss, lr and whatever else the history has.

    The file is written anew from the history after each epoch, so that it is right too for a training that was resumed
    from an earlier epoch than the last one in it.
    """

    def __init__(self, file: str | os.PathLike[str]) -> None:
        self.file = Path(file)

    def epoch_end(self, run: Any) -> None:
        """Write."""
        with self.file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(["epoch", *run.history])
            for epoch, figures in enumerate(zip(*run.history.values(), strict=True), start=1):
                writer.writerow([epoch, *figures])
