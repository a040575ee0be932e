"""The training loop in PyTorch."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

Metric = Callable[[Tensor, Tensor], Any]


class Callback:
    """What a callback may do, and when."""

    def begin(self, run: "Run") -> None:
        """The training begins."""

    def epoch_begin(self, run: "Run") -> None:
        """An epoch begins; the model is in training mode."""

    def before_step(self, run: "Run") -> None:
        """The gradients are there."""

    def after_step(self, run: "Run") -> None:
        """The parameters have moved."""

    def epoch_end(self, run: "Run") -> None:
        """An epoch is over."""

    def end(self, run: "Run") -> None:
        """The training is over."""

    def state_dict(self) -> dict[str, Any]:
        """What it has to remember."""
        return {}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Remember it again."""


@dataclass
class Run:
    """A training and how far it is."""

    model: nn.Module
    data: Any
    loss: Callable[..., Tensor]
    optimizer: Optimizer
    epochs: int
    callbacks: Sequence[Any]
    epoch: int = 0
    step: int = 0
    batch_loss: float = float("nan")
    stop: bool = False
    history: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def state_dict(self) -> dict[str, Any]:
        """How far it is."""
        return {"epoch": self.epoch, "step": self.step, "stop": self.stop, "history": dict(self.history)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Be as far as that."""
        self.epoch, self.step, self.stop = state_dict["epoch"], state_dict["step"], state_dict["stop"]
        self.history = defaultdict(list, {name: [*values] for name, values in state_dict["history"].items()})

    def call(self, moment: str) -> None:
        """Tell all callbacks."""
        for callback in self.callbacks:
            getattr(callback, moment)(self)


def fit(
    model: nn.Module,
    data: Any,
    loss: Callable[..., Tensor],
    optimizer: Optimizer,
    *,
    epochs: int,
    validation: Any = None,
    metrics: Mapping[str, Metric] | None = None,
    callbacks: Sequence[Any] = (),
) -> dict[str, list[float]]:
    """Train a model → its history."""
    if epochs < 1:
        raise ValueError("epochs must be at least 1")
    run = Run(model, data, loss, optimizer, epochs, callbacks)
    run.call("begin")
    while not run.stop and run.epoch < epochs:
        model.train()
        run.call("epoch_begin")
        losses = train_epoch(run)
        run.history["loss"].append(losses)
        run.history["lr"].append(optimizer.param_groups[0]["lr"])
        if validation is not None:
            for name, value in evaluate(model, validation, loss, metrics).items():
                run.history[f"val_{name}"].append(value)
        run.epoch += 1
        run.call("epoch_end")
    run.call("end")
    return dict(run.history)


def train_epoch(run: Run) -> float:
    """Once through the data → the mean loss."""
    losses, sizes = [], []
    for batch in run.data:
        *inputs, target = batch
        loss = run.loss(run.model(*inputs), target)
        run.optimizer.zero_grad()
        loss.backward()
        run.call("before_step")
        run.optimizer.step()
        run.batch_loss = loss.item()
        run.step += 1
        if not loss.isfinite():
            raise FloatingPointError(f"the loss is {run.batch_loss} at step {run.step}")
        losses.append(run.batch_loss)
        sizes.append(len(target))
        run.call("after_step")
    return _mean(losses, sizes)


@torch.no_grad()
def evaluate(
    model: nn.Module, data: Any, loss: Callable[..., Tensor], metrics: Mapping[str, Metric] | None = None
) -> dict[str, float]:
    """The loss over the data, and each metric, in inference mode."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    batches = [(model(*inputs), target) for *inputs, target in data]
    for module, mode in modes.items():
        module.training = mode
    losses = [loss(output, target).item() for output, target in batches]
    found = {"loss": _mean(losses, [len(target) for _, target in batches])}
    outputs, targets = (torch.cat(parts) for parts in zip(*batches, strict=True))
    return {**found, **{name: float(metric(outputs, targets)) for name, metric in (metrics or {}).items()}}


def _mean(values: list[float], weights: list[int]) -> float:
    if not sum(weights):
        raise ValueError("no data")
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
