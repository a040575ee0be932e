"""Lesson 7: schedules of the learning rate."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from hypothesis.strategies import SearchStrategy
from numpy import array

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.schedules import schedule


def over_steps(options: Callable[[Draw], Mapping[str, Any]], *, dtype: Any = np.float64) -> SearchStrategy[Case]:
    """Learning rates of one or two groups; `options` may say how many steps.

    They are Python numbers, so float64 is what to judge them in. It is too sharp where PyTorch's own roundings add up
    from wave to wave: no noise unit knows of what is not computed on tensors.
    """

    @cases("smooth", dtypes=(dtype,))
    def inputs(draw: Draw) -> Case:
        learning_rates = draw.uniform((draw.integer(1, 2),), 0.01, 1.0)
        return Case((learning_rates,), {"steps": draw.integer(20, 30), **options(draw)})

    return inputs


def workloads(**options: Any) -> dict[str, Callable[[np.random.Generator], Case]]:
    def many(steps: int) -> Callable[[np.random.Generator], Case]:
        return lambda generator: Case((generator.uniform(0.01, 1.0, 2),), {"steps": steps, **options})

    return {"small": many(10), "medium": many(100)}


def refused(reason: str, *says: str, **options: Any) -> Refusal:
    """One group, with what makes it wrong."""
    return Refusal(reason, Case((array([0.1]),), options), says=says)


def bad_gammas(**options: Any) -> tuple[Refusal, ...]:
    return tuple(refused("a gamma of nothing", "gamma", str(g), gamma=g, **options) for g in (0.0, -0.5, math.nan))


ROWS = (
    Entry(
        "optim.schedules.step_lr",
        lesson=7,
        title="Step decay",
        adapter=schedule("StepLR"),
        gradient=False,
        inputs=over_steps(lambda draw: {"step_size": draw.integer(1, 8), "gamma": draw.choice([0.1, 0.5, 0.9])}),
        refusals=(
            *bad_gammas(step_size=1),
            refused("steps of nothing", "step_size", "0", step_size=0),
        ),
        sizes=workloads(step_size=30),
        mistakes=(
            Mistake("every step", replace="(epoch // self.step_size)", by="(epoch / self.step_size)"),
            Mistake("one epoch late", replace="(epoch // self.step_size)", by="((epoch - 1) // self.step_size)"),
            Mistake("one epoch early", replace="(epoch // self.step_size)", by="((epoch + 1) // self.step_size)"),
            Mistake("gamma is added up", replace="self.gamma ** (epoch", by="self.gamma * (epoch"),
            Mistake("only once", replace="(epoch // self.step_size)", by="(epoch >= self.step_size)"),
            Mistake("a step of nothing", replace="if step_size < 1:", by="if False:"),
        ),
    ),
    Entry(
        "optim.schedules.multi_step_lr",
        lesson=7,
        title="Step decay at milestones",
        adapter=schedule("MultiStepLR"),
        gradient=False,
        inputs=over_steps(
            lambda draw: {
                "milestones": [draw.integer(1, 20) for _ in range(draw.integer(0, 5))],
                "gamma": draw.choice([0.1, 0.5, 0.9]),
            }
        ),
        refusals=(
            *bad_gammas(milestones=[3]),
            refused("a milestone at the start", "milestones", "[0, 3]", milestones=[3, 0]),
        ),
        sizes=workloads(milestones=[30, 60]),
        mistakes=(
            Mistake("one epoch late", replace="milestone <= epoch", by="milestone < epoch"),
            Mistake("one epoch early", replace="milestone <= epoch", by="milestone <= epoch + 1"),
            Mistake("only at the milestone", replace="milestone <= epoch", by="milestone == epoch"),
            Mistake("a milestone given twice counts once", replace="sum(times for", by="sum(1 for"),
            Mistake("gamma is added up", replace="self.gamma**passed", by="(self.gamma * passed or 1)"),
            Mistake("a milestone before the start", replace="milestone < 1", by="False"),
        ),
    ),
    Entry(
        "optim.schedules.exponential_lr",
        lesson=7,
        title="Exponential decay",
        adapter=schedule("ExponentialLR"),
        gradient=False,
        inputs=over_steps(lambda draw: {"gamma": draw.choice([0.5, 0.9, 0.99, 1.0])}),
        refusals=bad_gammas(),
        sizes=workloads(gamma=0.99),
        mistakes=(
            Mistake("one epoch ahead", replace="self.gamma**epoch", by="self.gamma ** (epoch + 1)"),
            Mistake("one epoch late", replace="self.gamma**epoch", by="self.gamma ** max(epoch - 1, 0)"),
            Mistake("linear", replace="self.gamma**epoch", by="(1 - (1 - self.gamma) * epoch)"),
            Mistake("exp of gamma", replace="self.gamma**epoch", by="2.718281828459045 ** (-(1 - self.gamma) * epoch)"),
            Mistake("gamma is not checked", replace='above_zero({"gamma": gamma}, "gamma")', by="pass"),
        ),
    ),
    Entry(
        "optim.schedules.cosine_annealing_lr",
        lesson=7,
        title="Cosine annealing",
        adapter=schedule("CosineAnnealingLR"),
        gradient=False,
        inputs=over_steps(
            lambda draw: {"T_max": draw.choice([1, 2, 5, 8, 13, 40]), "eta_min": draw.choice([0.0, 0.005])},
            dtype=np.float32,
        ),
        refusals=(
            refused("a wave of no length", "T_max", "0", T_max=0),
            refused("below zero", "eta_min", "-1", T_max=3, eta_min=-1),
        ),
        sizes=workloads(T_max=200),
        mistakes=(
            Mistake("a whole wave", replace="math.cos(math.pi *", by="math.cos(2 * math.pi *"),
            Mistake("not halved", replace="/ self.T_max)) / 2", by="/ self.T_max))"),
            Mistake("upwards", replace="(1 + math.cos", by="(1 - math.cos"),
            Mistake("eta_min is not subtracted", replace="(base_lr - self.eta_min) * wave", by="base_lr * wave"),
            Mistake(
                "eta_min is ignored", replace="self.eta_min + (base_lr - self.eta_min) * wave", by="base_lr * wave"
            ),
            Mistake("it ends one epoch early", replace="epoch / self.T_max", by="epoch / max(self.T_max - 1, 1)"),
            Mistake("it stays down after T_max", replace="math.pi * epoch", by="math.pi * min(epoch, self.T_max)"),
            Mistake("T_max is not checked", replace="if T_max < 1:", by="if False:"),
        ),
    ),
    Entry(
        "optim.schedules.cosine_annealing_warm_restarts",
        lesson=7,
        title="Warm restarts",
        adapter=schedule("CosineAnnealingWarmRestarts"),
        gradient=False,
        inputs=over_steps(
            lambda draw: {
                "T_0": draw.integer(1, 8),
                "T_mult": draw.integer(1, 3),
                "eta_min": draw.choice([0.0, 0.005]),
            }
        ),
        refusals=(
            refused("no length", "T_0", "0", T_0=0),
            refused("half an epoch", "T_0", "0.5", T_0=0.5),
            refused("descents that vanish", "T_mult", "0", T_0=3, T_mult=0),
            refused("below zero", "eta_min", "-1", T_0=3, eta_min=-1),
        ),
        sizes=workloads(T_0=10, T_mult=2),
        mistakes=(
            Mistake("no restart", replace="while epoch >= length:", by="while False:"),
            Mistake("one epoch late", replace="while epoch >= length:", by="while epoch > length:"),
            Mistake("all descents are equally long", replace="length *= self.T_mult", by="pass"),
            Mistake(
                "longer before it is subtracted",
                replace="            epoch -= length\n            length *= self.T_mult",
                by="            length *= self.T_mult\n            epoch -= length",
            ),
            Mistake("only one restart", replace="while epoch >= length:", by="if epoch >= length:"),
            Mistake("a whole wave", replace="math.cos(math.pi *", by="math.cos(2 * math.pi *"),
            Mistake("eta_min is not subtracted", replace="(base_lr - self.eta_min) * wave", by="base_lr * wave"),
            Mistake("half an epoch", replace="not isinstance(value, int) or value < 1", by="value <= 0"),
        ),
    ),
)
