"""An average of the weights over the training: a second model that lags behind, and is often the better one.

    the first update:    average = θ
    after that:          average ← decay · average + (1 - decay) · θ              get_ema_avg_fn(decay)
                         average ← average + (θ - average) / (n + 1)              get_swa_avg_fn(): n models so far

Near a minimum, gradient descent does not stand still. It circles, thrown about by the noise of the mini-batches, at a
distance that the learning rate decides. The middle of the circle is lower than any point on it, and the average of the
weights finds it without a smaller learning rate.

The exponential moving average (EMA) forgets: it remembers about 1 / (1 - decay) updates. Take it after every update,
with a decay of 0.999 or more. The equal average (SWA, stochastic weight averaging) does not forget: take it once an
epoch, late in a training, at a constant learning rate.

Train the model, evaluate the average. Buffers, such as the running statistics of a BatchNorm, are copied, not averaged.

Source: Polyak & Juditsky 1992; Izmailov et al. 2018, arXiv:1803.05407 (SWA).
PyTorch: torch.optim.swa_utils.AveragedModel, get_ema_avg_fn, get_swa_avg_fn.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from ..autograd.tape import no_grad
from ..types import Array
from ._checks import at_least_zero

Average = Callable[[Array, Array, int], Array]  # (average so far, new weights, number of models so far)


def get_ema_avg_fn(decay: float = 0.999) -> Average:
    """The exponential moving average. Raises ValueError for a decay outside [0, 1]."""
    at_least_zero({"decay": decay, "1 - decay": 1 - decay}, "decay", "1 - decay")

    def average(averaged: Array, new: Array, count: int) -> Array:
        return decay * averaged + (1 - decay) * new

    return average


def get_swa_avg_fn() -> Average:
    """The equal average of all models."""

    def average(averaged: Array, new: Array, count: int) -> Array:
        return averaged + (new - averaged) / (count + 1)

    return average


class AveragedModel:
    """A copy of a model that holds the average of its weights; call it as the model itself.

    model: anything with `parameters()` and `buffers()`. avg_fn: how to average; the equal average if it is left out.
    """

    def __init__(self, model: Any, *, avg_fn: Average | None = None) -> None:
        self.module = deepcopy(model)
        self.avg_fn = avg_fn or get_swa_avg_fn()
        self.n_averaged = 0

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """What the averaged model says."""
        return self.module(*arguments, **options)

    def update_parameters(self, model: Any) -> None:
        """Take the model's present weights into the average. Raises ValueError for a model with other parameters."""
        averages, weights = list(self.module.parameters()), list(model.parameters())
        shapes, new_shapes = [[tensor.shape for tensor in tensors] for tensors in (averages, weights)]
        if shapes != new_shapes:
            raise ValueError(f"model must have parameters of the shapes that are averaged, {shapes}; got {new_shapes}")
        with no_grad():
            for averaged, new in zip(averages, weights, strict=True):
                if self.n_averaged == 0:
                    averaged[...] = new.data
                else:
                    averaged[...] = self.avg_fn(averaged.data, new.data, self.n_averaged)
            for own, new in zip(self.module.buffers(), model.buffers(), strict=True):
                own[...] = new
        self.n_averaged += 1
