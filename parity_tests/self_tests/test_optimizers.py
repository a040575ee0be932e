"""What rows cannot show of optimizers: saving and loading both ways, refusals, the tape, twins."""

import inspect
import math
import warnings
from copy import deepcopy
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from reference_torch.optim.lion import Lion as TorchLion
from reference_torch.optim.muon import Muon as TorchMuon
from scratch.autograd.tensor import Tensor
from scratch.optim.adagrad import Adagrad
from scratch.optim.adam import Adam
from scratch.optim.adamw import AdamW
from scratch.optim.lion import Lion
from scratch.optim.muon import Muon
from scratch.optim.optimizer import Optimizer
from scratch.optim.rmsprop import RMSprop
from scratch.optim.schedules.exponential_lr import ExponentialLR
from scratch.optim.sgd import SGD

from ..catalogue import ROWS
from ..harness.disagreement import Disagreement
from .either_side import as_arrays, as_tensors, names
from .within_noise import Computation, agree

OPTIMIZERS: list[tuple[Any, Any, dict[str, Any]]] = [
    (SGD, torch.optim.SGD, {"lr": 0.1}),
    (SGD, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    (Adagrad, torch.optim.Adagrad, {"lr_decay": 0.1, "initial_accumulator_value": 0.5}),
    (RMSprop, torch.optim.RMSprop, {"momentum": 0.9, "centered": True}),
    (Adam, torch.optim.Adam, {"amsgrad": True, "weight_decay": 0.1}),
    (Adam, torch.optim.Adam, {"maximize": True}),
    (AdamW, torch.optim.AdamW, {"lr": 0.1}),
    (Lion, TorchLion, {"weight_decay": 0.1}),
    (Muon, TorchMuon, {"lr": 0.1}),
]
SHAPES = ((3, 2), (2, 4), (1, 1))
START = [np.random.default_rng(i).standard_normal(shape) for i, shape in enumerate(SHAPES)]


class Run:
    """The same three parameters in two groups on one side, and steps of an optimizer under made-up gradients."""

    def __init__(self, kind: Any, options: dict[str, Any], first: Any = START) -> None:
        self.torch = issubclass(kind, torch.optim.Optimizer)
        self.parameters = [self.tensor(np.asarray(value)).requires_grad_(True) if self.torch else
                           Tensor(value.copy(), requires_grad=True) for value in first]  # fmt: skip
        groups = [{"params": self.parameters[:2]}, {"params": self.parameters[2:], "lr": 0.01}]
        self.optimizer = kind(groups, **options)

    def tensor(self, array: Any) -> Any:
        return torch.from_numpy(array.copy()) if self.torch else Tensor(array.copy())

    def steps(self, *seeds: int) -> None:
        for seed in seeds:
            generator = np.random.default_rng(seed)
            for i, parameter in enumerate(self.parameters):
                gradient = generator.standard_normal(parameter.shape)
                parameter.grad = None if (i, seed) in {(1, 1), (2, 1), (2, 2)} else self.tensor(gradient)
            self.optimizer.step()

    def values(self) -> list[Any]:
        return [parameter.detach().numpy().copy() for parameter in self.parameters]

    def continue_from(self, other: "Run") -> None:
        """Take over the parameters and the state of a run on the other side."""
        for parameter, value in zip(self.parameters, other.values(), strict=True):
            parameter.data[...] = torch.from_numpy(value) if self.torch else value
        convert = as_tensors if self.torch else as_arrays
        self.optimizer.load_state_dict(convert(other.optimizer.state_dict()))


def run_of(kind: Any, options: dict[str, Any], *seeds: int) -> Computation:
    """The whole run on the side of PyTorch, from first values of the parameters to the last."""

    def run(first: list[torch.Tensor]) -> list[Any]:
        made = Run(kind, options, first)
        made.steps(*seeds)
        return made.values()

    return run


@pytest.mark.parametrize(("ours", "theirs", "options"), OPTIMIZERS, ids=names)
def test_a_training_goes_on_in_pytorch_and_comes_back(ours: Any, theirs: Any, options: dict[str, Any]) -> None:
    here, there, back = Run(ours, options), Run(theirs, options), Run(ours, options)
    here.steps(1, 2)
    there.continue_from(here)
    there.steps(3, 4)
    back.continue_from(there)
    back.steps(5, 6)
    agree(back.values(), run_of(theirs, options, 1, 2, 3, 4, 5, 6), START)


@pytest.mark.parametrize(("ours", "theirs", "options"), OPTIMIZERS, ids=names)
def test_state_dicts_have_the_same_names_and_shapes(ours: Any, theirs: Any, options: dict[str, Any]) -> None:
    runs = Run(ours, options), Run(theirs, options)
    for run in runs:
        run.steps(1, 2, 3)
    here, there = runs[0].optimizer.state_dict(), as_arrays(runs[1].optimizer.state_dict())
    assert here["state"].keys() == there["state"].keys()
    for number, state in here["state"].items():
        assert {n: np.shape(v) for n, v in state.items()} == {n: np.shape(v) for n, v in there["state"][number].items()}
    for own, other in zip(here["param_groups"], there["param_groups"], strict=True):
        assert own == {name: other[name] for name in own}


@pytest.mark.parametrize("kind", [SGD, Adagrad, RMSprop, Adam, AdamW, Lion, Muon])
def test_a_state_dict_is_a_snapshot(kind: Any) -> None:
    run = Run(kind, {"momentum": 0.9} if kind is SGD else {})
    run.steps(1, 2, 3)
    saved = run.optimizer.state_dict()
    before = deepcopy(saved)
    run.steps(4, 5)
    run.optimizer.param_groups[0]["lr"] = 7.0
    np.testing.assert_equal(saved, before)
    run.optimizer.load_state_dict(saved)
    run.steps(6)
    np.testing.assert_equal(saved, before)


def test_the_state_of_a_parameter_without_axes_is_an_array() -> None:
    parameter = Tensor(np.array(2.0), requires_grad=True)
    optimizer = Adam([parameter])
    parameter.grad = Tensor(np.array(1.0))
    optimizer.step()
    assert all(type(value) in (int, np.ndarray) for value in optimizer.state_dict()["state"][0].values())


def test_what_does_not_fit_is_not_loaded() -> None:
    run = Run(Adam, {})
    run.steps(1, 3)
    good = run.optimizer.state_dict()
    fewer, swapped, foreign, illegal = (deepcopy(good) for _ in range(4))
    fewer["param_groups"].pop()
    swapped["state"] = {0: good["state"][1], 1: good["state"][0]}
    del foreign["param_groups"][1]["betas"]
    illegal["param_groups"][0]["lr"] = -1.0
    for wrong, message in [
        (fewer, r"\[2, 1\] parameters in its groups.* got \[2\]"),
        (swapped, r"exp_avg of parameter 0 must have shape \(3, 2\), got \(2, 4\)"),
        (foreign, "all options in each group; betas is missing"),
        (illegal, "lr must be at least 0; got -1.0"),
    ]:
        with pytest.raises(ValueError, match=message):
            run.optimizer.load_state_dict(wrong)
        np.testing.assert_equal(run.optimizer.state_dict(), good)


def test_parameters_are_leaves_that_occur_once() -> None:
    a, b = (Tensor(np.ones(2), requires_grad=True) for _ in range(2))
    for wrong, message in [
        ([a, b, a], r"once, in one group; params\[2\], \(2,\)"),
        ([{"params": [a]}, {"params": [b, a]}], r"once, in one group; params\[1\]"),
        ([a, a + b], r"params must be leaves; params\[1\], \(2,\), was computed"),
        ([], "at least one parameter"),
        (iter(()), "at least one parameter"),
        ([{"params": [a], "lr": -1}], "lr must be at least 0; got -1"),
        ([{"params": [a], "lr": math.nan}], "lr must be at least 0; got nan"),
    ]:
        with pytest.raises(ValueError, match=message):
            SGD(wrong)  # type: ignore[arg-type]
    for mistaken, message in [
        (a, "wrap it in a list"),
        ([np.ones(2)], r"params\[0\] is of type ndarray"),
        ([{"params": [a]}, b], "a group must"),
    ]:
        with pytest.raises(TypeError, match=message):
            SGD(mistaken)  # type: ignore[arg-type]
    assert len(SGD(p for p in (a, b)).param_groups[0]["params"]) == 2


def test_a_group_that_comes_later_is_moved_and_checked() -> None:
    a, b = (Tensor(np.ones(2), requires_grad=True) for _ in range(2))
    optimizer = SGD([a], lr=0.5)
    optimizer.add_param_group({"params": b, "lr": 0.25})
    with pytest.raises(ValueError, match="once, in one group"):
        optimizer.add_param_group({"params": [b]})
    (a.sum() + b.sum()).backward()
    optimizer.step()
    assert a.data.tolist() == [0.5, 0.5]
    assert b.data.tolist() == [0.75, 0.75]


def test_a_backward_that_needs_the_old_weights_refuses_after_a_step() -> None:
    weight = Tensor(np.ones(2), requires_grad=True)
    loss = (weight * weight).sum()
    weight.grad = Tensor(np.ones(2))
    array = weight.data
    SGD([weight], lr=0.5).step()
    assert weight.data is array, "a step writes to the array that is there: whoever shares it sees the new weights"
    with pytest.raises(RuntimeError, match="written to in place"):
        loss.backward()


def test_gradients_are_forgotten_or_zeroed() -> None:
    weight, other = Tensor(np.ones(2), requires_grad=True), Tensor(np.ones(2), requires_grad=True)
    weight.grad = Tensor(np.ones(2))
    array = weight.grad.data
    optimizer = SGD([weight, other])
    optimizer.zero_grad(set_to_none=False)
    assert weight.grad is not None
    assert weight.grad.data is array
    assert array.tolist() == [0, 0]
    assert other.grad is None
    optimizer.zero_grad()
    assert weight.grad is None


def test_the_buffer_is_not_the_gradient_itself() -> None:
    weight = Tensor(np.ones(1), requires_grad=True)
    optimizer = SGD([weight], lr=1.0, momentum=0.5)
    weight.grad = Tensor(np.ones(1))
    optimizer.step()
    optimizer.zero_grad(set_to_none=False)
    optimizer.step()
    assert weight.data.tolist() == [-0.5]


@pytest.mark.parametrize("kind", [SGD, Adagrad, RMSprop, Adam, AdamW, Lion, Muon])
def test_divergence_is_silent_and_visible(kind: Any) -> None:
    run = Run(kind, {})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for parameter in run.parameters:
            parameter.grad = Tensor(np.full(parameter.shape, np.inf))
        run.optimizer.step()
        run.optimizer.step()
    assert kind is Lion or not np.isfinite(run.values()[0]).any()


def test_weight_decay_and_l2_are_the_same_for_sgd_and_not_for_adam() -> None:
    """Shrinking the weights, against adding weight_decay · θ to the gradient."""

    def moved(kind: Any, **options: Any) -> list[Any]:
        run = Run(kind, options)
        run.steps(1, 2, 3)
        return run.values()

    def shrunk(kind: Any, factor: float) -> list[Any]:
        run = Run(kind, {"lr": 0.1})
        for seed in (1, 2, 3):
            gone = [lr * factor * value for lr, value in zip((0.1, 0.1, 0.01), run.values(), strict=True)]
            run.steps(seed)
            for parameter, share in zip(run.parameters, gone, strict=True):
                if parameter.grad is not None:
                    parameter.data[...] -= share
        return run.values()

    for kind, alone, theirs in ((SGD, SGD, torch.optim.SGD), (AdamW, Adam, torch.optim.AdamW)):
        expected = run_of(theirs, {"lr": 0.1, "weight_decay": 0.5}, 1, 2, 3)
        for ours in (moved(kind, lr=0.1, weight_decay=0.5), shrunk(alone, 0.5)):
            agree(ours, expected, START)
    with pytest.raises(Disagreement):
        agree(shrunk(Adam, 0.5), run_of(torch.optim.Adam, {"lr": 0.1, "weight_decay": 0.5}, 1, 2, 3), START)


COMPONENTS = [row.name for row in ROWS if row.name.startswith("optim.") and row.name != "optim.optimizer"]


@pytest.mark.parametrize("name", COMPONENTS)
def test_the_twins_take_the_same_arguments(name: str) -> None:
    """Of all that the file of this tree defines and offers."""
    ours, theirs = import_module(f"scratch.{name}"), import_module(f"reference_torch.{name}")
    offered = {
        attribute: value
        for attribute, value in vars(ours).items()
        if getattr(value, "__module__", None) == ours.__name__ and hasattr(theirs, attribute)
    }
    assert offered
    for attribute, value in offered.items():
        if attribute == "AveragedModel":  # PyTorch's has a device and more
            continue
        assert arguments(value) == arguments(getattr(theirs, attribute)), attribute


def arguments(function: Any) -> list[tuple[str, Any, Any]]:
    return [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]


def test_an_optimizer_of_ones_own_is_one_method() -> None:
    class Descent(Optimizer):
        def update(self, parameter: Any, gradient: Any, state: Any, group: Any) -> Any:
            return parameter - group["lr"] * gradient

    weight = Tensor(np.ones(1), requires_grad=True)
    optimizer = Descent([weight], {"lr": 0.5})
    ExponentialLR(optimizer, gamma=0.5).step()
    weight.grad = Tensor(np.ones(1))
    optimizer.step()
    assert weight.data.tolist() == [0.75]
    assert SimpleNamespace(**optimizer.param_groups[0]).initial_lr == 0.5
