"""The adapter for initializers: judged by what they make of given random numbers.

A case has one array, the random numbers: from [0, 1) for a uniform initializer, standard normal ones otherwise. Options
are `initializer`, which of the functions of the file, and its arguments. On our side the numbers come from the
generator, which is an argument. PyTorch draws its own, in `Tensor.uniform_` and `Tensor.normal_`: for the time of the
call these two use the given ones. Everything around them is PyTorch's own code.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch

from .adapter import Adapter


def _candidate(module: ModuleType) -> Any:
    package = (module.__package__ or "").split(".")[0]
    tensor = importlib.import_module(f"{package}.autograd.tensor").Tensor

    def forward(numbers: Any, *, initializer: str, **options: Any) -> Any:
        def draw(shape: tuple[int, ...], dtype: Any = None) -> Any:
            return np.array(numbers.reshape(shape), dtype)

        if initializer not in TAKES_NO_NUMBERS:
            options["generator"] = SimpleNamespace(random=draw, standard_normal=draw)
        x = tensor(np.full_like(numbers, np.nan), requires_grad=True)
        result = getattr(module, initializer)(x, **options)
        if result is not x:
            raise TypeError(f"{initializer} must fill the tensor and return it")
        return x.detach().numpy()

    return SimpleNamespace(__name__=module.__name__, forward=forward)


def _reference(module: ModuleType) -> Any:
    def forward(numbers: Any, *, initializer: str, **options: Any) -> Any:
        with _drawn(numbers):
            return getattr(module, initializer)(torch.full_like(numbers, torch.nan), **options)

    return SimpleNamespace(__name__=module.__name__, forward=forward, argument_names=("numbers",))


@contextmanager
def _drawn(numbers: torch.Tensor) -> Iterator[None]:
    """PyTorch's random numbers are these. What it checks before it draws, it goes on checking."""
    uniform, normal, generator = torch.Tensor.uniform_, torch.Tensor.normal_, torch.Generator()

    def given_uniform(x: Any, a: float = 0, b: float = 1, **_: Any) -> Any:
        uniform(x, a, b, generator=generator)
        return x.copy_(a + (b - a) * numbers.reshape(x.shape))

    def given_normal(x: Any, mean: float = 0, std: float = 1, **_: Any) -> Any:
        normal(x, mean, std, generator=generator)
        return x.copy_(mean + std * numbers.reshape(x.shape))

    torch.Tensor.uniform_, torch.Tensor.normal_ = given_uniform, given_normal  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        torch.Tensor.uniform_, torch.Tensor.normal_ = uniform, normal  # type: ignore[method-assign]


TAKES_NO_NUMBERS = ("zeros_", "ones_", "constant_")
INITIALIZER = Adapter(_candidate, _reference, any_layout=False)
