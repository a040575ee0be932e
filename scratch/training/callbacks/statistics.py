"""Statistics of a network from the inside: what its layers put out, and what gradients its parameters get.

    of each layer's output         mean, standard deviation, share of zeros
    of each parameter's gradient   mean, standard deviation, Euclidean norm

A loss that does not fall says that something is wrong; these say where. Standard deviations that shrink from layer to
layer (signals or gradients vanish) or grow (they explode) point to the initialisation or to a missing normalization;
a share of zeros near 1 behind a ReLU means neurons that are dead; a norm that is a hundred times that of the steps
before is a batch that gradient clipping is for.

Outputs are seen through forward hooks; both are written down at the moment when the gradients of a batch are complete
and nothing has moved yet. A layer is a module without children.

Source: Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", whose figures
are of this kind. PyTorch: register_forward_hook.
"""

import math
from typing import Any, NamedTuple

from ...nn.module import Handle
from ...types import Array
from ..fit import Callback, Run


class Activation(NamedTuple):
    """The output of a layer at a step."""

    step: int
    mean: float
    std: float
    zeros: float  # the share of elements that are exactly 0


class Gradient(NamedTuple):
    """The gradient of a parameter at a step."""

    step: int
    mean: float
    std: float
    norm: float


class Statistics(Callback):
    """every: how many steps from one look to the next. Raises ValueError for less than one.

    activations, gradients: for each layer and each parameter, by its name, what was seen.
    """

    def __init__(self, every: int = 1) -> None:
        if every < 1:
            raise ValueError(f"every must be at least 1 step; got {every}")
        self.every = every
        self.activations: dict[str, list[Activation]] = {}
        self.gradients: dict[str, list[Gradient]] = {}
        self.outputs: dict[str, Array] = {}  # of the batch at hand
        self.hooks: list[Handle] = []

    def begin(self, run: Run) -> None:
        """Watch every layer."""
        for name, module in run.model.named_modules():
            if not any(True for _ in module.children()):
                self.hooks.append(module.register_forward_hook(self._hook(name)))

    def end(self, run: Run) -> None:
        """Watch no more."""
        for hook in self.hooks:
            hook.remove()
        self.hooks = []

    def before_step(self, run: Run) -> None:
        """Take the figures of this batch."""
        if run.step % self.every:
            return
        for name, y in self.outputs.items():
            seen = Activation(run.step, float(y.mean()), float(y.std()), float((y == 0).mean()))
            self.activations.setdefault(name, []).append(seen)
        for name, parameter in run.model.named_parameters():
            if parameter.grad is not None:
                g = parameter.grad.data
                found = Gradient(run.step, float(g.mean()), float(g.std()), math.sqrt(float((g * g).sum())))
                self.gradients.setdefault(name, []).append(found)

    def _hook(self, name: str) -> Any:
        def keep(module: Any, inputs: Any, output: Any) -> None:
            self.outputs[name] = output.data

        return keep
