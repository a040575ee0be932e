"""State that goes from one side to the other, and names for test ids."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def names(values: Any) -> str | None:
    """The test id of a class; None, pytest's own choice, for everything else."""
    return values.__name__ if inspect.isclass(values) else None


def as_tensors(state: Any) -> Any:
    """Arrays become tensors, however deep they lie."""
    return converted(state, np.ndarray, torch.from_numpy)


def as_arrays(state: Any) -> Any:
    """Tensors become arrays."""
    return converted(state, torch.Tensor, lambda tensor: tensor.numpy())


def converted(state: Any, kind: type, convert: Callable[[Any], Any]) -> Any:
    """A state with everything of one kind converted, in dicts and lists too."""
    if isinstance(state, kind):
        return convert(state)
    if isinstance(state, dict):
        return {name: converted(value, kind, convert) for name, value in state.items()}
    if isinstance(state, list):
        return [converted(value, kind, convert) for value in state]
    return state
