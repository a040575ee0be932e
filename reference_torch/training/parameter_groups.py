"""Groups of parameters with learning rates of their own, for any optimizer of PyTorch."""

from collections.abc import Mapping
from fnmatch import filter as matching
from typing import Any

from torch import nn


def parameter_groups(model: nn.Module, rates: Mapping[str, float]) -> list[dict[str, Any]]:
    """rates: pattern → learning rate; the first pattern that matches decides."""
    parameters = dict(model.named_parameters())
    left = [name for name, parameter in parameters.items() if parameter.requires_grad]
    groups: list[dict[str, Any]] = []
    for pattern, rate in rates.items():
        if not matching(parameters, pattern):
            raise ValueError(f"{pattern} matches no parameter")
        chosen = matching(left, pattern)
        left = [name for name in left if name not in chosen]
        groups += [{"params": [parameters[name] for name in chosen], "lr": rate}] if chosen else []
    if left:
        raise ValueError(f"no pattern matches {left}")
    return groups
