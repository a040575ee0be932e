"""Freezing: a part of a network that was learned elsewhere stays as it is, while the rest learns.

A frozen part must give the same output for the same input, whatever else happens. Three things could move it:

- *Gradients.* A frozen parameter needs none: `requires_grad = False`, and the tape does not even compute them.
- *The optimizer.* It moves every parameter that has a gradient, even one of zeros: momentum rolls on, weight decay
  pulls. So a gradient that was there before is forgotten: `grad = None`.
- *Statistics.* The running mean and variance of a batch normalization are no parameters. They follow the data as long
  as the layer is in training mode, and it normalizes with the statistics of the batch. What is frozen as a whole has to
  be in inference mode, while the rest is in training mode; and it has to be put there again after each `model.train()`:

      freeze(model, "body.*")
      model.train()
      eval_frozen(model)

A module is frozen as a whole if it has parameters and none of them learns. All below it goes to inference with it, so
a dropout inside of a frozen body drops nothing. A dropout in the head has no parameters at all: it stays as it is.

Which parameters: by patterns on their names, as in a shell. "body.*" is all of the body, "*.bias" every bias.

PyTorch has `Tensor.requires_grad_` and `Module.eval`, and leaves the rest to its users. Keras: layer.trainable = False.
"""

from fnmatch import fnmatchcase
from typing import Any

from ..nn.module import Module
from .fit import Callback


def freeze(model: Module, *patterns: str) -> list[str]:
    """Let the parameters learn no more whose names match one of the patterns → the names of all that are frozen now.

    Raises ValueError for a pattern that matches no name, and changes nothing then.
    """
    parameters = dict(model.named_parameters())
    for name in matching(list(parameters), patterns):
        parameters[name].requires_grad = False
        parameters[name].grad = None
    return frozen_names(model)


def thaw(model: Module, *patterns: str) -> list[str]:
    """Let them learn again → the names of all that are still frozen. Raises ValueError as `freeze` does."""
    parameters = dict(model.named_parameters())
    for name in matching(list(parameters), patterns):
        parameters[name].requires_grad = True
    return frozen_names(model)


def eval_frozen(model: Module) -> None:
    """Switch to inference mode what is frozen as a whole, with all below it; leave the rest in the mode it is in."""
    for module in model.modules():
        learns = [parameter.requires_grad for parameter in module.parameters()]
        if learns and not any(learns):
            module.eval()


class KeepFrozen(Callback):
    """For `fit`, which switches the whole model to training mode before every epoch."""

    def epoch_begin(self, run: Any) -> None:
        """The model has just been switched."""
        eval_frozen(run.model)


def frozen_names(model: Module) -> list[str]:
    """The names of the parameters that do not learn."""
    return [name for name, parameter in model.named_parameters() if not parameter.requires_grad]


def matching(names: list[str], patterns: tuple[str, ...]) -> list[str]:
    """The names that match at least one pattern. A pattern without a name is a slip of the pen: ValueError."""
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise ValueError(f"each pattern must match a parameter; {pattern!r} matches none of {', '.join(names)}")
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]
