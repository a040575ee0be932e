"""The moments of a training: what `Callback` is in training/fit.py of either tree, which this side cannot import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Callback:
    """Does nothing at any moment, and has nothing to remember."""

    def begin(self, run: Any) -> None:
        """The training begins."""

    def epoch_begin(self, run: Any) -> None:
        """An epoch begins."""

    def before_step(self, run: Any) -> None:
        """The gradients of a batch are there."""

    def after_step(self, run: Any) -> None:
        """The parameters have moved."""

    def epoch_end(self, run: Any) -> None:
        """An epoch is over."""

    def end(self, run: Any) -> None:
        """The training is over."""

    def state_dict(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Nothing."""
