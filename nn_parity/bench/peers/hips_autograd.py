"""HIPS autograd: NumPy with a tape underneath. https://github.com/HIPS/autograd"""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp  # type: ignore[import-untyped,import-not-found,unused-ignore]
import numpy as np
from autograd import value_and_grad


def _loss(parameters: dict[str, Any], x: Any, target: Any) -> Any:
    h = x
    count = len(parameters) // 2
    for k in range(1, count + 1):
        h = anp.dot(h, parameters[f"layer{k}.weight"].T) + parameters[f"layer{k}.bias"]
        if k < count:
            h = anp.maximum(h, np.float32(0))
    shifted = h - anp.max(h, axis=1, keepdims=True)
    log_sum = anp.log(anp.sum(anp.exp(shifted), axis=1))
    return anp.mean(log_sum - shifted[np.arange(len(target)), target])


class Network:
    """See the package."""

    def __init__(self, parameters: dict[str, Any], *, momentum: float) -> None:
        self.parameters = {name: value.copy() for name, value in parameters.items()}
        self.velocity = {name: np.zeros_like(value) for name, value in parameters.items()}
        self.momentum = momentum
        self.differentiate = value_and_grad(_loss)

    def state_dict(self) -> dict[str, Any]:
        """By name."""
        return self.parameters

    def step(self, x: Any, target: Any, learning_rate: float) -> float:
        """One update → the loss before it."""
        loss, gradients = self.differentiate(self.parameters, x, target)
        for name, parameter in self.parameters.items():
            velocity = self.velocity[name]
            velocity *= self.momentum
            velocity += gradients[name]
            parameter -= learning_rate * velocity
        return float(loss)
