"""Lesson 19: what a variational autoencoder and the two players of a GAN need beyond layers."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

SINGLE = zeros((2, 3), np.float32)


def log_variances(draw: Draw, shape: tuple[int, ...]) -> Any:
    """Of the size that an encoder gives; what e^1000 is, everybody knows."""
    values = draw.floats(shape)
    return values if draw.mode == "extreme" else np.asarray(np.clip(values, -20, 20), draw.dtype)


@cases("smooth", "extreme")
def normal_and_noise(draw: Draw) -> Case:
    shape = draw.shape()
    return Case((draw.floats(shape), log_variances(draw, shape), draw.floats(shape)))


@cases("smooth", "extreme")
def codes(draw: Draw) -> Case:
    shape = draw.shape(1, 3)
    return Case((draw.floats(shape), log_variances(draw, shape)), {"reduction": draw.choice(("mean", "sum", "none"))})


@cases("smooth", "extreme")
def real_and_fake(draw: Draw) -> Case:
    return Case((draw.floats(draw.shape(1, 2)), draw.floats(draw.shape(1, 2))))


@cases("smooth", "extreme")
def fake_only(draw: Draw) -> Case:
    return Case((draw.floats(draw.shape(1, 2)),))


def normal(arrays: int, *shape: int) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case(tuple(generator.standard_normal(shape, dtype=np.float32) for _ in range(arrays)))


def sizes(arrays: int) -> dict[str, Callable[[np.random.Generator], Case]]:
    return {
        "small": normal(arrays, 64, 16),
        "medium": normal(arrays, 512, 256),
        "large": normal(arrays, 4096, 512),
    }


ROWS = (
    Entry(
        "ops.generative.reparameterize",
        lesson=19,
        title="Reparameterization",
        inputs=normal_and_noise,
        refusals=(
            Refusal(
                "noise of another shape",
                Case((zeros((2, 3)), zeros((2, 3)), zeros(3))),
                says=("noise", "shape", "(2, 3)", "(3,)"),
            ),
            Refusal(
                "noise of another dtype",
                Case((zeros((2, 3)), zeros((2, 3)), SINGLE)),
                says=("noise", "dtype", "float32", "float64"),
            ),
            Refusal("whole numbers", Case((np.arange(3),) * 3), says=("mean", "floating-point", "int64")),
        ),
        sizes=sizes(3),
        mistakes=(
            Mistake(
                "the gradient stops at the sample, as if it were a constant",
                replace="return dz.copy(), dnoise * noise / 2, dnoise",
                by="return dz * 0, dz * 0, dz * 0",
            ),
            Mistake(
                "the gradient stops at the variance", replace="dnoise * noise / 2, dnoise", by="dnoise * 0, dnoise"
            ),
            Mistake("the variance takes the place of σ", replace="np.exp(log_variance / 2)", by="np.exp(log_variance)"),
            Mistake("the logarithm takes the place of σ", replace="np.exp(log_variance / 2)", by="log_variance / 2"),
            Mistake("σ is negative", replace="np.exp(log_variance / 2)", by="-np.exp(log_variance / 2)"),
            Mistake("the half is forgotten on the way back", replace="dnoise * noise / 2", by="dnoise * noise"),
            Mistake("the noise is forgotten on the way back", replace="dnoise * noise / 2", by="dnoise / 2"),
            Mistake("σ is forgotten on the way back", replace="dnoise = dz * deviation", by="dnoise = dz"),
            Mistake("the mean is not added", replace="return mean + deviation", by="return deviation"),
            Mistake(
                "noise is broadcast",
                replace="    one_shape(mean=mean, log_variance=log_variance, noise=noise)\n",
                by="",
            ),
        ),
    ),
    Entry(
        "ops.generative.normal_kl",
        lesson=19,
        title="Divergence from the standard normal",
        inputs=codes,
        refusals=(
            Refusal(
                "another shape",
                Case((zeros((2, 3)), zeros((2, 4)))),
                says=("log_variance", "shape", "(2, 3)", "(2, 4)"),
            ),
            Refusal("no axis of codes", Case((zeros(()), zeros(()))), says=("axis", "()")),
            Refusal("another dtype", Case((zeros((2, 3)), SINGLE)), says=("dtype", "float32", "float64")),
            Refusal(
                "an unknown reduction",
                Case((zeros((2, 3)), zeros((2, 3))), {"reduction": "median"}),
                says=("reduction", "median"),
            ),
        ),
        sizes=sizes(2),
        mistakes=(
            Mistake(
                "the wrong sign: codes are pushed away from 0",
                replace="return reduce(codes,",
                by="return reduce(-codes,",
            ),
            Mistake(
                "the wrong sign on the way back",
                replace="return dkl * mean, dkl * excess / 2",
                by="return -dkl * mean, -dkl * excess / 2",
            ),
            Mistake(
                "summed over the examples, not over the numbers of a code",
                replace=").sum(axis=-1) / 2",
                by=").sum(axis=0) / 2",
            ),
            Mistake("a mean over the numbers of a code", replace=").sum(axis=-1) / 2", by=").mean(axis=-1) / 2"),
            Mistake("summed over everything", replace=").sum(axis=-1) / 2", by=").sum() / 2"),
            Mistake("the half is forgotten", replace=").sum(axis=-1) / 2", by=").sum(axis=-1)"),
            Mistake("the mean is not squared", replace="mean * mean + (excess", by="mean + (excess"),
            Mistake(
                "e^v - 1 by subtraction: cancels near 0",
                replace="excess = np.expm1(log_variance)",
                by="excess = np.exp(log_variance) - 1",
            ),
            Mistake(
                "the network's output is taken for σ, not for log σ²",
                replace="excess - log_variance",
                by="excess - 2 * log_variance",
            ),
            Mistake("the 1 is forgotten on the way back", replace="dkl * excess / 2", by="dkl * (excess + 1) / 2"),
            Mistake("the variance gets no gradient", replace="dkl * excess / 2", by="dkl * excess * 0"),
            Mistake(
                "the mean over codes is forgotten on the way back",
                replace="reduce_backward(dy, reduction,",
                by='reduce_backward(dy, "sum",',
            ),
        ),
    ),
    Entry(
        "ops.generative.discriminator_loss",
        lesson=19,
        title="GAN loss of the discriminator",
        inputs=real_and_fake,
        refusals=(
            Refusal("whole numbers", Case((np.arange(3), np.arange(3))), says=("real", "floating-point", "int64")),
            Refusal("two dtypes", Case((zeros(3), zeros(3, np.float32))), says=("fake", "dtype", "float32")),
        ),
        sizes=sizes(2),
        mistakes=(
            Mistake("real and fake change places", replace="softplus(-real).sum()", by="softplus(real).sum()"),
            Mistake("fakes are real", replace="softplus(fake).sum()", by="softplus(-fake).sum()"),
            Mistake("fakes are not looked at", replace=" + softplus(fake).sum() / (fake.size or math.nan)", by=""),
            Mistake("the wrong sign for real images", replace="return -(dy", by="return (dy"),
            Mistake(
                "the wrong sign for fakes: the gradient that is the generator's",
                replace="dy / (fake.size or math.nan) * sigmoid(fake)",
                by="-dy / (fake.size or math.nan) * sigmoid(fake)",
            ),
            Mistake(
                "the probability of the other answer",
                replace="(fake.size or math.nan) * sigmoid(fake)",
                by="(fake.size or math.nan) * sigmoid(-fake)",
            ),
            Mistake(
                "the mean is forgotten on the way back",
                replace="return -(dy / (real.size or math.nan))",
                by="return -dy",
            ),
            Mistake(
                "one mean over both kinds",
                replace="/ (fake.size or math.nan)\n",
                by="/ ((real.size + fake.size) or math.nan)\n",
            ),
        ),
    ),
    Entry(
        "ops.generative.generator_loss",
        lesson=19,
        title="GAN loss of the generator",
        inputs=fake_only,
        refusals=(Refusal("whole numbers", Case((np.arange(3),)), says=("fake", "floating-point", "int64")),),
        sizes=sizes(1),
        mistakes=(
            Mistake(
                "the discriminator's loss: the generator learns to be caught",
                replace="softplus(-fake).sum()",
                by="softplus(fake).sum()",
            ),
            Mistake(
                "the saturating loss, -log(1 - σ) with the sign turned",
                replace="return softplus(-fake).sum()",
                by="return -softplus(fake).sum()",
            ),
            Mistake("the discriminator's gradient sign", replace="return -(dy", by="return (dy"),
            Mistake("saturates on the way back", replace="* sigmoid(-fake)", by="* sigmoid(fake)"),
            Mistake("a sum, not a mean", replace="return -(dy / (fake.size or math.nan))", by="return -dy"),
            Mistake(
                "log of the sigmoid: overflows",
                replace="softplus(-fake).sum()",
                by="(-__import__('numpy').log(sigmoid(fake))).sum()",
            ),
        ),
    ),
)
