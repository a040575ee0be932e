"""The adapter for schedules: judged by the learning rates that they give an optimizer, step by step.

A case of a schedule has as arrays the learning rates of the groups, (groups,), and, for a schedule that looks at a
metric, the metric of every step, (steps,). Options are those of the constructor, and `steps` where there is no metric;
`optimizer`: whose learning rates it sets. What comes out is the learning rate of each group at the start and after
each step, (1 + steps, groups), and the same for its momentum, which some schedules turn too. They are Python numbers
on both sides, and handed over in the dtype of the learning rates given.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch

from .adapter import Adapter


def schedule(class_name: str) -> Adapter:
    """An adapter for the schedule class of that name."""

    def driven(module: ModuleType, parameter: Callable[[], Any]) -> Callable[..., tuple[list[Any], list[Any]]]:
        package = (module.__package__ or "").split(".")[0]

        def drive(
            learning_rates: Any, metrics: Any = None, *, steps: int = 0, optimizer: str = "SGD", **options: Any
        ) -> tuple[list[Any], list[Any]]:
            made = getattr(importlib.import_module(f"{package}.optim.{optimizer.lower()}"), optimizer)
            driver = made([{"params": [parameter()], "lr": float(lr)} for lr in learning_rates])
            chosen = getattr(module, class_name)(driver, **options)
            arguments: Sequence[tuple[Any, ...]] = [()] * steps if metrics is None else [(float(m),) for m in metrics]
            seen = [_state(driver)]
            for given in arguments:
                if not isinstance(driver, torch.optim.Optimizer):  # moves nothing, and PyTorch's takes its time for it
                    driver.step()
                chosen.step(*given)
                seen.append(_state(driver))
            return [lr for lr, _ in seen], [momentum for _, momentum in seen]

        return drive

    def candidate(module: ModuleType) -> Any:
        package = (module.__package__ or "").split(".")[0]
        tensor = importlib.import_module(f"{package}.autograd.tensor").Tensor
        drive = driven(module, lambda: tensor(np.zeros(1), requires_grad=True))

        def forward(*arrays: Any, **options: Any) -> Any:
            return tuple(np.array(path, arrays[0].dtype) for path in drive(*arrays, **options))

        return SimpleNamespace(__name__=module.__name__, forward=forward)

    def reference(module: ModuleType) -> Any:
        drive = driven(module, lambda: torch.zeros(1, requires_grad=True))

        def forward(*tensors: Any, **options: Any) -> Any:
            with warnings.catch_warnings():
                # No step of the optimizer comes first; SequentialLR calls what PyTorch 2.6 deprecates.
                warnings.simplefilter("ignore", UserWarning)
                return tuple(torch.tensor(path, dtype=tensors[0].dtype) for path in drive(*tensors, **options))

        return SimpleNamespace(__name__=module.__name__, forward=forward, argument_names=["learning_rates", "metrics"])

    return Adapter(candidate, reference, any_layout=False)


def _state(optimizer: Any) -> tuple[list[float], list[float]]:
    """The learning rate of each group, and its momentum: β₁ for Adam."""
    groups = optimizer.param_groups
    return [g["lr"] for g in groups], [g["betas"][0] if "betas" in g else g["momentum"] for g in groups]
