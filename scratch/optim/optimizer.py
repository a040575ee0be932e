"""What all optimizers share: parameters in groups, a state for each parameter, and a step that visits them.

An optimizer moves parameters θ against their gradients. What it does to one of them is the one method that a subclass
writes, `update`; `step` calls it for every parameter that has a gradient:

    for each group, for each θ in it:    θ ← update(θ, ∂loss/∂θ, state of θ, group)

*Groups.* A group is a dict: its parameters, and the options that hold for them, "lr" first of all. A bias without
weight decay, a pretrained layer with a smaller learning rate, are two groups. What a group does not say, the arguments
of the constructor say for it. The options are read again at every step, so a schedule only has to write to them.

*State.* What an optimizer remembers of a parameter (a velocity, averages of the gradients) has the parameter's shape.
`update` replaces arrays of the state and never writes into them, so that a `state_dict` is a snapshot that later
steps leave alone.

*No gradient is not a gradient of zero.* `grad` is None where the loss did not depend on the parameter. It is left out
then: not moved, not decayed, and its state does not age. With a gradient of zero, momentum would keep it rolling.

PyTorch: torch.optim.Optimizer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..types import Array

Group: TypeAlias = "dict[str, Any]"  # "params": list of Tensors, and the options that hold for them
State: TypeAlias = "dict[str, Any]"  # what is remembered of one parameter, by name
Parameters: TypeAlias = "Iterable[Tensor] | Iterable[Group]"


class Optimizer:
    """The base of all optimizers. A subclass hands its options to `__init__`, and writes `update` and `check`.

    params: tensors, or groups of tensors as dicts with "params". defaults: the options, where a group has none.
    Raises ValueError for an empty list, for a parameter that occurs twice or was computed by an operation, and for
    options out of range; TypeError for what is no tensor.
    """

    def __init__(self, params: Parameters, defaults: Group) -> None:
        if isinstance(params, Tensor):
            raise TypeError("params must be a list of tensors or of groups; got a single tensor: wrap it in a list")
        self.defaults = defaults
        self.param_groups: list[Group] = []
        self.state: defaultdict[Tensor, State] = defaultdict(dict)
        groups: list[Any] = list(params)
        if not groups:
            raise ValueError("params must hold at least one parameter; got an empty list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        self.check(defaults)
        for group in groups:
            self.add_param_group(group)

    def update(self, parameter: Array, gradient: Array, state: State, group: Group) -> Array | Any:
        """The new value of one parameter. Remembers in `state` what the next step needs to know."""
        raise NotImplementedError

    def check(self, group: Group) -> None:
        """Raise ValueError for options that are out of range."""

    def add_param_group(self, group: Group) -> None:
        """Let the optimizer move these parameters too. Options that the group does not have are the defaults."""
        if not isinstance(group, dict):
            raise TypeError(f"a group must be a dict with params; got {type(group).__name__}")
        given = group["params"]
        parameters = [given] if isinstance(given, Tensor) else list(given)
        taken = {parameter for earlier in self.param_groups for parameter in earlier["params"]}
        for i, parameter in enumerate(parameters):
            if not isinstance(parameter, Tensor):
                raise TypeError(f"params must hold tensors; params[{i}] is of type {type(parameter).__name__}")
            if not parameter.is_leaf:
                raise ValueError(f"params must be leaves; params[{i}], {parameter.shape}, was computed by an operation")
            if parameter in taken:
                raise ValueError(f"a parameter must occur once, in one group; params[{i}], {parameter.shape}, is there")
            taken.add(parameter)
        group = {**self.defaults, **group, "params": parameters}
        self.check(group)
        self.param_groups.append(group)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients; or, where memory is to be kept, set them to zero."""
        with no_grad():
            for group in self.param_groups:
                for parameter in group["params"]:
                    if set_to_none:
                        parameter.grad = None
                    elif parameter.grad is not None:
                        parameter.grad[...] = 0

    def step(self) -> None:
        """Move every parameter that has a gradient. Raises ValueError for a gradient of another shape or dtype."""
        with no_grad(), np.errstate(all="ignore"):  # a training that diverges goes to infinity and NaN without a word
            for group in self.param_groups:
                for parameter in group["params"]:
                    if parameter.grad is None:
                        continue
                    gradient = parameter.grad.data
                    if gradient.shape != parameter.shape or gradient.dtype != parameter.dtype:
                        raise ValueError(
                            f"a gradient must have the shape and dtype of its parameter, {parameter.shape} "
                            f"{parameter.dtype}; got {gradient.shape} {gradient.dtype}"
                        )
                    if group.get("maximize"):
                        gradient = -gradient
                    parameter.data[...] = self.update(parameter.data, gradient, self.state[parameter], group)
                    parameter.memory.write()  # counted: a backward that needs the old value will refuse

    def state_dict(self) -> dict[str, Any]:
        """A snapshot of the options and of all state, in PyTorch's form: parameters are numbers, counted over groups.

        {"state": {0: {"step": 3, "exp_avg": array, …}, …}, "param_groups": [{"lr": …, "params": [0, 1]}, …]}
        """
        number = {parameter: i for i, parameter in enumerate(self._parameters())}
        return {
            "state": {number[parameter]: _copied(state) for parameter, state in self.state.items() if state},
            "param_groups": [
                {**group, "params": [number[parameter] for parameter in group["params"]]} for group in self.param_groups
            ],
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a `state_dict`, this class's or PyTorch's with its tensors as arrays.

        Raises ValueError, and changes nothing, where its groups, options or shapes do not fit those of this optimizer.
        """
        saved = state_dict["param_groups"]
        sizes, saved_sizes = [[len(group["params"]) for group in groups] for groups in (self.param_groups, saved)]
        if sizes != saved_sizes:
            raise ValueError(f"state_dict must have {sizes} parameters in its groups, as here; got {saved_sizes}")
        groups = [{**new, "params": here["params"]} for new, here in zip(saved, self.param_groups, strict=True)]
        for group in groups:
            if missing := sorted(self.defaults.keys() - group.keys()):
                raise ValueError(f"state_dict must have all options in each group; {', '.join(missing)} is missing")
            self.check(group)
        numbers = [number for group in saved for number in group["params"]]
        state: defaultdict[Tensor, State] = defaultdict(dict)
        for number, parameter in zip(numbers, self._parameters(), strict=True):
            for name, value in state_dict["state"].get(number, {}).items():
                state[parameter][name] = _loaded(name, value, number, parameter)
        self.state, self.param_groups = state, groups

    def _parameters(self) -> list[Tensor]:
        return [parameter for group in self.param_groups for parameter in group["params"]]


def _copied(state: State) -> State:
    """`[...]` makes an array of the NumPy scalar that arithmetic on arrays without axes leaves behind."""
    return {name: value[...].copy() if hasattr(value, "shape") else value for name, value in state.items()}


def _loaded(name: str, value: Any, number: int, parameter: Tensor) -> Any:
    """One thing remembered of a parameter, as `update` wants it: counts are int here and arrays in PyTorch."""
    if name == "step":
        return int(value)
    if value is None:
        return None
    if value.shape != parameter.shape:
        raise ValueError(
            f"state_dict must fit the parameters; {name} of parameter {number} must have shape {parameter.shape}, "
            f"got {value.shape}"
        )
    return value.astype(parameter.dtype)
