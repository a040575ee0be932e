"""Statistics of outputs and gradients, by hooks."""

from collections import defaultdict
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from ..fit import Callback, Run


class Activation(NamedTuple):
    """The output of a layer at a step."""

    step: int
    mean: float
    std: float
    zeros: float


class Gradient(NamedTuple):
    """The gradient of a parameter at a step."""

    step: int
    mean: float
    std: float
    norm: float


class Statistics(Callback):
    """Looks at every layer and every parameter, every so many steps."""

    def __init__(self, every: int = 1) -> None:
        if every < 1:
            raise ValueError("every must be at least 1")
        self.every = every
        self.activations: dict[str, list[Activation]] = defaultdict(list)
        self.gradients: dict[str, list[Gradient]] = defaultdict(list)
        self.outputs: dict[str, Tensor] = {}
        self.hooks: list[Any] = []

    def begin(self, run: Run) -> None:
        """Watch every layer."""
        layers = [(name, module) for name, module in run.model.named_modules() if not list(module.children())]
        self.hooks = [module.register_forward_hook(partial(self._keep, name)) for name, module in layers]

    def _keep(self, name: str, module: nn.Module, inputs: Any, output: Tensor) -> None:
        self.outputs[name] = output.detach()

    @torch.no_grad()
    def before_step(self, run: Run) -> None:
        """Take the figures."""
        if run.step % self.every == 0:
            for name, y in self.outputs.items():
                zeros = (y == 0).double().mean().item()
                std = y.std(correction=0).item()
                self.activations[name].append(Activation(run.step, y.mean().item(), std, zeros))
            for name, parameter in run.model.named_parameters():
                if (g := parameter.grad) is not None:
                    std = g.std(correction=0).item()
                    self.gradients[name].append(Gradient(run.step, g.mean().item(), std, g.norm().item()))

    def end(self, run: Run) -> None:
        """Watch no more."""
        for hook in self.hooks:
            hook.remove()
