"""Whole models in training: two networks, shared weights, residuals. After fifty steps the same parameters as PyTorch.

Each training is written once, in the names that both sides share. The unit of error is the noise of the whole run:
PyTorch trains again with every number moved by one rounding, and what becomes of that in fifty steps is the unit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from scratch import nn
from scratch.autograd.tensor import Tensor
from scratch.optim.adam import Adam
from scratch.optim.sgd import SGD

from ..harness.judge import compare
from ..harness.reference import Expected
from ..harness.rounding import Noise

STEPS = 50
FLOAT64 = np.dtype(np.float64)


def scratch_side() -> Any:
    layers = {name: getattr(nn, name) for name in nn.__all__}
    return SimpleNamespace(**layers, SGD=SGD, Adam=Adam, to_float64=lambda model: model.to(np.float64))


def torch_side() -> Any:
    layers = {name: getattr(torch.nn, name) for name in nn.__all__ if hasattr(torch.nn, name)}
    return SimpleNamespace(
        **layers,
        SGD=torch.optim.SGD,
        Adam=lambda parameters, **options: torch.optim.Adam(parameters, foreach=False, **options),
        to_float64=lambda model: model.double(),
    )


Training = Callable[[Any, Any, Any], tuple[Any, Callable[[int], None]]]  # (side, x, target) → (model, step)


def two_networks(side: Any, x: Any, target: Any) -> tuple[Any, Callable[[int], None]]:
    """One makes numbers, the other tells them from the target; each learns from the other, with detach between."""

    class Pair(side.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.maker = side.Sequential(side.Linear(4, 6), side.Tanh(), side.Linear(6, 3))
            self.judge = side.Sequential(side.Linear(3, 6), side.GELU(), side.Linear(6, 1))

    pair = side.to_float64(Pair())
    maker, judge = side.SGD(pair.maker.parameters(), lr=0.05), side.Adam(pair.judge.parameters(), lr=0.01)
    loss = side.MSELoss()

    def step(i: int) -> None:
        made = pair.maker(x)
        judge.zero_grad()
        (
            loss(pair.judge(made.detach()), target[:, :1] * 0) + loss(pair.judge(target), target[:, :1] * 0 + 1)
        ).backward()
        judge.step()
        maker.zero_grad()
        loss(pair.judge(made), target[:, :1] * 0 + 1).backward()
        maker.step()

    return pair, step


def shared_weights(side: Any, x: Any, target: Any) -> tuple[Any, Callable[[int], None]]:
    """One layer at three places, and a weight that two layers have in common."""

    class Shared(side.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.inner = side.Linear(4, 4)
            self.outer = side.Linear(4, 4, bias=False)
            self.outer.weight = self.inner.weight
            self.last = side.Linear(4, 3)

        def forward(self, x: Any) -> Any:
            for _ in range(3):
                x = self.inner(x).tanh() + x * 0.5
            return self.last(self.outer(x))

    model = side.to_float64(Shared())
    return model, supervised(side, model, side.SGD(model.parameters(), lr=0.1, momentum=0.9), x, target)


def residuals(side: Any, x: Any, target: Any) -> tuple[Any, Callable[[int], None]]:
    """Blocks that are added to their input, with every normalization, in training and a moment of inference."""

    class Block(side.Module):  # type: ignore[misc, name-defined]
        def __init__(self, norm: Any) -> None:
            super().__init__()
            self.norm = norm
            self.path = side.Sequential(side.Linear(4, 8), side.SiLU(), side.Linear(8, 4))

        def forward(self, x: Any) -> Any:
            return x + self.path(self.norm(x))

    norms = (side.BatchNorm1d(4), side.LayerNorm(4), side.RMSNorm(4, eps=1e-5), side.GroupNorm(2, 4))
    model = side.to_float64(side.Sequential(*(Block(norm) for norm in norms), side.Linear(4, 3)))
    learn = supervised(side, model, side.Adam(model.parameters(), lr=0.01), x, target)

    def step(i: int) -> None:
        model.train(i % 10 != 9)  # every tenth step on the running statistics
        learn(i)

    return model, step


def supervised(side: Any, model: Any, optimizer: Any, x: Any, target: Any) -> Callable[[int], None]:
    loss = side.MSELoss()

    def step(i: int) -> None:
        optimizer.zero_grad()
        loss(model(x), target).backward()
        optimizer.step()

    return step


def start(training: Training) -> tuple[list[np.ndarray], list[str]]:
    """Data, and first values for the whole state."""
    generator = np.random.default_rng(0)
    data = [generator.standard_normal((8, 4)), generator.standard_normal((8, 3))]
    model, _ = training(scratch_side(), *(Tensor(array) for array in data))
    state = model.state_dict()
    floats = [name for name, value in state.items() if value.dtype.kind == "f"]
    values = [generator.uniform(0.2, 0.8, state[name].shape) * generator.choice((-1, 1), state[name].shape)
              if "var" not in name else np.ones(state[name].shape) for name in floats]  # fmt: skip
    return [*data, *values], floats


def run_torch(training: Training, arrays: list[torch.Tensor], names: list[str]) -> list[np.ndarray]:
    x, target, *values = arrays
    model, step = training(torch_side(), x, target)
    model.load_state_dict({**model.state_dict(), **dict(zip(names, (v.clone() for v in values), strict=True))})
    for i in range(STEPS):
        step(i)
    return [value.numpy().copy() for name, value in model.state_dict().items() if name in names]


def run_scratch(training: Training, arrays: list[np.ndarray], names: list[str]) -> list[np.ndarray]:
    x, target, *values = arrays
    model, step = training(scratch_side(), Tensor(x), Tensor(target))
    model.load_state_dict({**model.state_dict(), **dict(zip(names, values, strict=True))})
    for i in range(STEPS):
        step(i)
    return [value for name, value in model.state_dict().items() if name in names]


@cache
def expected(training: Training) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """What PyTorch arrives at, and the noise of it; a few moves do, as every parameter went through thousands."""
    arrays, names = start(training)
    tensors = [torch.from_numpy(array) for array in arrays]
    truth = run_torch(training, tensors, names)
    evaluate = partial(run_torch, training, names=names)
    return truth, Noise(evaluate, tensors, truth, FLOAT64, seed=0, samples=3).whole()


@pytest.mark.parametrize("training", [two_networks, shared_weights, residuals], ids=lambda training: training.__name__)
def test_fifty_steps_lead_to_the_parameters_of_pytorch(training: Training) -> None:
    arrays, names = start(training)
    truth, units = expected(training)
    found = run_scratch(training, arrays, names)
    assert len(found) == len(names)
    for name, right, unit, got, first in zip(names, truth, units, found, arrays[2:], strict=True):
        assert not np.array_equal(right, first), f"{name} did not learn"
        compare(Expected(name, right, right, unit), got, "forward")


def test_the_training_notices_a_small_difference() -> None:
    """The unit is no larger than it must be: a first value that is off by a millionth is seen."""
    arrays, names = start(residuals)
    truth, units = expected(residuals)
    arrays[2] = arrays[2] * (1 + 1e-6)
    found = run_scratch(residuals, arrays, names)
    assert any(np.max(np.abs(got - right) / unit) > 1000 for got, right, unit in zip(found, truth, units, strict=True))
