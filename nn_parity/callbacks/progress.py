"""A bar over the batches of an epoch, and a line for each epoch that is over. In a pipe: the lines alone."""

from __future__ import annotations

from typing import Any

import rich.progress
from rich.console import Console

from .callback import Callback


class Progress(Callback):
    """console: where to; by default the standard output."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, markup=False)
        self.bar: rich.progress.Progress | None = None
        self.job = rich.progress.TaskID(0)

    def epoch_begin(self, run: Any) -> None:
        """A new bar."""
        columns = (
            rich.progress.BarColumn(24),
            rich.progress.MofNCompleteColumn(),
            rich.progress.TextColumn("{task.description}"),
        )
        self.bar = rich.progress.Progress(
            *columns, console=self.console, transient=True, disable=not self.console.is_terminal
        )
        self.job = self.bar.add_task("", total=len(run.data) if hasattr(run.data, "__len__") else None)
        self.bar.start()

    def after_step(self, run: Any) -> None:
        """One batch more."""
        if self.bar is not None:
            self.bar.update(self.job, advance=1, description=f"loss {run.batch_loss:.4f}")

    def epoch_end(self, run: Any) -> None:
        """The figures of the epoch."""
        if self.bar is not None:
            self.bar.stop()
        figures = "  ".join(f"{name} {values[-1]:.4g}" for name, values in run.history.items())
        self.console.print(f"epoch {run.epoch:>{len(str(run.epochs))}}/{run.epochs}  {figures}")
