"""How far the ratios of a run are to be trusted, and what has become slower since another run.

Two runs are compared by their ratios to PyTorch, not by their times: a machine that is slow today is slow for both
sides. A workload counts as slower when its ratio has grown by more than is allowed and the spreads of the two do not
touch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .programs import SCRATCH

Key = tuple[str, str, str, int]


@dataclass(frozen=True)
class Change:
    """One workload, then and now."""

    key: Key
    before: float
    after: float
    certain: bool  # the spreads do not touch

    @property
    def factor(self) -> float:
        """Above 1: slower than before."""
        return self.after / self.before

    def regressed(self, allowed: float) -> bool:
        """Whether it is slower by more than a share: 0.25 for a quarter."""
        return self.certain and self.factor > 1 + allowed

    @property
    def name(self) -> str:
        """For people."""
        component, size, direction, threads = self.key
        return f"{component} · {size} · {direction}" + (f" · {threads} threads" if threads > 1 else "")


def spread(run: Mapping[str, Any]) -> str:
    """How wide the intervals of all ratios are, in words; nothing where there is none."""
    ratios = [ratio for result in run["results"] for ratio in result["ratios"].values()]
    spans = sorted(ratio["high"] / ratio["low"] - 1 for ratio in ratios)
    if not spans:
        return ""
    half, most = (spans[int(share * (len(spans) - 1))] for share in (0.5, 0.9))
    return f"half of the intervals span up to {half:.0%}, nine of ten up to {most:.0%}, the widest {spans[-1]:.0%}"


def neighbours(run: Mapping[str, Any]) -> str:
    """How calm the machine was, in words; nothing where nobody has looked."""
    calm = run.get("calm")
    if not calm or not calm["readings"]:
        return ""
    share, minutes = calm["disturbed"] / calm["readings"], calm["seconds_waited"] / 60
    return f"neighbours: {share:.0%} of the readings were disturbed, {minutes:.1f} minutes were spent waiting"


def key(result: Mapping[str, Any]) -> Key:
    """What makes two results the same workload."""
    return result["component"], result["size"], result["direction"], result["threads"]


def changes(before: Mapping[str, Any], after: Mapping[str, Any], side: str = SCRATCH) -> list[Change]:
    """The workloads that are in both runs, the worst change first."""
    old = {key(result): result["ratios"][side] for result in before["results"] if side in result["ratios"]}
    found = []
    for result in after["results"]:
        then, now = old.get(key(result)), result["ratios"].get(side)
        if then and now:
            apart = now["low"] > then["high"] or now["high"] < then["low"]
            found.append(Change(key(result), then["value"], now["value"], apart))
    return sorted(found, key=lambda change: -change.factor)
