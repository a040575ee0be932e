"""How well a network does on data that it has not seen: one number, the same for both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .data.dataset import Array


@dataclass(frozen=True)
class Score:
    """A figure made of all answers and all targets. `percent`: a share, between 0 and 1."""

    name: str
    of: Callable[[Array, Array], float]
    higher_is_better: bool = True
    percent: bool = False

    def reached(self, value: float, goal: float) -> bool:
        """Whether a value is as good as the goal. NaN never is."""
        return value >= goal if self.higher_is_better else value <= goal

    def text(self, value: float) -> str:
        """For people, rounded to the bad side: what is printed as 97.80 % is not 97.796 %."""
        factor = 10_000.0
        if not np.isfinite(value):
            return str(value)
        rounded = np.floor(value * factor) if self.higher_is_better else np.ceil(value * factor)
        return f"{rounded / 100:.2f} %" if self.percent else f"{rounded / factor:.4f}"


def share_right(tolerance: float = 0.0) -> Callable[[Array, Array], float]:
    """The share of answers that are at most `tolerance` off: with 0, the accuracy of a classifier."""

    def of(predicted: Array, targets: Array) -> float:
        require_one_answer_each(predicted, targets)
        with np.errstate(invalid="ignore"):
            return float(np.mean(np.abs(predicted.astype(np.float64) - targets) <= tolerance))

    return of


def require_one_answer_each(predicted: Array, targets: Array) -> None:
    """Raise ValueError for answers of another shape, which would broadcast."""
    if predicted.shape != targets.shape:
        raise ValueError(f"predict must give one answer per target; got {predicted.shape} for {targets.shape}")


ACCURACY = Score("accuracy", share_right(), percent=True)


def _root_mean_square_error(predicted: Array, targets: Array) -> float:
    require_one_answer_each(predicted, targets)
    return float(np.sqrt(np.mean(np.square(predicted.astype(np.float64) - targets))))


ROOT_MEAN_SQUARE_ERROR = Score("error", _root_mean_square_error, higher_is_better=False)
