"""Callbacks that serve the `fit` of either side: they look at the run and the history, which both have alike."""

from .csv_log import CsvLog
from .progress import Progress
from .tensorboard_log import TensorBoardLog

__all__ = ["CsvLog", "Progress", "TensorBoardLog"]
