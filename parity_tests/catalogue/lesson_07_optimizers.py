"""Lesson 7: optimizers: their base, SGD, and two of today."""

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis.strategies import SearchStrategy
from numpy import ones, zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.parameters import grouped_optimizer, optimizer_base

Options = Mapping[str, Any]
STEPS = 20


def trajectory(draw: Draw, options: Options, *, shapes: list[tuple[int, ...]] | None = None) -> Case:
    """Parameters, a path of gradients for each, and what happens on the way."""
    shapes = shapes or some_shapes(draw, draw.integer(1, 3))
    parameters, paths = [draw.floats(shape) for shape in shapes], [gradients(draw, shape) for shape in shapes]
    missing = tuple((draw.integer(0, STEPS), draw.integer(0, len(shapes) - 1)) for _ in range(draw.integer(0, 4)))
    return Case((*parameters, *paths), {**options, "missing": missing, "reload_at": draw.choice([-1, 0, 1, 9])})


def some_shapes(draw: Draw, count: int) -> list[tuple[int, ...]]:
    """At times the same for all parameters: then no shape tells the state of one from that of another."""
    return [draw.shape(max_rank=2)] * count if draw.boolean() else [draw.shape(max_rank=2) for _ in range(count)]


def gradients(draw: Draw, shape: tuple[int, ...]) -> Any:
    """(steps, *shape): usually different from step to step; zero at some, or all the time; or huge."""
    path = draw.floats((STEPS, *shape))
    kind = draw.choice(["ordinary", "ordinary", "huge", "zero at times", "zero at first", "steady"])
    if kind == "huge" and draw.mode == "smooth":
        path *= 1e10
    elif kind == "zero at times":
        path[draw.integer(1, 5) :: draw.integer(1, 4)] = 0
    elif kind == "zero at first":
        path[: draw.choice([1, 5, STEPS])] = 0
    elif kind == "steady":
        path[1:] = path[0]
    return path


def path_of(
    options: Callable[[Draw], Options], *modes: Any, differ: Callable[[Draw], Options] = lambda draw: {}
) -> SearchStrategy[Case]:
    """Trajectories under drawn options; with groups that differ in some of them."""

    @cases(*modes)
    def inputs(draw: Draw) -> Case:
        case = trajectory(draw, options(draw))
        if not draw.boolean():
            return case
        groups = tuple({"lr": draw.choice([0.05, 0.2]), **differ(draw)} for _ in range(len(case.arrays) // 2))
        return Case(case.arrays, {**case.options, "groups": groups})

    return inputs


def workload(*widths: int, **options: Any) -> Callable[[np.random.Generator], Case]:
    """Three steps of the weights of a few layers."""

    def build(generator: np.random.Generator) -> Case:
        shapes = [(outputs, inputs) for inputs, outputs in pairwise(widths)]
        arrays = [generator.standard_normal(shape).astype(np.float32) for shape in shapes]
        paths = [generator.standard_normal((3, *shape)).astype(np.float32) for shape in shapes]
        return Case((*arrays, *paths), options)

    return build


def workloads(**options: Any) -> dict[str, Callable[[np.random.Generator], Case]]:
    return {
        "small": workload(16, 32, 16, **options),
        "medium": workload(128, 256, 64, **options),
        "large": workload(784, 512, 256, **options),
    }


def refused(reason: str, *says: str, **options: Any) -> Refusal:
    """Two parameters and a step, with what makes it wrong."""
    return Refusal(reason, Case((zeros(2), zeros((2, 3)), ones((1, 2)), ones((1, 2, 3))), options), says=says)


def refused_by_all() -> tuple[Refusal, ...]:
    return (
        refused("uphill", "lr", "-0.1", lr=-0.1),
        refused("no number", "lr", "nan", lr=math.nan),
        refused("one parameter, two groups", "once", "(2,)", twice=True),
        Refusal("nothing to optimize", Case(()), says=("params", "empty")),
    )


def refused_rates() -> tuple[Refusal, ...]:
    return (
        refused("a beta of 1", "betas", "1.0", betas=(0.9, 1.0)),
        refused("a beta below 0", "betas", "-0.1", betas=(-0.1, 0.9)),
        refused("a beta that is no number", "betas", "nan", betas=(math.nan, 0.9)),
    )


def sgd_options(draw: Draw) -> Options:
    momentum = draw.choice([0.0, 0.5, 0.9])
    nesterov = bool(momentum) and draw.boolean()
    return {
        "lr": draw.choice([0.01, 0.1, 1.0]),
        "momentum": momentum,
        "dampening": 0.0 if nesterov else draw.choice([0.0, 0.5]),
        "weight_decay": draw.choice([0.0, 0.1]),
        "nesterov": nesterov,
        "maximize": draw.boolean(),
    }


@cases("smooth", "extreme")
def heavy_ball(draw: Draw) -> Case:
    options = {"lr": draw.choice([0.01, 1.0]), "momentum": draw.choice([0.5, 0.9]), "maximize": draw.boolean()}
    groups = ({"lr": 0.2, "maximize": False}, {"momentum": 0.3}, {})
    case = trajectory(draw, options, shapes=some_shapes(draw, 3))
    return Case(case.arrays, {**case.options, "groups": groups if draw.boolean() else ()})


ROWS = (
    Entry(
        "optim.optimizer",
        lesson=7,
        title="Optimizer: groups and state",
        share=0.5,
        adapter=optimizer_base(),
        gradient=False,
        inputs=heavy_ball,
        refusals=(
            *refused_by_all(),
            Refusal("a gradient of another shape", Case((zeros(2), ones((1, 1)))), says=("shape", "(2,)", "(1,)")),
            Refusal(
                "a gradient of another dtype",
                Case((zeros(2), ones((1, 2), np.float32))),
                says=("dtype", "float64", "float32"),
            ),
        ),
        sizes=workloads(),
        mistakes=(
            Mistake(
                "no gradient is taken for a gradient of zero",
                replace="""                        continue
                    gradient = parameter.grad.data""",
                by="""                        parameter.grad = Tensor(parameter.data * 0)
                    gradient = parameter.grad.data""",
            ),
            Mistake("one parameter without gradient ends the group", replace="continue", by="break"),
            Mistake("the options of a group are ignored", replace="**self.defaults, **group,", by="**self.defaults,"),
            Mistake(
                "the defaults win over the group",
                replace="{**self.defaults, **group, ",
                by="{**group, **self.defaults, ",
            ),
            Mistake(
                "only the first group is moved",
                replace="""            for group in self.param_groups:
                for parameter in group["params"]:
                    if parameter.grad is None:""",
                by="""            for group in self.param_groups[:1]:
                for parameter in group["params"]:
                    if parameter.grad is None:""",
            ),
            Mistake(
                "all parameters share one state", replace="self.state[parameter], group)", by="self.state[None], group)"
            ),
            Mistake("maximize is ignored", replace='if group.get("maximize"):', by="if False:"),
            Mistake(
                "the state is not loaded",
                replace="self.state, self.param_groups = state, groups",
                by="self.param_groups = groups",
            ),
            Mistake(
                "all parameters load the state of the first",
                replace='state_dict["state"].get(number, {})',
                by='state_dict["state"].get(0, {})',
            ),
            Mistake("a gradient of another shape is broadcast", replace="gradient.shape != parameter.shape or", by=""),
            Mistake("a gradient is cast", replace="or gradient.dtype != parameter.dtype", by=""),
            Mistake("a parameter may be in two groups", replace="if parameter in taken:", by="if False:"),
            Mistake("an empty list is accepted", replace="if not groups:", by="if False:"),
            Mistake(
                "options are not checked",
                replace="        self.check(defaults)\n",
                by="        self.check = lambda group: None\n",
            ),
        ),
    ),
    Entry(
        "optim.sgd",
        lesson=7,
        title="SGD: momentum, Nesterov",
        share=0.5,
        adapter=grouped_optimizer("SGD"),
        gradient=False,
        inputs=path_of(sgd_options, "smooth", "extreme", differ=lambda draw: {"weight_decay": draw.choice([0.0, 0.3])}),
        refusals=(
            *refused_by_all(),
            refused("a momentum below 0", "momentum", "-0.5", momentum=-0.5),
            refused("a momentum that is no number", "momentum", "nan", momentum=math.nan),
            refused("a decay below 0", "weight_decay", "-1", weight_decay=-1),
            refused("nesterov without momentum", "nesterov", "momentum 0", nesterov=True),
            refused("nesterov dampened", "nesterov", "dampening 0.5", nesterov=True, momentum=0.9, dampening=0.5),
        ),
        sizes=workloads(lr=0.01, momentum=0.9),
        mistakes=(
            Mistake("uphill", replace='parameter - group["lr"]', by='parameter + group["lr"]'),
            Mistake(
                "the buffer starts at zero: the first gradient is dampened",
                replace="buffer = gradient.copy()",
                by='buffer = (1 - group["dampening"]) * gradient',
            ),
            Mistake("the first step is left out", replace="buffer = gradient.copy()", by="buffer = 0 * gradient"),
            Mistake("no dampening", replace='(1 - group["dampening"]) * gradient', by="gradient"),
            Mistake(
                "dampening by the momentum",
                replace='(1 - group["dampening"]) * gradient',
                by="(1 - momentum) * gradient",
            ),
            Mistake(
                "Nesterov one step late: it looks ahead with the buffer of the step before",
                replace="gradient + momentum * buffer if",
                by="gradient + momentum * (buffer if last is None else last) if",
            ),
            Mistake(
                "Nesterov forgets the gradient itself",
                replace="gradient + momentum * buffer if",
                by="momentum * buffer if",
            ),
            Mistake("Nesterov is ignored", replace='if group["nesterov"] else buffer', by="if False else buffer"),
            Mistake("the buffer is not kept", replace='state["momentum_buffer"] = buffer', by="pass"),
            Mistake(
                "the buffer remembers the decayed step",
                replace='state["momentum_buffer"] = buffer',
                by='state["momentum_buffer"] = group["lr"] * buffer',
            ),
            Mistake(
                "the decay is not in the gradient",
                replace='gradient = gradient + group["weight_decay"] * parameter',
                by='parameter = (1 - group["lr"] * group["weight_decay"]) * parameter',
            ),
            Mistake(
                "the decay has the wrong sign",
                replace='gradient + group["weight_decay"] * parameter',
                by='gradient - group["weight_decay"] * parameter',
            ),
            Mistake(
                "the options of the group are ignored",
                replace='parameter - group["lr"]',
                by='parameter - self.defaults["lr"]',
            ),
            Mistake("nesterov without momentum", replace='group["momentum"] > 0 and', by=""),
            Mistake(
                "a negative momentum", replace='at_least_zero(group, "lr", "momentum",', by='at_least_zero(group, "lr",'
            ),
        ),
    ),
)
