"""Lesson 8: regularization: dropout, penalties on the weights, early stopping."""

from collections.abc import Callable

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.layers import layer


@cases("smooth", "extreme")
def dropout_inputs(draw: Draw) -> Case:
    shape = draw.shape()
    p = draw.choice((0.5, 0.1, 0.25, 0.8, 0.0, 1.0))
    mask = draw.booleans(shape) if p else np.ones(shape, np.bool_)
    return Case((draw.floats(shape), mask & (p < 1)), {"p": p})


@cases("smooth", "extreme")
def dropout_layer_inputs(draw: Draw) -> Case:
    options = {"p": draw.choice((0.5, 0.2, 0.8, 0.0, 1.0)), "generator": draw.integer(0, 99)}
    return Case((draw.floats(draw.shape(2, 3)),), {**options, "training": draw.boolean()})


@cases("smooth", "integers", "extreme")
def penalty_inputs(draw: Draw) -> Case:
    return Case((draw.floats(draw.shape()),), {"strength": draw.choice((0.5, 0.01, 2.0))})


@cases("smooth", "integers", "extreme")
def losses_of_epochs(draw: Draw) -> Case:
    losses = draw.floats((draw.size(1, 24),))
    if draw.boolean():  # as a training has them: falling at first
        losses = losses + np.arange(len(losses), 0, -1).astype(losses.dtype) * draw.choice((1, 3))
    return Case((losses,), {"patience": draw.integer(1, 5), "min_delta": draw.choice((0.0, 0.0, 0.5, 2.0))})


def masked(*shape: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        return Case((generator.standard_normal(shape, dtype=np.float32), generator.random(shape) < 0.5))

    return build


def weights(*shape: int) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case((generator.standard_normal(shape, dtype=np.float32),), {"strength": 0.01})


def curve(epochs: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        losses = 1 / np.arange(1, epochs + 1) + 0.01 * generator.random(epochs)
        return Case((losses.astype(np.float32),), {"patience": 20})

    return build


KEEP = np.ones((2, 3), np.bool_)
PENALTY_REFUSALS = (
    Refusal("a reward for large weights", Case((zeros(3),), {"strength": -0.1}), says=("strength", "-0.1")),
    Refusal("no number", Case((zeros(3),), {"strength": float("nan")}), says=("strength", "nan")),
    Refusal("whole numbers", Case((np.arange(3),), {"strength": 0.1}), says=("weight", "floating-point", "int64")),
)
PENALTY_SIZES = {"small": weights(64, 64), "medium": weights(512, 512), "large": weights(4096, 1024)}
DY_IS_FORGOTTEN = "dy is forgotten: right only where the penalty is the whole loss"

ROWS = (
    Entry(
        "ops.regularization.l2_penalty",
        lesson=8,
        title="L2 penalty",
        inputs=penalty_inputs,
        refusals=PENALTY_REFUSALS,
        sizes=PENALTY_SIZES,
        mistakes=(
            Mistake("the half is forgotten in forward", replace="strength / 2 * total", by="strength * total"),
            Mistake(
                "the 2 of the square is not taken away", replace="dy * cache.strength *", by="2 * dy * cache.strength *"
            ),
            Mistake("the norm, not its square", replace="strength / 2 * total", by="strength / 2 * total**0.5"),
            Mistake("a mean instead of a sum", replace="(weight * weight).sum()", by="(weight * weight).mean()"),
            Mistake(
                "the strength is forgotten on the way back",
                replace="dy * cache.strength * cache.weight",
                by="dy * cache.weight",
            ),
            Mistake(DY_IS_FORGOTTEN, replace="dy * cache.strength * cache.weight", by="cache.strength * cache.weight"),
            Mistake("weights are rewarded for their size", replace="dy * cache.strength", by="-dy * cache.strength"),
            Mistake("a negative strength is accepted", replace="    require_penalty(weight, strength)\n", by=""),
        ),
    ),
    Entry(
        "ops.regularization.l1_penalty",
        lesson=8,
        title="L1 penalty",
        inputs=penalty_inputs,
        refusals=PENALTY_REFUSALS,
        sizes=PENALTY_SIZES,
        mistakes=(
            Mistake("no absolute value", replace="np.abs(weight).sum()", by="weight.sum()"),
            Mistake("squares", replace="np.abs(weight).sum()", by="(weight * weight).sum()"),
            Mistake("the slope of the square", replace="= dy * strength * sign", by="= dy * strength * weight"),
            Mistake("slope 1 at 0", replace="(weight > 0)", by="(weight >= 0)"),
            Mistake("slope -1 at 0", replace="(weight < 0)", by="(weight <= 0)"),
            Mistake(
                "NaN spreads into the gradient",
                replace="(weight > 0).astype(weight.dtype) - (weight < 0)",
                by="np.sign(weight)",
            ),
            Mistake("a mean instead of a sum", replace="np.abs(weight).sum()", by="np.abs(weight).mean()"),
            Mistake(DY_IS_FORGOTTEN, replace="= dy * strength * sign", by="= strength * sign"),
            Mistake("the strength is forgotten on the way back", replace="= dy * strength * sign", by="= dy * sign"),
        ),
    ),
    Entry(
        "ops.regularization.dropout",
        lesson=8,
        title="Dropout",
        inputs=dropout_inputs,
        refusals=(
            Refusal("mask of another shape", Case((zeros((2, 3)), KEEP[0])), says=("mask", "(3,)", "(2, 3)")),
            Refusal("more than certain", Case((zeros((2, 3)), KEEP), {"p": 1.5}), says=("p", "0 to 1", "1.5")),
            Refusal("less than never", Case((zeros((2, 3)), KEEP), {"p": -0.5}), says=("p", "0 to 1", "-0.5")),
            Refusal("a mask of numbers", Case((zeros((2, 3)), zeros((2, 3)))), says=("mask", "booleans", "float64")),
            Refusal("whole numbers", Case((np.arange(6).reshape(2, 3), KEEP)), says=("x", "floating-point", "int64")),
        ),
        sizes={"small": masked(32, 64), "medium": masked(512, 512), "large": masked(4096, 1024)},
        mistakes=(
            Mistake("not rescaled", replace="(1 / (1 - p) if p < 1 else 0.0)", by="1.0"),
            Mistake("rescaled by p", replace="1 / (1 - p) if p < 1", by="1 / p if p > 0"),
            Mistake("made smaller, as inference once was", replace="1 / (1 - p) if p < 1", by="(1 - p) if p < 1"),
            Mistake("the mask says what to drop", replace="mask.astype(x.dtype)", by="(~mask).astype(x.dtype)"),
            Mistake(
                "the gradient flows through what was dropped",
                replace="return dy * factor, None",
                by="return dy * factor.max(initial=0), None",
            ),
            Mistake(
                "the gradient is not rescaled", replace="return dy * factor, None", by="return dy * (factor != 0), None"
            ),
            Mistake(
                "dropped twice on the way back",
                replace="return dy * factor, None",
                by="return dy * factor * factor, None",
            ),
            Mistake("NaN is dropped", replace="y = x * factor", by="y = np.where(mask, x * factor, 0).astype(x.dtype)"),
            Mistake("p is not checked", replace="not 0 <= p <= 1", by="False"),
        ),
    ),
    Entry(
        "nn.dropout",
        lesson=8,
        title="Dropout as a layer",
        inputs=dropout_layer_inputs,
        adapter=layer("Dropout"),
        refusals=(
            Refusal("more than certain", Case((zeros((2, 3)),), {"p": 1.5}), says=("p", "0 to 1", "1.5")),
            Refusal("less than never", Case((zeros((2, 3)),), {"p": -0.5}), says=("p", "0 to 1", "-0.5")),
        ),
        mistakes=(
            Mistake("alive in inference", replace="if not self.training:", by="if False:"),
            Mistake("dead in training", replace="if not self.training:", by="if True:"),
            Mistake("alive in inference only", replace="if not self.training:", by="if self.training:"),
            Mistake("keeps with probability p", replace=">= self.p", by="< self.p"),
            Mistake("rescaled for one half, whatever p is", replace="mask, p=self.p", by="mask, p=0.5"),
            Mistake(
                "one mask for all examples",
                replace="self.generator.random(x.shape)",
                by="self.generator.random((1, *x.shape[1:])).repeat(len(x), axis=0)",
            ),
            Mistake(
                "inference is scaled down too, as before dropout was inverted",
                replace="            return x\n",
                by="            return x * (1 - self.p)\n",
            ),
        ),
    ),
    Entry(
        "ops.regularization.early_stopping",
        lesson=8,
        title="Early stopping",
        inputs=losses_of_epochs,
        gradient=False,
        refusals=(
            Refusal("no epoch", Case((zeros(0),)), says=("losses", "(0,)")),
            Refusal("several curves", Case((zeros((2, 3)),)), says=("losses", "(2, 3)")),
            Refusal("no patience", Case((zeros(3),), {"patience": 0}), says=("patience", "0")),
            Refusal("a negative min_delta", Case((zeros(3),), {"min_delta": -0.1}), says=("min_delta", "-0.1")),
        ),
        sizes={"small": curve(50), "medium": curve(500), "large": curve(5000)},
        mistakes=(
            Mistake("an equal loss is an improvement", replace="loss < self.best_loss", by="loss <= self.best_loss"),
            Mistake(
                "the larger loss is the better one",
                replace="loss < self.best_loss - self.min_delta",
                by="loss > self.best_loss - self.min_delta or self.epoch == 0",
            ),
            Mistake("min_delta is ignored", replace="self.best_loss - self.min_delta:", by="self.best_loss:"),
            Mistake(
                "min_delta with the wrong sign",
                replace="self.best_loss - self.min_delta:",
                by="self.best_loss + self.min_delta:",
            ),
            Mistake("stops an epoch too late", replace=">= self.patience", by="> self.patience"),
            Mistake(
                "compares with the epoch before, not with the best",
                replace="            self.best_epoch, self.best_loss = self.epoch, loss\n",
                by="            self.best_epoch = self.epoch\n        self.best_loss = loss\n        if False:\n",
            ),
            Mistake(
                "the best epoch is the last one",
                replace="(stopping.best_epoch, stopping.epoch)",
                by="(stopping.epoch, stopping.epoch)",
            ),
            Mistake(
                "never stops",
                replace="        if stopping.step(loss):\n            break",
                by="        stopping.step(loss)",
            ),
            Mistake("no patience is accepted", replace="patience < 1 or not", by="not"),
        ),
    ),
)
