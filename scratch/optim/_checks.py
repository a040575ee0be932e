"""What optimizers and schedules demand of their options. Each comparison is written so that NaN fails it."""

from collections.abc import Mapping
from typing import Any


def at_least_zero(options: Mapping[str, Any], *names: str) -> None:
    """Raise ValueError unless each of these options is 0 or more."""
    for name in names:
        if not options[name] >= 0:
            raise ValueError(f"{name} must be at least 0; got {options[name]}")


def above_zero(options: Mapping[str, Any], *names: str) -> None:
    """Raise ValueError unless each of these options is more than 0."""
    for name in names:
        if not options[name] > 0:
            raise ValueError(f"{name} must be above 0; got {options[name]}")


def decay_rates(name: str, *rates: float) -> None:
    """Raise ValueError unless each is the rate of an average that forgets: from 0 up to, and not including, 1."""
    if not all(0 <= rate < 1 for rate in rates):
        raise ValueError(f"{name} must be at least 0 and below 1; got {', '.join(map(str, rates))}")
