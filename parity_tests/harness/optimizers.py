"""The adapter for optimizers: judged by the trajectory of the parameters over given gradients.

A case of an optimizer has as arrays its parameters and then, one for each parameter, the gradients of all steps,
stacked: (steps, *shape). Options are those of the constructor, and `missing`: pairs (step, parameter) at which the
parameter has no gradient. What comes out is each parameter after every step, stacked. Nothing is differentiated.
"""

from __future__ import annotations

import importlib
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch

from .adapter import Adapter
from .candidate import tree_of


def optimizer(class_name: str) -> Adapter:
    """An adapter for the optimizer class of that name."""

    def candidate(module: ModuleType) -> Any:
        tensor = importlib.import_module(f"{tree_of(module)}.autograd.tensor").Tensor

        def forward(*arrays: Any, missing: tuple[tuple[int, int], ...] = (), **options: Any) -> Any:
            count = len(arrays) // 2
            parameters = [tensor(array.copy(), requires_grad=True) for array in arrays[:count]]
            chosen = getattr(module, class_name)(parameters, **options)
            path: list[list[Any]] = [[] for _ in parameters]
            for step in range(len(arrays[count])):
                for i, parameter in enumerate(parameters):
                    parameter.grad = None if (step, i) in missing else tensor(arrays[count + i][step].copy())
                chosen.step()
                for i, parameter in enumerate(parameters):
                    path[i].append(parameter.detach().numpy().copy())
            results = tuple(np.stack(points) for points in path)
            return results[0] if count == 1 else results

        return SimpleNamespace(__name__=module.__name__, forward=forward)

    def reference(module: ModuleType) -> Any:
        def forward(*tensors: Any, missing: tuple[tuple[int, int], ...] = (), **options: Any) -> Any:
            count = len(tensors) // 2
            parameters = [tensor.detach().clone().requires_grad_() for tensor in tensors[:count]]
            # All at once: in a measurement of noise each operation of PyTorch takes ten times as long as usual.
            gradients = [tensor.detach().clone().unbind() for tensor in tensors[count:]]
            chosen = getattr(module, class_name)(parameters, **options)
            path: list[list[Any]] = [[] for _ in parameters]
            for step in range(len(tensors[count])):
                for i, parameter in enumerate(parameters):
                    parameter.grad = None if (step, i) in missing else gradients[i][step]
                chosen.step()
                with torch.no_grad():
                    for points, parameter in zip(path, parameters, strict=True):
                        points.append(parameter.clone())
            return tuple(torch.stack(points) for points in path)

        count = 8  # more parameters than any case has
        names = [f"parameter[{i}]" for i in range(count)]
        return SimpleNamespace(__name__=module.__name__, forward=forward, argument_names=names)

    return Adapter(candidate, reference, any_layout=False, samples=3)
