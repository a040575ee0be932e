"""What rows cannot show of schedules: saving and loading both ways, refusals, a corner of one cycle."""

from typing import Any

import numpy as np
import pytest
import torch

from scratch.autograd.tensor import Tensor
from scratch.optim.schedules.cosine_annealing_lr import CosineAnnealingLR
from scratch.optim.schedules.cosine_annealing_warm_restarts import CosineAnnealingWarmRestarts
from scratch.optim.schedules.exponential_lr import ExponentialLR
from scratch.optim.schedules.multi_step_lr import MultiStepLR
from scratch.optim.schedules.one_cycle_lr import OneCycleLR
from scratch.optim.schedules.reduce_lr_on_plateau import ReduceLROnPlateau
from scratch.optim.schedules.step_lr import StepLR
from scratch.optim.sgd import SGD

from ..harness.judge import compare
from ..harness.reference import Expected
from ..harness.rounding import rounding
from .either_side import as_arrays, as_tensors, names

SCHEDULES: list[tuple[Any, dict[str, Any]]] = [
    (StepLR, {"step_size": 3}),
    (MultiStepLR, {"milestones": [2, 5, 5]}),
    (ExponentialLR, {"gamma": 0.9}),
    (CosineAnnealingLR, {"T_max": 10}),
    (CosineAnnealingWarmRestarts, {"T_0": 2, "T_mult": 2}),
    (OneCycleLR, {"max_lr": 1.0, "total_steps": 12}),
    (ReduceLROnPlateau, {"patience": 1, "cooldown": 2}),
]
LOSSES = [5.0, 4.0, 4.5, 4.6, 4.7, 4.8, 3.0, 3.1, 3.2, 3.3, 3.4]


class Schedule:
    """An optimizer and a schedule on one side."""

    def __init__(self, kind: Any, options: dict[str, Any]) -> None:
        self.torch = kind.__module__.startswith("torch")
        parameter: Any = torch.zeros(1, requires_grad=True) if self.torch else Tensor(np.zeros(1), requires_grad=True)
        optimizer: Any = torch.optim.SGD([parameter], lr=0.5) if self.torch else SGD([parameter], lr=0.5)
        self.optimizer, self.schedule = optimizer, kind(optimizer, **options)

    def steps(self, losses: list[float]) -> list[float]:
        seen = []
        for loss in losses:
            self.optimizer.step()
            self.schedule.step(*([loss] if "Plateau" in type(self.schedule).__name__ else []))
            assert self.schedule.get_last_lr() == [group["lr"] for group in self.optimizer.param_groups]
            seen.append(self.schedule.get_last_lr()[0])
        return seen

    def continue_from(self, other: "Schedule") -> None:
        self.schedule.load_state_dict(other.schedule.state_dict())
        convert = as_tensors if self.torch else as_arrays
        self.optimizer.load_state_dict(convert(other.optimizer.state_dict()))


def same_rates(ours: list[float], theirs: list[float]) -> None:
    """Each step of a schedule may round once at the size of the largest rate."""
    steps, truth = np.arange(1, len(theirs) + 1), np.array(theirs)
    unit = steps * rounding(np.max(truth), truth.dtype)
    compare(Expected("lr", truth, truth, unit), np.array(ours), "forward")


@pytest.mark.parametrize(("kind", "options"), SCHEDULES, ids=names)
def test_a_schedule_goes_on_in_pytorch_and_comes_back(kind: Any, options: dict[str, Any]) -> None:
    theirs = getattr(torch.optim.lr_scheduler, kind.__name__)
    expected = Schedule(theirs, options).steps(LOSSES)
    here, there, back = Schedule(kind, options), Schedule(theirs, options), Schedule(kind, options)
    seen = here.steps(LOSSES[:4])
    there.continue_from(here)
    seen += there.steps(LOSSES[4:8])
    back.continue_from(there)
    seen += back.steps(LOSSES[8:])
    same_rates(seen, expected)


def test_a_schedule_loads_all_or_nothing() -> None:
    here = Schedule(StepLR, {"step_size": 3})
    with pytest.raises(ValueError, match="last_epoch, base_lrs is missing"):
        here.schedule.load_state_dict({"step_size": 7, "gamma": 0.5})
    assert here.schedule.step_size == 3


def test_a_schedule_wants_an_optimizer() -> None:
    for kind, options in SCHEDULES:
        with pytest.raises(TypeError, match="a schedule drives an optimizer; got list"):
            kind([], **options)


def test_one_cycle_with_a_warm_up_of_no_length_begins_at_the_peak() -> None:
    """PyTorch divides by zero."""
    here = Schedule(OneCycleLR, {"max_lr": 1.0, "total_steps": 10, "pct_start": 0.1})
    assert here.schedule.get_last_lr() == [1.0]
    same_rates(here.steps([0.0] * 9)[-1:], [1 / 25 / 1e4])
