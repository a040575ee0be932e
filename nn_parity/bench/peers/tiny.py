"""tinygrad on the CPU, the step captured by its JIT. https://github.com/tinygrad/tinygrad"""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DEV", "CPU")

import numpy as np
from tinygrad import Tensor, TinyJit  # type: ignore[import-not-found,unused-ignore]
from tinygrad.nn.optim import SGD  # type: ignore[import-not-found,unused-ignore]


class Network:
    """See the package."""

    def __init__(self, parameters: dict[str, Any], *, momentum: float) -> None:
        self.parameters = {name: Tensor(value.copy()).realize() for name, value in parameters.items()}
        for parameter in self.parameters.values():
            parameter.requires_grad_(True)
        self.optimizer = SGD(list(self.parameters.values()), lr=0.0, momentum=momentum)
        self.captured = TinyJit(self._update)

    def state_dict(self) -> dict[str, Any]:
        """By name."""
        return {name: value.numpy() for name, value in self.parameters.items()}

    def step(self, x: Any, target: Any, learning_rate: float) -> float:
        """One update → the loss before it."""
        self.optimizer.lr.assign(Tensor([learning_rate], dtype=self.optimizer.lr.dtype)).realize()
        with Tensor.train():
            loss = self.captured(Tensor(x).realize(), Tensor(target.astype(np.int32)).realize())
        return float(loss.item())

    def _update(self, x: Any, target: Any) -> Any:
        self.optimizer.zero_grad()
        h = x
        count = len(self.parameters) // 2
        for k in range(1, count + 1):
            h = h.linear(self.parameters[f"layer{k}.weight"].T, self.parameters[f"layer{k}.bias"])
            if k < count:
                h = h.relu()
        loss = h.sparse_categorical_crossentropy(target).backward()
        return loss.realize(*self.optimizer.schedule_step())
