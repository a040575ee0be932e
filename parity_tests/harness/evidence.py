"""A tick needs evidence: what a check has seen over all its draws, and whether that was enough to mean anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

FEW = 8  # draws below which nothing can be said
MANY = 16  # draws below which a share may be small by chance


class Vacuous(Exception):
    """The harness proved nothing. Its own failure, never a pass."""


@dataclass
class Evidence:
    """Counts over the draws of one check of one row."""

    draws: int = 0
    compared: int = 0  # array elements
    worst: float = 0.0  # the largest error in units of noise, to within one unit
    gradients: Counter[str] = field(default_factory=Counter)  # draws in which an argument has a gradient to compare
    nonzero: Counter[str] = field(default_factory=Counter)  # … and that gradient is not zero everywhere
    differences: Counter[str] = field(default_factory=Counter)  # finite differences: "asked", "decided"

    @property
    def no_news(self) -> float:
        """An error up to which it need not be known exactly: one unit is what rounding does, and worse was seen."""
        return max(self.worst, 1.0)

    def saw(self, error: float, elements: int) -> None:
        """One array was compared."""
        self.worst = max(self.worst, error)
        self.compared += elements

    def saw_gradient(self, name: str, truth: Any) -> None:
        """One reference gradient was compared. Empty ones say nothing about zeros."""
        if truth.size:
            self.gradients[name] += 1
            self.nonzero[name] += bool(np.any(truth != 0))

    def saw_difference(self, *, decided: bool) -> None:
        """A finite difference was asked; `decided` when it was sharp enough to tell right from wrong."""
        self.differences["asked"] += 1
        self.differences["decided"] += decided

    def verify(self) -> None:
        """Raise Vacuous where the draws cannot have shown anything."""
        if not self.draws:
            raise Vacuous("the check never ran on a drawn case")
        if not self.compared:
            raise Vacuous(f"nothing was compared in {self.draws} draws: every array was empty")
        for name, seen in self.gradients.items():
            if _too_few(self.nonzero[name], seen):
                raise Vacuous(
                    f"the reference gradient {name} is zero everywhere in {seen - self.nonzero[name]} of {seen} "
                    "draws: a backward that returns zeros would pass"
                )
        asked, decided = self.differences["asked"], self.differences["decided"]
        if _too_few(decided, asked):
            raise Vacuous(f"only {decided} of {asked} finite differences were sharp enough to judge by")


def _too_few(good: int, seen: int) -> bool:
    """Whether less than an eighth of the draws were good for something; of a few draws, whether none was."""
    return 8 * good < seen if seen >= MANY else seen >= FEW and not good
