"""The training loop: epochs, batches, and for each batch forward, loss, backward, step.

    for epoch in range(epochs):
        for x, target in data:
            optimizer.zero_grad()                    gradients add up: those of the last batch must go
            loss(model(x), target).backward()
            optimizer.step()
        validate; let the callbacks look at it

It has no options for what may be wished for in a training. Whatever wants to watch or to intervene is a *callback*:
an object whose methods the loop calls at fixed moments, and which sees and may change everything, through the `Run`.
Stopping early, schedules, statistics and checkpoints are callbacks; they are in callbacks/.

    begin   ( epoch_begin   ( before_step  after_step )*   epoch_end )*   end

The training loss of an epoch is the mean over its examples while the network was changing; the validation loss is
measured after it, in inference mode, without gradients. Both weight each batch by its size, because the last may be
smaller.

PyTorch leaves the loop to its users; Keras: Model.fit, Callback.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..nn.module import Module
from ..optim.optimizer import Optimizer
from ..types import Array

Loss = Callable[[Any, Any], Any]
Metric = Callable[[Array, Array], Any]  # (outputs, targets) of all examples → a number


class Callback:
    """What a callback may do, and when. It writes the methods that it needs."""

    def begin(self, run: "Run") -> None:
        """The training begins."""

    def epoch_begin(self, run: "Run") -> None:
        """An epoch begins: the model has just been switched to training mode."""

    def before_step(self, run: "Run") -> None:
        """The gradients of a batch are there, and nothing has moved yet."""

    def after_step(self, run: "Run") -> None:
        """The parameters have moved; `run.batch_loss` is the loss before that."""

    def epoch_end(self, run: "Run") -> None:
        """An epoch is over; its figures are the last ones in `run.history`."""

    def end(self, run: "Run") -> None:
        """The training is over."""

    def state_dict(self) -> dict[str, Any]:
        """What it has to remember when a training is resumed."""
        return {}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Remember it again."""


class Run:
    """A training and how far it is: what callbacks see."""

    def __init__(
        self, model: Module, data: Any, loss: Loss, optimizer: Optimizer, epochs: int, callbacks: Sequence[Any]
    ) -> None:
        self.model = model
        self.data = data
        self.loss = loss
        self.optimizer = optimizer
        self.epochs = epochs
        self.callbacks = callbacks
        self.epoch = 0  # how many are done
        self.step = 0  # how many are done, over all epochs
        self.batch_loss = math.nan
        self.stop = False  # a callback sets it to end the training after this epoch
        self.history: dict[str, list[float]] = {}  # for each epoch: loss, lr, val_loss, val_NAME of each metric

    def tell(self, moment: str) -> None:
        """Call a method of all callbacks, in their order."""
        for callback in self.callbacks:
            getattr(callback, moment)(self)

    def state_dict(self) -> dict[str, Any]:
        """How far it is."""
        history = {name: list(values) for name, values in self.history.items()}
        return {"epoch": self.epoch, "step": self.step, "stop": self.stop, "history": history}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Be as far as that."""
        self.epoch, self.step, self.stop = (state_dict[name] for name in ("epoch", "step", "stop"))
        self.history = {name: list(values) for name, values in state_dict["history"].items()}


def fit(
    model: Module,
    data: Any,
    loss: Loss,
    optimizer: Optimizer,
    *,
    epochs: int,
    validation: Any = None,
    metrics: Mapping[str, Metric] | None = None,
    callbacks: Sequence[Any] = (),
) -> dict[str, list[float]]:
    """Train a model → its history: for each epoch loss and lr, and with `validation` val_loss and the metrics.

    data, validation: batches as tuples of arrays, the targets last, such as a DataLoader. loss(model(*inputs), targets)
    is a tensor without axes. metrics: functions of all outputs and all targets of the validation data.
    Raises ValueError for less than one epoch and for data without a batch, FloatingPointError when the loss is not
    finite any more.
    """
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1; got {epochs}")
    run = Run(model, data, loss, optimizer, epochs, callbacks)
    run.tell("begin")
    while run.epoch < epochs and not run.stop:
        run.model.train()
        run.tell("epoch_begin")
        figures = {"loss": _epoch(run), "lr": optimizer.param_groups[0]["lr"]}
        if validation is not None:
            found = evaluate(model, validation, loss, metrics)
            figures.update({f"val_{name}": value for name, value in found.items()})
        run.epoch += 1
        for name, value in figures.items():
            run.history.setdefault(name, []).append(value)
        run.tell("epoch_end")
    run.tell("end")
    return run.history


def _epoch(run: Run) -> float:
    """Once through the data → the mean loss."""
    total, count = 0.0, 0
    for *inputs, target in run.data:
        run.optimizer.zero_grad()
        loss = run.loss(run.model(*map(Tensor, inputs)), Tensor(target))
        loss.backward()
        run.tell("before_step")
        run.optimizer.step()
        run.step += 1
        run.batch_loss = loss.item()
        if not math.isfinite(run.batch_loss):
            raise FloatingPointError(
                f"the loss is {run.batch_loss} at step {run.step}: the training has diverged; try a smaller "
                f"learning rate than {run.optimizer.param_groups[0]['lr']:.3g}"
            )
        total += run.batch_loss * len(target)
        count += len(target)
        run.tell("after_step")
    return total / _at_least_one(count)


def evaluate(model: Module, data: Any, loss: Loss, metrics: Mapping[str, Metric] | None = None) -> dict[str, float]:
    """The loss over the data, and each metric, in inference mode; the modules are then in the mode they were in."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    total, outputs, targets = 0.0, [], []
    with no_grad():
        for *inputs, target in data:
            output = model(*map(Tensor, inputs))
            total += loss(output, Tensor(target)).item() * len(target)
            outputs.append(output.data)
            targets.append(target)
    for module, mode in modes:
        module.training = mode
    figures = {"loss": total / _at_least_one(sum(map(len, targets)))}
    everything = np.concatenate(outputs), np.concatenate(targets)
    return {**figures, **{name: float(metric(*everything)) for name, metric in (metrics or {}).items()}}


def _at_least_one(count: int) -> int:
    if not count:
        raise ValueError("the data must have at least one batch with an example in it; got none")
    return count
