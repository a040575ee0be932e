"""Lesson 9: normalization over the batch and over groups of channels."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

EPSILONS = (1e-5, 1e-3, 0.1)


def off_centre(draw: Draw, shape: tuple[int, ...]) -> Any:
    """Numbers that may lie far from 0 for their spread, where a careless variance cancels."""
    x = draw.floats(shape)
    sizes = np.abs(x[np.isfinite(x)])
    offset = draw.choice((0.0, 0.0, 30.0, -1000.0)) * min(np.median(sizes), 1.0) if sizes.size else 0.0
    return x + np.asarray(offset, x.dtype)


def maybe(draw: Draw, shape: tuple[int, ...]) -> Any:
    """An optional weight or bias. Finite: with an infinite one, which inf becomes NaN is a matter of the formula."""
    return draw.uniform(shape, -2.0, 2.0) if draw.integer(0, 3) else None


def both_or_none(draw: Draw, x: Any, channels: int) -> tuple[Any, Any]:
    """Weight and bias, or neither: with one of them PyTorch's group_norm, and any empty batch, has no gradient."""
    if not x.size or draw.integer(0, 3):
        return draw.uniform((channels,), -2.0, 2.0), draw.uniform((channels,), -2.0, 2.0)
    return None, None


@cases("smooth", "extreme")
def group_norm_inputs(draw: Draw) -> Case:
    groups, width, places = draw.size(1, 3), draw.size(1, 3), [draw.size(1, 4) for _ in range(draw.integer(0, 2))]
    if width * int(np.prod(places)) == 1 and draw.integer(0, 3):
        width += 1  # a group of one number is normalized to 0, and then the weight has no gradient
    channels = groups * width
    examples = draw.size(0, 4)
    if examples * channels // groups * int(np.prod(places)) == 1:
        examples += 1
    x = off_centre(draw, (examples, channels, *places))
    options = {"num_groups": groups, "eps": draw.choice(EPSILONS)}
    return Case((x, *both_or_none(draw, x, channels)), options)


@cases("smooth", "extreme")
def batch_norm_inputs(draw: Draw) -> Case:
    examples, *places = draw.shape(min_rank=1, max_rank=3)
    channels = draw.size(1, 5)
    training = draw.integer(0, 3) > 0
    if examples * int(np.prod(places)) == 1:
        examples += 1
    x = off_centre(draw, (examples, channels, *places))
    affine = (maybe(draw, (channels,)), maybe(draw, (channels,))) if x.size else both_or_none(draw, x, channels)
    tracked = not training or draw.boolean()
    running_mean = draw.uniform((channels,), -2.0, 2.0) if tracked else None
    running_var = draw.uniform((channels,), 0.2, 4.0) if tracked else None
    options = {"training": training, "momentum": draw.choice((0.1, 0.3, 1.0)), "eps": draw.choice(EPSILONS)}
    return Case((x, *affine, running_mean, running_var), options)


def normal(generator: np.random.Generator, *shape: int) -> np.ndarray:
    return generator.standard_normal(shape, dtype=np.float32)


def over_groups(*shape: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        x, weight, bias = normal(generator, *shape), normal(generator, shape[1]), normal(generator, shape[1])
        return Case((x, weight, bias), {"num_groups": 8})

    return build


def over_the_batch(*shape: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        vectors = [normal(generator, shape[1]) for _ in range(3)]
        running_var = generator.uniform(0.5, 2, shape[1]).astype(np.float32)
        return Case((normal(generator, *shape), *vectors, running_var), {"training": True})

    return build


WHOLE_NUMBERS = np.arange(6).reshape(2, 3)
ONE_PASS = "the variance in one pass: E[x²] - mean²"
MEAN_OF_DY = "the mean of dy is not subtracted"
ALONG = "the share of the variance is forgotten"

ROWS = (
    Entry(
        "ops.normalization.batch_norm",
        lesson=9,
        title="Batch normalization",
        inputs=batch_norm_inputs,
        refusals=(
            Refusal(
                "one value per channel",
                Case((zeros((1, 3)), None, None, zeros(3), zeros(3)), {"training": True}),
                says=("x", "more than one value", "(1, 3)"),
            ),
            Refusal(
                "one example of one place",
                Case((zeros((1, 3, 1, 1)), None, None, None, None), {"training": True}),
                says=("more than one value", "(1, 3, 1, 1)"),
            ),
            Refusal("no channel axis", Case((zeros(3), None, None, zeros(3), zeros(3))), says=("x", "(N, C", "(3,)")),
            Refusal(
                "weight of another width",
                Case((zeros((2, 3)), zeros(4), None, zeros(3), zeros(3))),
                says=("weight", "(4,)", "(3,)", "(2, 3)"),
            ),
            Refusal(
                "running_mean of another width",
                Case((zeros((2, 3)), None, None, zeros(2), zeros(3))),
                says=("running_mean", "(2,)", "(3,)"),
            ),
            Refusal(
                "inference without statistics",
                Case((zeros((2, 3)), None, None, None, None)),
                says=("running_mean", "running_var", "training=False"),
            ),
            Refusal(
                "whole numbers",
                Case((WHOLE_NUMBERS, None, None, None, None), {"training": True}),
                says=("x", "floating-point", "int64"),
            ),
        ),
        sizes={
            "small": over_the_batch(32, 64),
            "medium": over_the_batch(16, 32, 14, 14),
            "large": over_the_batch(64, 64, 32, 32),
        },
        mistakes=(
            Mistake(
                "the batch variance is the unbiased one",
                replace="return mean, squares / n",
                by="return mean, squares / max(n - 1, 1)",
            ),
            Mistake(
                "the running variance is the biased one", replace="variance[:, 0] * (n / (n - 1))", by="variance[:, 0]"
            ),
            Mistake(
                ONE_PASS,
                replace="return mean, squares / n",
                by="return mean, sum_by_channel(x * x) / n - mean * mean",
            ),
            Mistake(
                "momentum the wrong way round",
                replace="(1 - momentum) * running_mean + momentum * mean",
                by="momentum * running_mean + (1 - momentum) * mean",
            ),
            Mistake(
                "momentum of the variance the wrong way round",
                replace="(1 - momentum) * running_var + momentum * unbiased",
                by="momentum * running_var + (1 - momentum) * unbiased",
            ),
            Mistake(
                "the running average of standard deviations",
                replace="momentum * unbiased",
                by="momentum * np.sqrt(unbiased)",
            ),
            Mistake(
                "epsilon outside the root", replace="1 / np.sqrt(variance + eps)", by="1 / (np.sqrt(variance) + eps)"
            ),
            Mistake(
                "inference uses the batch",
                replace="    if training:\n        more",
                by="    if training or n > 1:\n        more",
            ),
            Mistake(
                "training uses the running mean",
                replace="_statistics(places_last(x), n)\n",
                by="_statistics(places_last(x), n)\n        mean = mean if running_mean is None else running_mean[:, None]\n",
            ),
            Mistake(
                "the mean of the first example only",
                replace="mean = total / n",
                by="mean = sum_by_channel(x[:1]) / n * len(x)",
            ),
            Mistake(
                "the running statistics are updated in place",
                replace="    new_mean = (1 - momentum) * running_mean + momentum * mean[:, 0]\n",
                by="    running_mean *= 1 - momentum\n    new_mean = running_mean + momentum * mean[:, 0]\n",
            ),
            Mistake(MEAN_OF_DY, replace="                dx_ += dbias / n\n", by=""),
            Mistake(ALONG, replace="dx_ *= inverse_std * dweight / n", by="dx_ *= 0"),
            Mistake(
                "the statistics depend on x in inference too",
                replace="            if training:  #",
                by="            if True:  #",
            ),
            Mistake(
                "the statistics are constants in training too",
                replace="            if training:  #",
                by="            if False:  #",
            ),
            Mistake(
                "the weight is forgotten on the way back",
                replace="inverse_std if weight is None else weight[:, None] * inverse_std",
                by="inverse_std",
            ),
            Mistake("dweight without normalized", replace="            t *= dy_\n", by="            t[...] = dy_\n"),
            Mistake("a batch of one is accepted", replace="        more_than_one(n, x)\n", by=""),
        ),
    ),
    Entry(
        "ops.normalization.group_norm",
        lesson=9,
        title="Group normalization",
        inputs=group_norm_inputs,
        refusals=(
            Refusal(
                "groups that do not divide the channels",
                Case((zeros((2, 4)), None, None), {"num_groups": 3}),
                says=("num_groups", "3", "(2, 4)"),
            ),
            Refusal("no group", Case((zeros((2, 4)), None, None), {"num_groups": 0}), says=("num_groups", "0")),
            Refusal("no channel axis", Case((zeros(4), None, None), {"num_groups": 2}), says=("x", "(N, C", "(4,)")),
            Refusal(
                "weight per group",
                Case((zeros((2, 4)), zeros(2), None), {"num_groups": 2}),
                says=("weight", "(2,)", "(4,)"),
            ),
            Refusal(
                "bias of another width",
                Case((zeros((2, 4)), None, zeros(5)), {"num_groups": 2}),
                says=("bias", "(5,)", "(4,)"),
            ),
            Refusal(
                "a single value",
                Case((zeros((1, 4)), None, None), {"num_groups": 4}),
                says=("more than one value", "(1, 4)"),
            ),
            Refusal(
                "whole numbers",
                Case((WHOLE_NUMBERS, None, None), {"num_groups": 3}),
                says=("x", "floating-point", "int64"),
            ),
        ),
        sizes={
            "small": over_groups(4, 16, 7, 7),
            "medium": over_groups(4, 32, 28, 28),
            "large": over_groups(16, 64, 56, 56),
        },
        mistakes=(
            Mistake(
                "one group whatever num_groups says",
                replace="    groups = groups_first(",
                by="    num_groups = 1\n    groups = groups_first(",
            ),
            Mistake(
                "every channel its own group",
                replace="    groups = groups_first(",
                by="    num_groups = x.shape[1]\n    groups = groups_first(",
            ),
            Mistake(
                "channels are dealt out to the groups in turn",
                replace="groups_first(x, num_groups)",
                by="groups_first(x.reshape(len(x), -1, num_groups, *x.shape[2:]).swapaxes(1, 2).reshape(x.shape), num_groups)",
            ),
            Mistake(
                "every group has the weights of the first",
                replace="inverse_std_ * scale_, out",
                by="inverse_std_ * scale[:1], out",
            ),
            Mistake("eps is not passed on", replace="variance + eps", by="variance + 1e-5"),
            Mistake(
                ONE_PASS,
                replace="over_columns(np.multiply(centered, centered, out=t)).sum(axis=1, keepdims=True) / n",
                by="over_columns(x_ * x_).sum(axis=1, keepdims=True) / n - mean_ * mean_",
            ),
            Mistake(MEAN_OF_DY, replace="            removed += mean_g\n", by=""),
            Mistake(ALONG, replace="s * along, out=dx_", by="0 * along, out=dx_"),
            Mistake(
                "the weight is forgotten on the way back",
                replace="per_group(weight, 1, dy, num_groups)",
                by="per_group(None, 1, dy, num_groups)",
            ),
            Mistake(
                "dweight without normalized",
                replace="dweight_[...] = s * over_columns(products)",
                by="dweight_[...] = over_columns(dy_)",
            ),
            Mistake("dbias is a mean", "dbias if has_bias", "dbias / (dy.size // dy.shape[1]) if has_bias"),
            Mistake(
                "dweight and dbias are means",
                replace="reshape(dy.shape[:2]).sum(axis=0)",
                by="reshape(dy.shape[:2]).mean(axis=0)",
            ),
            Mistake(
                "groups that do not fit are accepted", replace="num_groups < 1 or x.shape[1] % num_groups", by="False"
            ),
        ),
    ),
)
