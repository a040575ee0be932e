"""JAX on the CPU, the whole step compiled. https://github.com/jax-ml/jax"""

from __future__ import annotations

import os
from functools import partial
from typing import Any

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import jax.numpy as jnp
import numpy as np


def _loss(parameters: dict[str, Any], x: Any, target: Any) -> Any:
    h = x
    count = len(parameters) // 2
    for k in range(1, count + 1):
        h = h @ parameters[f"layer{k}.weight"].T + parameters[f"layer{k}.bias"]
        if k < count:
            h = jax.nn.relu(h)
    logarithms = jax.nn.log_softmax(h)
    return -jnp.take_along_axis(logarithms, target[:, None], axis=1).mean()


@partial(jax.jit, donate_argnums=(0, 1))
def _update(
    parameters: dict[str, Any], velocity: dict[str, Any], x: Any, target: Any, learning_rate: float, momentum: float
) -> Any:
    loss, gradients = jax.value_and_grad(_loss)(parameters, x, target)
    velocity = {name: momentum * velocity[name] + gradients[name] for name in velocity}
    return {name: parameters[name] - learning_rate * velocity[name] for name in parameters}, velocity, loss


class Network:
    """See the package."""

    def __init__(self, parameters: dict[str, Any], *, momentum: float) -> None:
        self.parameters = {name: jnp.array(value) for name, value in parameters.items()}
        self.velocity = {name: jnp.zeros_like(value) for name, value in self.parameters.items()}
        self.momentum = momentum

    def state_dict(self) -> dict[str, Any]:
        """By name."""
        return {name: np.asarray(value) for name, value in self.parameters.items()}

    def step(self, x: Any, target: Any, learning_rate: float) -> float:
        """One update → the loss before it."""
        self.parameters, self.velocity, loss = _update(
            self.parameters, self.velocity, x, target, learning_rate, self.momentum
        )
        return float(loss)
