"""What all schedules share: the optimizer whose learning rates they set, and a state that can be saved.

    optimizer = SGD(parameters, lr=0.1)
    schedule = StepLR(optimizer, step_size=30)
    for epoch in range(90):
        …                       # many optimizer.step()
        schedule.step()         # after them: the learning rate of the next epoch

What a schedule counts is called an epoch, whether it is stepped once an epoch or, as usual for one-cycle and warm-up,
after every update. Each group of the optimizer keeps the learning rate that it had in the beginning ("initial_lr");
almost all schedules are a function of that and of the number of the epoch, and so is their code: `lr_at`.

PyTorch computes each learning rate from the one before. That is the same number up to rounding, unless somebody else
writes to the learning rate in between: PyTorch goes on from what was written, these schedules overwrite it.

PyTorch: torch.optim.lr_scheduler.LRScheduler.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ..optimizer import Group, Optimizer


def groups_of(optimizer: Optimizer) -> list[Group]:
    """The groups that a schedule drives. Raises TypeError for what is no optimizer."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"a schedule drives an optimizer; got {type(optimizer).__name__}")
    return optimizer.param_groups


def one_per_group(name: str, value: float | list[float], optimizer: Optimizer) -> list[float]:
    """An option that may be one number, or a list of one for each group. Raises ValueError for another length."""
    count = len(groups_of(optimizer))
    values = value if isinstance(value, list) else [value] * count
    if len(values) != count:
        raise ValueError(f"{name} must be one number, or one for each of {count} groups; got {value}")
    return values


class Schedule:
    """The optimizer that is driven, and the number of the epoch. Raises TypeError for what is no optimizer."""

    def __init__(self, optimizer: Optimizer) -> None:
        groups_of(optimizer)
        self.optimizer = optimizer
        self.last_epoch = 0

    def get_last_lr(self) -> list[float]:
        """The learning rate of each group, as this schedule has set it."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """All but the optimizer, which has a `state_dict` of its own. PyTorch's schedules load it."""
        return deepcopy({**{name: vars(self)[name] for name in self._names()}, "_last_lr": self.get_last_lr()})

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a `state_dict`, this class's or PyTorch's. The optimizer loads its own.

        Raises ValueError, and changes nothing, where something is missing.
        """
        if missing := [name for name in self._names() if name not in state_dict]:
            raise ValueError(f"state_dict must have all that the schedule knows; {', '.join(missing)} is missing")
        vars(self).update(deepcopy({name: state_dict[name] for name in self._names()}))

    def _names(self) -> list[str]:
        """What is saved: numbers that PyTorch has too. What begins with an underscore follows from the constructor."""
        return [name for name in vars(self) if name != "optimizer" and not name.startswith("_")]


class ClosedFormSchedule(Schedule):
    """A schedule whose learning rate is a function of the epoch: a subclass writes `lr_at`."""

    def __init__(self, optimizer: Optimizer) -> None:
        super().__init__(optimizer)
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs: list[float] = [group["initial_lr"] for group in optimizer.param_groups]
        self.apply()

    def lr_at(self, epoch: int, base_lr: float) -> float:
        """The learning rate in an epoch, from 0, of a group that begins with `base_lr`."""
        raise NotImplementedError

    def apply(self) -> None:
        """Set the learning rates of the current epoch."""
        for group, base_lr in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = self.lr_at(self.last_epoch, base_lr)

    def step(self) -> None:
        """Go on to the next epoch."""
        self.last_epoch += 1
        self.apply()
