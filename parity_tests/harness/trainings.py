"""The adapter for what belongs to a training: loops, loaders, callbacks, judged by a script that uses them.

A row gives a script: a function of a `Side`, of the arrays of the case and of its options. It is written once, in the
names that both sides share, and runs on either. What it returns, numbers, lists and arrays, is compared.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch

from . import candidate, reference
from .adapter import Adapter

Script = Callable[..., tuple[Any, ...]]  # (side, *arrays, **options) → results


class Side:
    """The components of one side, with the one that is judged in its place."""

    def __init__(self, module: ModuleType, name: str, load: Callable[[str], Any], tensor: Any, dtype: Any) -> None:
        self.judged = module
        self.tensor = tensor  # makes a tensor of what the script was given
        self._name = name
        self._load = load
        self._dtype = dtype  # of the parameters of a network

    def load(self, name: str) -> Any:
        """A component by its name in the tree."""
        return self.judged if name == self._name else self._load(name)

    def network(self, hidden: Any, out: Any, *, p: float = 0.0) -> Any:
        """Of linear, tanh, dropout and linear, on x: (N, I); hidden: (H, I) and out: (O, H) are its weights."""
        linear, activations = self.load("nn.linear").Linear, self.load("nn.activations")
        layers = [linear(hidden.shape[1], len(hidden), bias=False), activations.Tanh()]
        layers += [self.load("nn.dropout").Dropout(p, generator=3)] if p else []
        layers += [linear(len(hidden), len(out), bias=False)]
        model = self.in_a_row(*layers)
        model.load_state_dict({"0.weight": hidden, f"{len(layers) - 1}.weight": out})
        return model

    def in_a_row(self, *layers: Any) -> Any:
        """Layers one after the other, in the dtype of the case."""
        return self._dtype(self.load("nn.sequential").Sequential(*layers))


def training(name: str, script: Script) -> Adapter:
    """An adapter for the component of that name: what `script` finds with it."""

    def ours(module: ModuleType) -> Any:
        package = candidate.tree_of(module)
        tensor = importlib.import_module(f"{package}.autograd.tensor").Tensor

        def forward(*arrays: Any, **options: Any) -> Any:
            dtype = _dtype_of(arrays)
            side = Side(module, name, partial(candidate.load, package), tensor, lambda model: model.to(dtype))
            return tuple(_as_array(part, dtype) for part in script(side, *(a.copy() for a in arrays), **options))

        return SimpleNamespace(__name__=module.__name__, forward=forward)

    def theirs(module: ModuleType) -> Any:
        def forward(*tensors: Any, **options: Any) -> Any:
            kind = next((t.dtype for t in tensors if t.is_floating_point()), torch.float64)
            dtype = torch.empty(0, dtype=kind).numpy().dtype
            side = Side(module, name, reference.load, lambda array: array, lambda model: model.to(kind))
            found = script(side, *(t.detach().clone() for t in tensors), **options)
            return tuple(torch.from_numpy(np.array(_as_array(part, dtype))) for part in found)

        names = [f"array[{i}]" for i in range(8)]
        return SimpleNamespace(__name__=module.__name__, forward=forward, argument_names=names)

    return Adapter(ours, theirs, any_layout=False, samples=3)


def _dtype_of(arrays: Any) -> Any:
    return next((a.dtype for a in arrays if a.dtype.kind == "f"), np.dtype(np.float64))


def _as_array(part: Any, dtype: Any) -> Any:
    """Arrays and tensors as they are; Python floats in the dtype of the case, whole numbers in int64."""
    if hasattr(part, "detach"):
        return part.detach().numpy()
    if isinstance(part, np.ndarray):
        return part
    array = np.array(part)
    return array.astype(dtype if array.dtype.kind == "f" else np.int64)
