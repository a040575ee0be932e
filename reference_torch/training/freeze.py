"""Freezing with PyTorch: requires_grad_(False), no gradient left behind, and eval() for what is frozen as a whole."""

from fnmatch import filter as matching
from typing import Any

from torch import nn

from .fit import Callback


def freeze(model: nn.Module, *patterns: str) -> list[str]:
    """Let the parameters learn no more whose names match → the names of all that are frozen."""
    return _set(model, patterns, requires_grad=False)


def thaw(model: nn.Module, *patterns: str) -> list[str]:
    """Let them learn again → the names of all that are still frozen."""
    return _set(model, patterns, requires_grad=True)


def eval_frozen(model: nn.Module) -> None:
    """Switch to inference mode what is frozen as a whole."""
    for module in model.modules():
        if len(list(module.parameters())) and not any(p.requires_grad for p in module.parameters()):
            module.eval()


class KeepFrozen(Callback):
    """Does it at the beginning of every epoch of `fit`."""

    def epoch_begin(self, run: Any) -> None:
        """The model is in training mode."""
        eval_frozen(run.model)


def _set(model: nn.Module, patterns: tuple[str, ...], *, requires_grad: bool) -> list[str]:
    parameters = dict(model.named_parameters())
    chosen = [matching(parameters, pattern) for pattern in patterns]
    if not all(chosen):
        raise ValueError("a pattern matches no parameter")
    for name in {name for names in chosen for name in names}:
        parameters[name].requires_grad_(requires_grad)
        if not requires_grad:
            parameters[name].grad = None
    return [name for name, parameter in parameters.items() if not parameter.requires_grad]
