"""tinygrad on the CPU, the step captured by its JIT. https://github.com/tinygrad/tinygrad"""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DEV", "CPU")

import numpy as np
from tinygrad import Tensor, TinyJit  # type: ignore[attr-defined, unused-ignore]


class Network:
    """See the package."""

    def __init__(self, parameters: dict[str, Any], *, momentum: float) -> None:
        self.parameters = {name: Tensor(value.copy()).realize() for name, value in parameters.items()}
        self.velocity = [Tensor(np.zeros_like(value)).contiguous().realize() for value in parameters.values()]
        self.momentum = momentum
        self.captured = TinyJit(self._update)

    def state_dict(self) -> dict[str, Any]:
        """By name."""
        return {name: value.numpy() for name, value in self.parameters.items()}

    def step(self, x: Any, target: Any, learning_rate: float) -> float:
        """One update → the loss before it."""
        given = (x, target.astype(np.int32), np.array([learning_rate], np.float32))
        return float(self.captured(*(Tensor(np.ascontiguousarray(array)).realize() for array in given)).item())

    def _update(self, x: Any, target: Any, learning_rate: Any) -> Any:
        h = x
        count = len(self.parameters) // 2
        for k in range(1, count + 1):
            h = h.linear(self.parameters[f"layer{k}.weight"].T, self.parameters[f"layer{k}.bias"])
            if k < count:
                h = h.relu()
        loss = h.sparse_categorical_crossentropy(target)
        tensors = list(self.parameters.values())
        for parameter, velocity, gradient in zip(tensors, self.velocity, loss.gradient(*tensors), strict=True):
            velocity.assign(self.momentum * velocity + gradient)
            parameter.assign(parameter - learning_rate * velocity)
        return loss.realize(*self.velocity, *tensors)
