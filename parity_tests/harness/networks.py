"""The adapter for what only shows in use: a base class, a container, a family of layers, judged as part of a network.

A case is as for a layer: inputs, then the state; the options go to the function that builds the network.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import cache, partial
from types import ModuleType
from typing import Any

import torch

from . import candidate, reference
from .adapter import Adapter
from .layers import layer


def network(
    build: Callable[..., Any],
    *,
    inputs: Sequence[str] = ("x",),
    state: Sequence[str] = (),
    buffers: Sequence[str] = (),
    any_layout: bool = True,
) -> Adapter:
    """An adapter for what only shows in use: `build(nn, **options)` makes a network, with the names of either side.

    any_layout=False where layers that were judged in all layouts are only put together.
    `nn` has the classes of the module that is judged, and whatever else torch.nn has too, from the side that it is on;
    `nn.tensor(array)` is a tensor of that side. One text for both: that is what it means for names to be the same.
    """
    made = layer("Network", inputs=inputs, state=state, buffers=buffers)

    def ours(module: ModuleType) -> Any:
        package = (module.__package__ or "").split(".")[0]
        tensor = importlib.import_module(f"{package}.autograd.tensor").Tensor
        return made.candidate(_Side(module, partial(candidate.load, package), build, tensor))  # type: ignore[arg-type]

    def theirs(module: ModuleType) -> Any:
        return made.reference(_Side(module, reference.load, build, torch.from_numpy))  # type: ignore[arg-type]

    return Adapter(ours, theirs, any_layout)


class _Side:
    """The namespace `nn` of one side, and in the place of a module the network that was built from it."""

    def __init__(self, module: ModuleType, load: Callable[[str], ModuleType], build: Any, tensor: Any) -> None:
        self.__name__, self.__package__ = module.__name__, module.__package__
        self._module, self._load, self._build, self.tensor = module, load, build, tensor

    def Network(self, **options: Any) -> Any:  # noqa: N802  # the name of a class, to whoever calls it
        return self._build(self, **options)

    def __getattr__(self, name: str) -> Any:
        if hasattr(self._module, name):
            return getattr(self._module, name)
        if name not in homes():
            raise AttributeError(f"no component of nn has {name}")
        return getattr(self._load(homes()[name]), name)


@cache
def homes() -> dict[str, str]:
    """The component in which each class of torch.nn is: `nn.linear` for Linear."""
    folder = importlib.import_module("reference_torch.nn")
    names = [found.name for found in pkgutil.iter_modules(folder.__path__, "nn.")]
    return {key: name for name in reversed(names) for key in vars(reference.load(name)) if not key.startswith("_")}
