"""The adapter for autograd: a row whose file works on tensors, judged as a function from arrays to arrays.

A case has as arrays the leaves, and as option `formula` what to compute from them: a function of the package (`scratch.
autograd` or `reference_torch.autograd`) and the leaves. One formula serves both sides, because tensors of both have
the same names. Backward goes through the tape.

With `order=2` the gradients of the formula are outputs too, computed with `create_graph=True` from fixed upstream
gradients. So the gradient check of the row differentiates them: second derivatives.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch

from .adapter import Adapter
from .entry import Case, Refusal
from .inputs import Draw

NAMES = [f"x{i}" for i in range(16)]  # more leaves than any case has


@dataclass(frozen=True)
class Formula:
    """What to compute, and how it is written in messages."""

    text: str
    function: Callable[..., Any]

    def __call__(self, autograd: Any, *tensors: Any) -> Any:
        """What the package `autograd` computes from the tensors."""
        return self.function(autograd, *tensors)

    def __repr__(self) -> str:
        return self.text


def asking(draw: Draw, arrays: Sequence[Any], text: str, function: Callable[..., Any]) -> Case:
    """A case that computes `function(autograd, *tensors)`; half of the time, first derivatives too."""
    # With NaN and infinities about, second derivatives are 0 · ∞ in an order that is nobody's business.
    order = 1 if draw.mode == "extreme" else draw.choice([1, 2])
    return Case(tuple(arrays), {"formula": Formula(text, function), "order": order})


def refusing(reason: str, arrays: Sequence[Any], function: Callable[..., Any], *says: str) -> Refusal:
    """A refusal of `function(autograd, *tensors)`."""
    return Refusal(reason, Case(tuple(arrays), {"formula": Formula(reason, function)}), says)


def some_of(draw: Draw, table: Mapping[str, Callable[..., Any]], count: int = 2) -> tuple[str, Callable[..., Any]]:
    """A few entries of a table as one function with several results. All equally often: Hypothesis prefers some."""
    chosen = [list(table)[i] for i in draw.permutation(len(table))[:count]]

    def function(autograd: Any, *tensors: Any) -> tuple[Any, ...]:
        return tuple(y for name in chosen for y in _as_tuple(table[name](autograd, *tensors)))

    return ", ".join(chosen), function


def broadcasting(draw: Draw, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape that broadcasts with `shape`: some axes of length 1, some in front left out."""
    kept = tuple(draw.choice([n, n, 1]) for n in shape)
    return kept[draw.choice([0, 0, draw.integer(0, len(kept))]) :]


def filled(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape without empty axes."""
    return tuple(max(n, 1) for n in shape)


def _candidate(module: ModuleType) -> Any:
    autograd = importlib.import_module(module.__package__ or "")

    def forward(*arrays: Any, formula: Formula, order: int = 1) -> Any:
        with in_its_place(module):
            leaves = [autograd.Tensor(a, requires_grad=a.dtype.kind == "f") for a in arrays]
            outputs = _as_tuple(formula(autograd, *leaves))
            if order == 2:
                outputs += _gradients(autograd, outputs, leaves, lambda x: autograd.Tensor(np.zeros_like(x.data)))
        results = tuple(y.detach().numpy() for y in outputs)
        return (results if len(results) > 1 else results[0]), (outputs, leaves)

    def backward(dy: Any, cache: Any) -> Any:
        outputs, leaves = cache
        upstream = dy if isinstance(dy, tuple) else (dy,)
        with in_its_place(module):
            found = iter(_grad(autograd, outputs, [x for x in leaves if x.requires_grad], upstream))
            gradients = tuple(next(found) if x.requires_grad else None for x in leaves)
        return tuple(None if dx is None else dx.numpy() for dx in gradients)

    return SimpleNamespace(__name__=module.__name__, forward=forward, backward=backward)


def _reference(module: ModuleType) -> Any:
    autograd = importlib.import_module(module.__package__ or "")

    def forward(*tensors: Any, formula: Formula, order: int = 1) -> Any:
        leaves = [t.detach().requires_grad_() if _wants_gradient(t) else t for t in tensors]
        outputs = _as_tuple(formula(autograd, *leaves))
        return outputs + _gradients(autograd, outputs, leaves, torch.zeros_like) if order == 2 else outputs

    return SimpleNamespace(__name__=module.__name__, forward=forward, argument_names=NAMES)


def _wants_gradient(tensor: torch.Tensor) -> bool:
    """Whether a leaf has to be made: formulas may take gradients, also where the harness asks for values only."""
    return tensor.is_floating_point() and not tensor.requires_grad


def _candidate_values(module: ModuleType) -> Any:
    def forward(*arrays: Any, formula: Formula) -> Any:
        values = [module.Value(float(array)) for array in arrays]
        outputs = _as_tuple(formula(module, *values))
        results = tuple(np.asarray(y.data, np.float64) for y in outputs)
        return (results if len(results) > 1 else results[0]), (outputs, values)

    def backward(dy: Any, cache: Any) -> Any:
        outputs, values = cache
        weighted = [y * float(v) for y, v in zip(outputs, _as_tuple(dy), strict=True)]
        sum(weighted[1:], weighted[0]).backward()
        return tuple(np.asarray(value.grad, np.float64) for value in values)

    return SimpleNamespace(__name__=module.__name__, forward=forward, backward=backward)


def _reference_values(module: ModuleType) -> Any:
    def forward(*tensors: Any, formula: Formula) -> Any:
        return formula(module, *tensors)

    return SimpleNamespace(__name__=module.__name__, forward=forward, argument_names=NAMES)


TENSORS = Adapter(_candidate, _reference)
VALUES = Adapter(_candidate_values, _reference_values, any_layout=False)  # single numbers, as arrays without axes


def _gradients(autograd: Any, outputs: Sequence[Any], leaves: Sequence[Any], zeros: Callable[[Any], Any]) -> Any:
    """The gradients of the outputs for the floating leaves, as outputs of their own; zeros where there are none."""
    wanted = [x for x in leaves if x.requires_grad]
    upstream = [weights(tuple(y.shape)) for y in outputs]
    found = _grad(autograd, outputs, wanted, upstream, create_graph=True)
    return tuple(zeros(x) if dx is None else dx for x, dx in zip(wanted, found, strict=True))


def _grad(autograd: Any, outputs: Any, wanted: Any, upstream: Any, *, create_graph: bool = False) -> Sequence[Any]:
    """`grad` of those outputs that have one; arrays of another library among the upstream gradients are converted."""
    pairs = [(y, v) for y, v in zip(outputs, upstream, strict=True) if y.requires_grad]
    if not pairs or not wanted:
        return [None] * len(wanted)
    seeds = [torch.from_numpy(v).to(y.dtype) if isinstance(y, torch.Tensor) else v.astype(y.dtype) for y, v in pairs]
    found: Sequence[Any] = autograd.grad(
        [y for y, _ in pairs], wanted, seeds, allow_unused=True, retain_graph=True, create_graph=create_graph
    )
    return found


def weights(shape: tuple[int, ...]) -> Any:
    """Gradients to start from: different, not zero, and small whole numbers, so that exact cases stay exact."""
    return np.resize(np.array([1.0, -2.0, 3.0, 2.0, -1.0]), shape)


def _as_tuple(result: Any) -> tuple[Any, ...]:
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


@contextmanager
def in_its_place(module: ModuleType) -> Iterator[None]:
    """Let the whole package use a module that is an edited copy of one of its own.

    The modules of an engine use one another, so an edited one means nothing alone. For the time being, every name in
    the package that stands for something of the original stands for the same thing of the edited one: names of
    modules, methods of `Tensor`, entries of tables.
    """
    name, package = module.__name__.partition("__")[0], module.__package__ or ""
    original = sys.modules[name]
    swaps = {
        id(old): getattr(module, key)
        for key, old in vars(original).items()
        if module is not original and getattr(old, "__module__", None) == name and hasattr(module, key)
    }
    undo: list[Callable[[], None]] = []
    for values, assign in list(_bindings(package)) if swaps else ():
        for key, old in list(values.items()):
            if id(old) in swaps:
                assign(key, swaps[id(old)])
                undo.append(partial(assign, key, old))
    try:
        yield
    finally:
        for restore in reversed(undo):
            restore()


def _bindings(package: str) -> Iterator[tuple[Mapping[Any, Any], Callable[[Any, Any], None]]]:
    """Everywhere in a package that a name is bound to something, and how to bind it to something else."""
    for name, module in list(sys.modules.items()):
        if name == package or name.startswith(f"{package}."):
            yield vars(module), partial(setattr, module)
            for key, value in vars(module).items():
                if isinstance(value, dict) and not key.startswith("__"):
                    yield value, value.__setitem__
                elif isinstance(value, type) and value.__module__ == name:
                    yield vars(value), partial(setattr, value)
