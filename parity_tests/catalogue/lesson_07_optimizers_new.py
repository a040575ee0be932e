"""Lesson 7: optimizers of which PyTorch has one only lately and one not at all: Muon and Lion."""

import math

import numpy as np
from numpy import ones, zeros

from ..harness.entry import Case, Divergence, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.parameters import grouped_optimizer
from .lesson_07_optimizers import (
    refused,
    refused_by_all,
    refused_rates,
    trajectory,
    workloads,
)


@cases("smooth", "integers", "extreme")
def lion_path(draw: Draw) -> Case:
    if draw.mode == "integers":  # numbers that a float holds exactly, so that an average can be exactly 0
        return trajectory(draw, {"lr": 0.5, "betas": (0.5, 0.5)})
    options = {
        "lr": draw.choice([0.001, 0.1]),
        "betas": draw.choice([(0.9, 0.99), (0.5, 0.8), (0.0, 0.5)]),
        "weight_decay": draw.choice([0.0, 0.1]),
        "maximize": draw.boolean(),
        "groups": draw.choice([(), ({"lr": 0.05}, {"betas": (0.8, 0.7)}, {"weight_decay": 0.5})]),
    }
    case = trajectory(draw, options, shapes=[draw.shape(max_rank=2) for _ in range(3)])
    numbers = (np.nan_to_num(array, posinf=1, neginf=-1) for array in case.arrays)  # NaN: see the divergence
    return Case(tuple(numbers), case.options)


@cases("smooth")
def muon_path(draw: Draw) -> Case:
    shapes = [(draw.size(1, 5), draw.size(1, 5)) for _ in range(2)]
    options = {
        "lr": draw.choice([0.02, 0.5]),
        "weight_decay": draw.choice([0.0, 0.1]),
        "momentum": draw.choice([0.95, 0.5, 0.0]),
        "nesterov": draw.boolean(),
        "adjust_lr_fn": draw.choice([None, "original", "match_rms_adamw"]),
        "ns_steps": draw.choice([5, 2]),
        "groups": draw.choice([(), ({"lr": 0.1, "ns_steps": 3}, {"momentum": 0.8, "nesterov": False})]),
    }
    return trajectory(draw, options, shapes=shapes)


ROWS = (
    Entry(
        "optim.lion",
        lesson=7,
        title="Lion",
        share=0.5,
        adapter=grouped_optimizer("Lion"),
        gradient=False,
        inputs=lion_path,
        refusals=(
            *refused_by_all(),
            *refused_rates(),
            refused("a decay below 0", "weight_decay", "-1", weight_decay=-1),
        ),
        sizes=workloads(),
        divergences=(
            Divergence(
                "the sign of NaN is NaN in NumPy and 0 in PyTorch, where the weight would silently stand still",
                Case((zeros(2), np.array([[1.0, math.nan], [1.0, 1.0]]))),
            ),
        ),
        mistakes=(
            Mistake("the sign of the gradient", replace="np.sign(followed)", by="np.sign(gradient)"),
            Mistake("no sign", replace="np.sign(followed)", by="followed"),
            Mistake("the sign of what is remembered", replace="np.sign(followed)", by='np.sign(state["exp_avg"])'),
            Mistake(
                "what is followed is remembered",
                replace='state["exp_avg"] = beta2 * average + (1 - beta2) * gradient',
                by='state["exp_avg"] = followed',
            ),
            Mistake(
                "the betas swapped", replace='lr, (beta1, beta2) = group["lr"]', by='lr, (beta2, beta1) = group["lr"]'
            ),
            Mistake("the sign of 0 is 1", replace="np.sign(followed)", by="np.where(followed >= 0, 1, -1)"),
            Mistake(
                "the decay without the learning rate",
                replace='(1 - lr * group["weight_decay"])',
                by='(1 - group["weight_decay"])',
            ),
            Mistake(
                "weight decay through the gradient",
                replace="        followed = beta1",
                by='        gradient = gradient + group["weight_decay"] * parameter\n        followed = beta1',
            ),
            Mistake("uphill", replace="parameter - lr * np", by="parameter + lr * np"),
            Mistake(
                "the options of the group are ignored",
                replace='(beta1, beta2) = group["lr"], group["betas"]',
                by='(beta1, beta2) = group["lr"], self.defaults["betas"]',
            ),
            Mistake("betas are not checked", replace='decay_rates("betas", *group["betas"])', by="pass"),
        ),
    ),
    Entry(
        "optim.muon",
        lesson=7,
        title="Muon: orthogonal steps",
        share=0.5,
        adapter=grouped_optimizer("Muon"),
        gradient=False,
        inputs=muon_path,
        refusals=(
            Refusal("uphill", Case((zeros((2, 3)), ones((1, 2, 3))), {"lr": -0.1}), says=("lr", "-0.1")),
            Refusal("no number", Case((zeros((2, 3)), ones((1, 2, 3))), {"lr": math.nan}), says=("lr", "nan")),
            Refusal("a bias", Case((zeros(3), ones((1, 3)))), says=("matrices", "(3,)")),
            Refusal("a kernel", Case((zeros((1, 2, 3)), ones((1, 1, 2, 3)))), says=("matrices", "(1, 2, 3)")),
            Refusal("a matrix without elements", Case((zeros((0, 3)), ones((1, 0, 3)))), says=("matrices", "(0, 3)")),
            Refusal(
                "a momentum below 0", Case((zeros((2, 3)), ones((1, 2, 3))), {"momentum": -1}), says=("momentum", "-1")
            ),
            Refusal(
                "too many steps", Case((zeros((2, 3)), ones((1, 2, 3))), {"ns_steps": 100}), says=("ns_steps", "100")
            ),
            Refusal(
                "an unknown scale",
                Case((zeros((2, 3)), ones((1, 2, 3))), {"adjust_lr_fn": "adam"}),
                says=("adjust_lr_fn", "adam"),
            ),
        ),
        sizes=workloads(),
        mistakes=(
            Mistake(
                "no orthogonalization",
                replace="        gram = x @ x.T\n        x = a *",
                by="        gram = x @ x.T\n        continue\n        x = a *",
            ),
            Mistake("the matrix is not normalized first", replace="np.maximum(np.sqrt((x * x).sum()), eps)", by="1"),
            Mistake("normalized by the square of the norm", replace="np.sqrt((x * x).sum())", by="(x * x).sum()"),
            Mistake("a step of Newton-Schulz too many", replace="range(steps)", by="range(steps + 1)"),
            Mistake("cubic, not quintic", replace="(b * gram + c * gram @ gram)", by="(b * gram)"),
            Mistake("elementwise products", replace="c * gram @ gram", by="c * gram * gram"),
            Mistake(
                "momentum after orthogonalization",
                replace="direction = orthogonal(followed,",
                by="direction = followed + 0 * orthogonal(followed,",
            ),
            Mistake("Nesterov is ignored", replace='if group["nesterov"] else buffer', by="if False else buffer"),
            Mistake("Nesterov for all", replace='if group["nesterov"] else buffer', by="if True else buffer"),
            Mistake("no momentum", replace="buffer = momentum * state", by="buffer = 0 * state"),
            Mistake("the scale of a flat matrix", replace="max(1, rows / columns)", by="max(1, columns / rows)"),
            Mistake("no scale", replace='scale(parameter.shape, group["adjust_lr_fn"]) * direction', by="direction"),
            Mistake("the smaller side", replace="math.sqrt(max(rows, columns))", by="math.sqrt(min(rows, columns))"),
            Mistake(
                "the decay without the learning rate",
                replace='(1 - lr * group["weight_decay"])',
                by='(1 - group["weight_decay"])',
            ),
            Mistake(
                "the decay is scaled",
                replace='(1 - lr * group["weight_decay"])',
                by='(1 - lr * scale(parameter.shape, group["adjust_lr_fn"]) * group["weight_decay"])',
            ),
            Mistake(
                "the options of the group are ignored",
                replace='lr, momentum = group["lr"]',
                by='lr, momentum = self.defaults["lr"]',
            ),
            Mistake(
                "biases are accepted", replace="if len(parameter.shape) != 2 or", by="if len(parameter.shape) == 3 or"
            ),
        ),
    ),
)
