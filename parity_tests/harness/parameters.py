"""Adapters for what is done to parameters as a whole: optimizers with groups, clipped gradients, averaged weights."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from copy import deepcopy
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch

from .adapter import Adapter
from .optimizers import optimizer


def grouped_optimizer(class_name: str) -> Adapter:
    """As `optimizer(class_name)`, with more options.

    `groups`: for each parameter, the options in which it differs; it becomes a group of its own. `twice`: the first
    parameter is in a second group too. `reload_at`: before this step another optimizer takes over, with nothing but
    the `state_dict` of the first.
    """
    plain = optimizer(class_name)

    def extended(module: Any) -> Any:
        def build(
            parameters: list[Any], groups: Any = (), twice: bool = False, reload_at: int = -1, **options: Any
        ) -> _Relay:
            def make() -> Any:
                own = [{"params": [p], **group} for p, group in zip(parameters, groups, strict=False)]
                own += [{"params": parameters}, {"params": parameters[:1]}] if twice else []
                return getattr(module, class_name)(own or parameters, **options)

            return _Relay(make, reload_at)

        return _like(module, **{class_name: build})

    return Adapter(
        lambda module: plain.candidate(extended(module)),
        lambda module: plain.reference(extended(module)),
        any_layout=False,
    )


class _Relay:
    """An optimizer that hands over to another one before some step."""

    def __init__(self, make: Callable[[], Any], steps_left: int) -> None:
        self.make = make
        self.steps_left = steps_left
        self.runner = make()

    def step(self) -> None:
        if self.steps_left == 0:
            baton = deepcopy(self.runner.state_dict())
            self.runner = self.make()
            self.runner.load_state_dict(baton)
        self.steps_left -= 1
        self.runner.step()


def optimizer_base() -> Adapter:
    """An adapter for the base of all optimizers: judged by the simplest subclass that has a state, momentum."""
    plain = grouped_optimizer("HeavyBall")
    return Adapter(
        lambda module: plain.candidate(_like(module, HeavyBall=_heavy_ball_on_arrays(module.Optimizer))),
        lambda module: plain.reference(_like(module, HeavyBall=_heavy_ball_on_tensors(module.Optimizer))),
        any_layout=False,
    )


def _heavy_ball_on_arrays(base: Any) -> Any:
    class HeavyBall(base):  # type: ignore[misc]
        def __init__(self, params: Any, lr: float = 0.1, momentum: float = 0.5, maximize: bool = False) -> None:
            super().__init__(params, {"lr": lr, "momentum": momentum, "maximize": maximize})

        def update(self, parameter: Any, gradient: Any, state: Any, group: Any) -> Any:
            state["velocity"] = group["momentum"] * state.get("velocity", 0) + gradient
            return parameter - group["lr"] * state["velocity"]

        def check(self, group: Any) -> None:
            if not group["lr"] >= 0:
                raise ValueError(f"lr must be at least 0; got {group['lr']}")

    return HeavyBall


def _heavy_ball_on_tensors(base: Any) -> Any:
    class HeavyBall(base):  # type: ignore[misc]
        def __init__(self, params: Any, lr: float = 0.1, momentum: float = 0.5, maximize: bool = False) -> None:
            super().__init__(params, {"lr": lr, "momentum": momentum, "maximize": maximize})
            if not all(group["lr"] >= 0 for group in self.param_groups):
                raise ValueError("lr")

        @torch.no_grad()
        def step(self) -> None:
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        state = self.state[p]
                        velocity = state.setdefault("velocity", torch.zeros_like(p)).mul_(group["momentum"])
                        velocity.sub_(p.grad) if group["maximize"] else velocity.add_(p.grad)
                        p.add_(velocity, alpha=-group["lr"])

    return HeavyBall


def clipping(function_name: str) -> Adapter:
    """An adapter for a function that clips gradients: arrays are gradients, None for a parameter without one.

    What comes out is each gradient after clipping, and what the function returns, if anything.
    """

    def candidate(module: ModuleType) -> Any:
        tensor = _tensor_of(module)

        def forward(*gradients: Any, **options: Any) -> Any:
            parameters = []
            for gradient in gradients:
                parameters.append(tensor(np.zeros(np.shape(gradient)), requires_grad=True))
                parameters[-1].grad = None if gradient is None else tensor(gradient.copy())
            returned = getattr(module, function_name)(parameters, **options)
            clipped = [p.grad.detach().numpy() for p in parameters if p.grad is not None]
            return _one_or_all([*clipped, *([] if returned is None else [returned])])

        return SimpleNamespace(__name__=module.__name__, forward=forward)

    def reference(module: ModuleType) -> Any:
        def forward(*gradients: Any, **options: Any) -> Any:
            parameters = []
            for gradient in gradients:
                given = None if gradient is None else gradient.detach().clone()
                parameters.append(torch.zeros(()) if given is None else torch.zeros_like(given))
                parameters[-1].grad = given
            returned = getattr(module, function_name)(parameters, **options)
            clipped = [p.grad for p in parameters if p.grad is not None]
            return (*clipped, *([] if returned is None else [returned]))

        names = [f"gradient[{i}]" for i in range(8)]
        return SimpleNamespace(__name__=module.__name__, forward=forward, argument_names=names)

    return Adapter(candidate, reference, any_layout=False)


def averaging() -> Adapter:
    """An adapter for AveragedModel: arrays are the weights and the buffer of a model at every update, stacked.

    What comes out is the same of the average. Option `decay`: of the moving average, or None for the equal one.
    """

    def forward_of(module: ModuleType, new_model: Callable[..., Any], copy: Callable[[Any], Any]) -> Any:
        def forward(*paths: Any, decay: float | None = None) -> list[list[Any]]:
            average = module.get_swa_avg_fn() if decay is None else module.get_ema_avg_fn(decay)
            averaged = module.AveragedModel(new_model(*[path[0] * 0 - 1 for path in paths]), avg_fn=average)
            seen: list[list[Any]] = [[] for _ in paths]
            for values in zip(*paths, strict=True):
                averaged.update_parameters(new_model(*values))
                inside = [*averaged.module.parameters(), *averaged.module.buffers()]
                for path, tensor in zip(seen, inside, strict=True):
                    path.append(copy(tensor))
            return seen

        return forward

    def candidate(module: ModuleType) -> Any:
        tensor = _tensor_of(module)

        def new_model(*values: Any) -> Any:
            return _Model([tensor(v.copy(), requires_grad=True) for v in values[:-1]], [tensor(values[-1].copy())])

        forward = forward_of(module, new_model, lambda t: t.detach().numpy().copy())
        return SimpleNamespace(
            __name__=module.__name__,
            forward=lambda *paths, **options: _one_or_all([np.stack(path) for path in forward(*paths, **options)]),
        )

    def reference(module: ModuleType) -> Any:
        def new_model(*values: Any) -> Any:
            model = torch.nn.Module()
            for i, value in enumerate(values[:-1]):
                model.register_parameter(f"p{i}", torch.nn.Parameter(value.detach().clone()))
            model.register_buffer("buffer", values[-1].detach().clone())
            return model

        forward = forward_of(module, new_model, lambda t: t.detach().clone())
        return SimpleNamespace(
            __name__=module.__name__,
            forward=lambda *paths, **options: tuple(torch.stack(path) for path in forward(*paths, **options)),
            argument_names=[f"weights[{i}]" for i in range(8)],
        )

    return Adapter(candidate, reference, any_layout=False)


class _Model:
    """The least that a model has."""

    def __init__(self, parameters: list[Any], buffers: list[Any]) -> None:
        self._parameters, self._buffers = parameters, buffers

    def parameters(self) -> list[Any]:
        return self._parameters

    def buffers(self) -> list[Any]:
        return self._buffers


def _tensor_of(module: ModuleType) -> Any:
    """The Tensor of the package that a module belongs to."""
    package = (module.__package__ or "").split(".")[0]
    return importlib.import_module(f"{package}.autograd.tensor").Tensor


def _one_or_all(arrays: list[Any]) -> Any:
    return arrays[0] if len(arrays) == 1 else tuple(arrays)


def _like(module: Any, **attributes: Any) -> Any:
    """Something with the place of a module and these attributes."""
    return SimpleNamespace(__name__=module.__name__, __package__=module.__package__, **attributes)
