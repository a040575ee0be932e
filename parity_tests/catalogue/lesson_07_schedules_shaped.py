"""Lesson 7: schedules that go up first, and one that follows the loss."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy import array

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.schedules import schedule
from .lesson_07_schedules import over_steps, refused, workloads


@cases("smooth", "integers", dtypes=(np.float64,))
def metrics(draw: Draw) -> Case:
    """Losses that fall at first; whole numbers that repeat in the mode of ties."""
    groups, steps = draw.integer(1, 2), draw.integer(20, 30)
    values = draw.floats((steps,))
    if draw.boolean():
        values[: steps // 2] = np.sort(values[: steps // 2])[::-1]
    options = {
        "mode": draw.choice(["min", "max"]),
        "factor": draw.choice([0.5, 0.125]),
        "patience": draw.integer(0, 4),
        "threshold": draw.choice([0.0, 0.25, 1.0]),
        "threshold_mode": draw.choice(["rel", "abs"]),
        "cooldown": draw.integer(0, 3),
        "min_lr": draw.choice([0.0, 0.03125, [0.0625] * groups]),
        "eps": draw.choice([1e-8, 0.125]),
    }
    return Case((np.array([1.0, 0.5][:groups]), values), options)


def one_cycle_options(draw: Draw) -> Mapping[str, Any]:
    total = draw.integer(20, 30)
    return {
        "max_lr": draw.choice([1.0, 0.1]),
        **draw.choice([{"total_steps": total}, {"epochs": 5, "steps_per_epoch": total // 5}]),
        "steps": total // 5 * 5,
        "pct_start": draw.choice([0.3, 0.25, 0.45]),
        "anneal_strategy": draw.choice(["cos", "linear"]),
        "cycle_momentum": draw.boolean(),
        "div_factor": draw.choice([25.0, 10.0]),
        "final_div_factor": draw.choice([1e4, 10.0]),
        "three_phase": draw.boolean(),
        "optimizer": draw.choice(["SGD", "Adam"]),
    }


def warmup_options(draw: Draw) -> Mapping[str, Any]:
    total = draw.integer(4, 30)
    return {
        "warmup_steps": draw.integer(0, total // 2),
        "total_steps": total,
        "start_factor": draw.choice([0.01, 0.5, 1.0]),
        "eta_min": draw.choice([0.0, 0.005]),
        "steps": total,
    }


ROWS = (
    Entry(
        "optim.schedules.one_cycle_lr",
        lesson=7,
        title="One cycle",
        adapter=schedule("OneCycleLR"),
        gradient=False,
        inputs=over_steps(one_cycle_options),
        refusals=(
            refused("no length", "total_steps", "None", max_lr=1.0),
            refused("half a length", "steps_per_epoch", "None", max_lr=1.0, epochs=3),
            refused("a length of 0", "total_steps", "0", max_lr=1.0, total_steps=0),
            refused("beyond its end", "total_steps, 10", max_lr=1.0, total_steps=10, steps=11),
            refused("a start beyond the end", "pct_start", "1.5", max_lr=1.0, total_steps=10, pct_start=1.5),
            refused("another wave", "anneal_strategy", "sin", max_lr=1.0, total_steps=10, anneal_strategy="sin"),
            refused("peaks for other groups", "max_lr", "[1.0, 2.0]", max_lr=[1.0, 2.0], total_steps=10),
            refused("a peak below zero", "max_lr", "-1.0", max_lr=-1.0, total_steps=10),
            refused("a divisor of zero", "div_factor", "0", max_lr=1.0, total_steps=10, div_factor=0.0),
            refused("no momentum to cycle", "momentum", "Adagrad", max_lr=1.0, total_steps=10, optimizer="Adagrad"),
        ),
        sizes=workloads(max_lr=1.0, total_steps=100),
        mistakes=(
            Mistake(
                "the warm-up is one step longer",
                replace='pct_start * total - 1, "max_lr"',
                by='pct_start * total, "max_lr"',
            ),
            Mistake("the end is one step later", replace="Corner(total - 1", by="Corner(total"),
            Mistake(
                "the peak is the start",
                replace="initial_lr = peak / div_factor",
                by="initial_lr = peak",
            ),
            Mistake(
                "the end is measured from the peak",
                replace="min_lr=initial_lr / final_div_factor",
                by="min_lr=peak / final_div_factor",
            ),
            Mistake(
                "momentum follows the learning rate",
                replace='Corner(0, "initial_lr", "max_momentum")',
                by='Corner(0, "initial_lr", "base_momentum")',
            ),
            Mistake("momentum stays", replace="if self.cycle_momentum:", by="if False:"),
            Mistake(
                "beta2 instead of beta1", replace='(momentum, group["betas"][1])', by='(group["betas"][0], momentum)'
            ),
            Mistake("always two phases", replace="if not three_phase:", by="if True:"),
            Mistake("always three phases", replace="if not three_phase:", by="if False:"),
            Mistake(
                "the mirror is as long as the rest",
                replace="Corner(2 * pct_start * total - 2,",
                by="Corner((1 + pct_start) * total / 2,",
            ),
            Mistake("always linear", replace='_cosine if anneal_strategy == "cos" else _linear', by="_linear"),
            Mistake(
                "the cosine from the wrong end", replace="end + (start - end) / 2 *", by="start + (end - start) / 2 *"
            ),
            Mistake("beyond the end", replace="if self.last_epoch >= self.total_steps:", by="if False:"),
            Mistake(
                "it ends one step late",
                replace="if self.last_epoch >= self.total_steps:",
                by="if self.last_epoch > self.total_steps:",
            ),
            Mistake("cycle_momentum without momentum", replace="if cycle_momentum and not", by="if False and not"),
        ),
    ),
    Entry(
        "optim.schedules.reduce_lr_on_plateau",
        lesson=7,
        title="Reduce on plateau",
        adapter=schedule("ReduceLROnPlateau"),
        gradient=False,
        inputs=metrics,
        refusals=tuple(
            Refusal(reason, Case((array([0.1]), array([1.0])), options), says=says)
            for reason, options, says in (
                ("neither min nor max", {"mode": "mean"}, ("mode", "mean")),
                ("neither rel nor abs", {"threshold_mode": "both"}, ("threshold_mode", "both")),
                ("a factor that reduces nothing", {"factor": 1.0}, ("factor", "1.0")),
                ("a factor of 0", {"factor": 0.0}, ("factor", "0.0")),
                ("no patience at all", {"patience": -1}, ("patience", "-1")),
                ("minima for other groups", {"min_lr": [0.0, 0.1]}, ("min_lr", "[0.0, 0.1]")),
            )
        ),
        sizes={
            "small": lambda generator: Case((array([0.1, 1.0]), generator.uniform(0, 1, 10)), {"patience": 1}),
            "medium": lambda generator: Case((array([0.1, 1.0]), generator.uniform(0, 1, 100)), {"patience": 1}),
        },
        mistakes=(
            Mistake(
                "impatient by one epoch",
                replace="self.num_bad_epochs > self.patience",
                by="self.num_bad_epochs >= self.patience",
            ),
            Mistake("equal is better", replace="sign * metric > sign * needed", by="sign * metric >= sign * needed"),
            Mistake("always the minimum", replace='sign = -1 if self.mode == "min" else 1', by="sign = -1"),
            Mistake("the threshold is always relative", replace='if self.threshold_mode == "rel":', by="if True:"),
            Mistake("the threshold is always absolute", replace='if self.threshold_mode == "rel":', by="if False:"),
            Mistake(
                "the threshold makes it easier", replace="(1 + sign * self.threshold)", by="(1 - sign * self.threshold)"
            ),
            Mistake(
                "the best is the last",
                replace="            self.num_bad_epochs += 1\n",
                by="            self.num_bad_epochs += 1\n            self.best = float(metrics)\n",
            ),
            Mistake(
                "bad epochs are counted over the whole training",
                replace="            self.best = float(metrics)\n            self.num_bad_epochs = 0\n",
                by="            self.best = float(metrics)\n",
            ),
            Mistake("no cooldown", replace="self.cooldown_counter = self.cooldown", by="pass"),
            Mistake(
                "bad epochs count in the cooldown",
                replace="            self.cooldown_counter -= 1\n            self.num_bad_epochs = 0\n",
                by="            self.cooldown_counter -= 1\n",
            ),
            Mistake(
                "a reduction does not start over",
                replace="            self.cooldown_counter = self.cooldown\n            self.num_bad_epochs = 0\n",
                by="            self.cooldown_counter = self.cooldown\n",
            ),
            Mistake("no minimum", replace='max(group["lr"] * self.factor, min_lr)', by='group["lr"] * self.factor'),
            Mistake("reductions that are too small", replace="> self.eps:", by="> 0:"),
            Mistake("a factor of 1", replace="if not 0 < factor < 1:", by="if not 0 < factor <= 1:"),
        ),
    ),
    Entry(
        "optim.schedules.warmup_cosine_lr",
        lesson=7,
        title="Warm-up and cosine",
        adapter=schedule("WarmupCosineLR"),
        gradient=False,
        inputs=over_steps(warmup_options),
        refusals=(
            refused("warm-up to the end", "warmup_steps", "5 of 5", warmup_steps=5, total_steps=5),
            refused("warm-up before the start", "warmup_steps", "-1", warmup_steps=-1, total_steps=5),
            refused("a start at zero", "start_factor", "0.0", warmup_steps=1, total_steps=5, start_factor=0.0),
            refused("a start above the top", "start_factor", "2.0", warmup_steps=1, total_steps=5, start_factor=2.0),
            refused("below zero", "eta_min", "-1", warmup_steps=1, total_steps=5, eta_min=-1),
            refused("beyond its end", "total_steps, 5", warmup_steps=1, total_steps=5, steps=6),
        ),
        sizes=workloads(warmup_steps=10, total_steps=100),
        mistakes=(
            Mistake(
                "the warm-up starts at zero",
                replace="(self.start_factor + (1 - self.start_factor) * epoch / self.warmup_steps)",
                by="(epoch / self.warmup_steps)",
            ),
            Mistake("the warm-up goes beyond the top", replace="(1 - self.start_factor) * epoch", by="epoch"),
            Mistake(
                "the top is reached one step early",
                replace="* epoch / self.warmup_steps",
                by="* (epoch + 1) / self.warmup_steps",
            ),
            Mistake(
                "the cosine starts at the first step", replace="= epoch - self.warmup_steps, self", by="= epoch, self"
            ),
            Mistake(
                "the cosine is as long as the training",
                replace="self.total_steps - self.warmup_steps\n",
                by="self.total_steps\n",
            ),
            Mistake("no warm-up", replace="if epoch < self.warmup_steps:", by="if False:"),
            Mistake("eta_min is ignored", replace="self.eta_min + (base_lr - self.eta_min) *", by="base_lr *"),
            Mistake("beyond the end", replace="if self.last_epoch >= self.total_steps:", by="if False:"),
            Mistake(
                "it ends one step late",
                replace="if self.last_epoch >= self.total_steps:",
                by="if self.last_epoch > self.total_steps:",
            ),
            Mistake("a start at zero", replace="if not 0 < start_factor <= 1:", by="if not 0 <= start_factor <= 1:"),
        ),
    ),
)
