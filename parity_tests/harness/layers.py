"""The adapter for layers: a class with parameters and buffers, judged as a function of its inputs and its state.

A case of a layer has as arrays its inputs and then its state, in the order of `state`; as options the arguments of its
constructor, and `training`. What comes out is the output of the layer followed by its buffers after the call, so that
running statistics are judged too. PyTorch differentiates with respect to inputs and parameters.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch

from .adapter import Adapter
from .candidate import tree_of


def layer(
    class_name: str, *, inputs: Sequence[str] = ("x",), state: Sequence[str] = (), buffers: Sequence[str] = ()
) -> Adapter:
    """An adapter for the class of that name. `state`: names in the state_dict, parameters first and then buffers."""
    names = (*inputs, *state, *buffers)
    count = len(inputs)

    def given(arrays: Sequence[Any]) -> dict[str, Any]:
        """The part of the state that this case has, by name."""
        return {name: a for name, a in zip((*state, *buffers), arrays[count:], strict=False) if a is not None}

    def builder(module: ModuleType) -> Any:
        """Makes the layer of a case from its options."""
        return lambda training=True, **options: getattr(module, class_name)(**options).train(training)

    def candidate(module: ModuleType) -> Any:
        root = importlib.import_module(f"{tree_of(module)}.autograd.tensor")

        def made(arrays: Sequence[Any], training: bool = True, **options: Any) -> Any:
            """The layer of a case, with the state of the case."""
            built = getattr(module, class_name)(**options).to(np.result_type(np.float32, *floating(arrays)))
            values = given(arrays)
            known = built.state_dict()  # a shared tensor is there under each of its paths, in the case under one
            shared = {path: first for path in known for first in values if known[path] is known.get(first)}
            built.load_state_dict({**values, **{path: values[first].copy() for path, first in shared.items()}})
            return built.train(training)

        def called(built: Any, arrays: Sequence[Any]) -> Any:
            leaves = [None if a is None else root.Tensor(a, requires_grad=a.dtype.kind == "f") for a in arrays[:count]]
            outputs = built(*leaves)
            outputs = outputs if isinstance(outputs, tuple) else (outputs,)
            after = built.state_dict()
            results = tuple(y.detach().numpy() for y in outputs) + tuple(after[b] for b in buffers if b in after)
            return (results[0] if len(results) == 1 else results), (outputs, leaves, built, arrays)

        def backward(dy: Any, cache: Any) -> Any:
            outputs, leaves, built, arrays = cache
            gradients = dy if isinstance(dy, tuple) else (dy,)
            derivatives = importlib.import_module(f"{root.__package__}.derivatives")
            parameters = dict(built.named_parameters())
            present = [name for name in state if name in given(arrays)]
            wanted = [leaf for leaf in leaves if leaf is not None and leaf.requires_grad] + [
                parameters[name] for name in present
            ]
            found = derivatives.grad(outputs, wanted, list(gradients[: len(outputs)]), allow_unused=True)
            by_id = {id(t): None if g is None else g.numpy() for t, g in zip(wanted, found, strict=True)}
            of_inputs = [by_id.get(id(leaf)) for leaf in leaves]
            of_state = [by_id[id(parameters[name])] if name in present else None for name in (*state, *buffers)]
            return tuple((of_inputs + of_state)[: len(arrays)])

        def forward(*arrays: Any, **options: Any) -> Any:
            return called(made(arrays, **options), arrays)

        def lasting(arrays: Sequence[Any], options: Mapping[str, Any]) -> Any:
            """The op for one case, with one layer for all calls, as the reference has: what is to be timed."""
            built = made(arrays, **options)
            if buffers or _draws(built):  # then the next call would not compute the same
                return op
            return SimpleNamespace(forward=lambda *arrays, **_: called(built, arrays), backward=backward)

        op = SimpleNamespace(
            __name__=module.__name__, forward=forward, backward=backward, build=builder(module), lasting=lasting
        )
        return op

    def reference(module: ModuleType) -> Any:
        build = _once_a_case(builder(module))

        def forward(*tensors: Any, **options: Any) -> Any:
            built = build(**options)
            values = dict(given(tensors))
            values.update({name: values[name].detach().clone() for name in buffers if name in values})
            missing = (set(dict(built.named_parameters())) | set(dict(built.named_buffers()))) - set(values)
            if missing:
                raise ValueError(f"the case gives no value for {sorted(missing)}")
            outputs = torch.func.functional_call(built, values, tensors[:count])
            outputs = outputs if isinstance(outputs, tuple) else (outputs,)
            return (*outputs, *(values[name] for name in buffers if name in values))

        return SimpleNamespace(__name__=module.__name__, forward=forward, argument_names=names, build=builder(module))

    return Adapter(candidate, reference)


def _once_a_case(build: Callable[..., Any]) -> Callable[..., Any]:
    """As `build`, but evaluations of one case in a row share one layer.

    Its first values take more time to draw than the layer to run, and are never used: the state is given. A layer that
    draws in forward as well is built anew, so that it draws the same again.
    """
    last: tuple[Mapping[str, Any], Any] | None = None

    def built(**options: Any) -> Any:
        nonlocal last
        if last is not None and last[0].keys() == options.keys() and all(last[0][k] is v for k, v in options.items()):
            return last[1]
        made = build(**options)
        last = None if _draws(made) else (options, made)
        return made

    return built


def _draws(built: Any) -> bool:
    """Whether a part of the layer has a generator of random numbers."""
    return any(getattr(part, "generator", None) is not None for part in built.modules())


def floating(arrays: Sequence[Any]) -> list[Any]:
    """The dtypes of those that hold floating-point numbers."""
    return [a.dtype for a in arrays if a is not None and a.dtype.kind == "f"]
