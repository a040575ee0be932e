"""Lesson 9: normalization over the batch, over the features, over groups of channels."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Divergence, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.layers import layer
from ..harness.networks import network

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
def layer_norm_inputs(draw: Draw) -> Case:
    features = tuple(draw.size(1, 7) for _ in range(draw.choice((1, 1, 2))))
    x = off_centre(draw, (*draw.shape(max_rank=2), *features))
    weight, bias = maybe(draw, features), maybe(draw, features)
    options: dict[str, Any] = {"eps": draw.choice(EPSILONS)}
    if weight is None or draw.boolean():
        options["normalized_shape"] = features
    return Case((x, weight, bias), options)


@cases("smooth", "extreme")
def rms_norm_inputs(draw: Draw) -> Case:
    features = tuple(draw.size(1, 7) for _ in range(draw.choice((1, 1, 2))))
    x = off_centre(draw, (*draw.shape(max_rank=2), *features))
    weight = maybe(draw, features)
    # The default is that of the dtype, and the truth is computed in float64.
    epsilons = (*EPSILONS, None) if draw.dtype == np.float64 else EPSILONS
    options: dict[str, Any] = {"eps": draw.choice(epsilons)}
    if weight is None or draw.boolean():
        options["normalized_shape"] = features
    return Case((x, weight), options)


@cases("smooth", "extreme")
def group_norm_inputs(draw: Draw) -> Case:
    groups = draw.size(1, 3)
    channels, places = groups * draw.size(1, 3), [draw.size(1, 4) for _ in range(draw.integer(0, 2))]
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


def batch_norm(nn: Any, *, images: bool, **options: Any) -> Any:
    return (nn.BatchNorm2d if images else nn.BatchNorm1d)(**options)


def wide(draw: Draw, shape: tuple[int, ...], *, given: bool) -> Any:
    """Values of a parameter, where the layer has it."""
    return draw.uniform(shape, -2.0, 2.0) if given else None


@cases("smooth")
def batch_norm_layer_inputs(draw: Draw) -> Case:
    images, training = draw.boolean(), draw.integer(0, 2) > 0
    channels, places = draw.size(1, 4), [draw.size(1, 3) for _ in range(2 if images else draw.integer(0, 1))]
    x = off_centre(draw, (draw.size(2, 4), channels, *places))
    affine, tracked = draw.integer(0, 3) > 0, draw.integer(0, 3) > 0
    parameters = [wide(draw, (channels,), given=affine) for _ in range(2)]
    buffers = [draw.uniform((channels,), -2.0, 2.0), draw.uniform((channels,), 0.2, 4.0), np.array(draw.integer(0, 5))]
    options = {"num_features": channels, "eps": draw.choice(EPSILONS), "momentum": draw.choice((0.1, 0.3, None))}
    options |= {"affine": affine, "track_running_stats": tracked, "images": images, "training": training}
    return Case((x, *parameters, *(buffers if tracked else [None] * 3)), options)


@cases("smooth")
def layer_norm_layer_inputs(draw: Draw) -> Case:
    features = tuple(draw.size(1, 5) for _ in range(draw.choice((1, 2))))
    x = off_centre(draw, (*draw.shape(max_rank=2), *features))
    affine, biased = draw.integer(0, 3) > 0, draw.integer(0, 3) > 0
    options = {"normalized_shape": features[0] if len(features) == 1 and draw.boolean() else features}
    options |= {"eps": draw.choice(EPSILONS), "elementwise_affine": affine, "bias": biased, "training": draw.boolean()}
    return Case((x, wide(draw, features, given=affine), wide(draw, features, given=affine and biased)), options)


@cases("smooth")
def rms_norm_layer_inputs(draw: Draw) -> Case:
    features = tuple(draw.size(1, 5) for _ in range(draw.choice((1, 2))))
    x = off_centre(draw, (*draw.shape(max_rank=2), *features))
    affine = draw.integer(0, 3) > 0
    options = {"normalized_shape": features[0] if len(features) == 1 and draw.boolean() else features}
    options |= {"eps": draw.choice(EPSILONS), "elementwise_affine": affine, "training": draw.boolean()}
    return Case((x, wide(draw, features, given=affine)), options)


@cases("smooth")
def group_norm_layer_inputs(draw: Draw) -> Case:
    groups = draw.size(1, 3)
    channels, places = groups * draw.size(1, 3), [draw.size(1, 4) for _ in range(draw.integer(0, 2))]
    x = off_centre(draw, (draw.size(2, 4), channels, *places))
    affine = draw.integer(0, 3) > 0
    options = {"num_groups": groups, "num_channels": channels, "eps": draw.choice(EPSILONS), "affine": affine}
    parameters = [wide(draw, (channels,), given=affine) for _ in range(2)]
    return Case((x, *parameters), {**options, "training": draw.boolean()})


def normal(generator: np.random.Generator, *shape: int) -> np.ndarray:
    return generator.standard_normal(shape, dtype=np.float32)


def over_features(*shape: int, arrays: int = 3) -> Callable[[np.random.Generator], Case]:
    """A workload for the last axis; `arrays`: x, weight and, where it takes one, bias."""
    return lambda generator: Case(
        (normal(generator, *shape), *(normal(generator, shape[-1]) for _ in range(arrays - 1)))
    )


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
FIVE = (zeros(3), zeros(3), zeros(3), zeros(3), np.array(0))  # parameters and buffers of three channels
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
                replace="variance = (centered * centered).sum(axis=axes) / n",
                by="variance = (centered * centered).sum(axis=axes) / max(n - 1, 1)",
            ),
            Mistake("the running variance is the biased one", replace="variance * (n / (n - 1))", by="variance"),
            Mistake(
                ONE_PASS,
                replace="variance = (centered * centered).sum(axis=axes) / n",
                by="variance = (x * x).sum(axis=axes) / n - mean * mean",
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
            Mistake("inference uses the batch", replace="    if training:\n", by="    if training or n > 1:\n"),
            Mistake(
                "training uses the running mean",
                replace="centered = x - along_channels(mean, x)",
                by="centered = x - along_channels(mean if running_mean is None else running_mean, x)",
            ),
            Mistake(
                "the mean of the first example only",
                replace="mean = x.sum(axis=axes) / n",
                by="mean = x[:1].sum(axis=axes) / n * len(x)",
            ),
            Mistake(
                "the running statistics are updated in place",
                replace="    new_mean = (1 - momentum) * running_mean + momentum * mean\n",
                by="    running_mean *= 1 - momentum\n    new_mean = running_mean + momentum * mean\n",
            ),
            Mistake(MEAN_OF_DY, replace="dnormalized - mean - normalized", by="dnormalized - normalized"),
            Mistake(ALONG, replace="dnormalized - mean - normalized * along", by="dnormalized - mean"),
            Mistake(
                "the statistics depend on x in inference too",
                replace="    if not training:\n        return dnormalized",
                by="    if False:\n        return dnormalized",
            ),
            Mistake(
                "the statistics are constants in training too",
                replace="    if not training:\n        return dnormalized",
                by="    if True:\n        return dnormalized",
            ),
            Mistake(
                "the weight is forgotten on the way back",
                replace="dy if weight is None else dy * along_channels(weight, dy)",
                by="dy",
            ),
            Mistake("dweight without normalized", replace="(dy * normalized).sum(axis=axes)", by="dy.sum(axis=axes)"),
            Mistake("a batch of one is accepted", replace="        more_than_one(n, x)\n", by=""),
        ),
    ),
    Entry(
        "ops.normalization.layer_norm",
        lesson=9,
        title="Layer normalization",
        inputs=layer_norm_inputs,
        refusals=(
            Refusal(
                "normalized_shape is not the end of x",
                Case((zeros((2, 3)), None, None), {"normalized_shape": (2,)}),
                says=("normalized_shape", "(2,)", "x", "(2, 3)"),
            ),
            Refusal(
                "more axes than x",
                Case((zeros(3), None, None), {"normalized_shape": (2, 3)}),
                says=("normalized_shape", "(2, 3)", "(3,)"),
            ),
            Refusal(
                "no axis at all",
                Case((zeros((2, 3)), None, None), {"normalized_shape": ()}),
                says=("normalized_shape", "()", "(2, 3)"),
            ),
            Refusal("neither shape nor weight", Case((zeros((2, 3)), None, None)), says=("normalized_shape", "weight")),
            Refusal(
                "weight of another width",
                Case((zeros((2, 3)), zeros(4), None), {"normalized_shape": (3,)}),
                says=("weight", "(4,)", "(3,)"),
            ),
            Refusal("bias of another width", Case((zeros((2, 3)), zeros(3), zeros(4))), says=("bias", "(4,)", "(3,)")),
            Refusal(
                "whole numbers",
                Case((WHOLE_NUMBERS, None, None), {"normalized_shape": (3,)}),
                says=("x", "floating-point", "int64"),
            ),
        ),
        sizes={
            "small": over_features(32, 64),
            "medium": over_features(8, 64, 512),
            "large": over_features(16, 512, 768),
        },
        mistakes=(
            Mistake(
                "the variance is the unbiased one",
                replace="variance = (centered * centered).sum(axis=axes, keepdims=True) / n",
                by="variance = (centered * centered).sum(axis=axes, keepdims=True) / max(n - 1, 1)",
            ),
            Mistake(
                ONE_PASS,
                replace="variance = (centered * centered).sum(axis=axes, keepdims=True) / n",
                by="variance = (x * x).sum(axis=axes, keepdims=True) / n - (x.sum(axis=axes, keepdims=True) / n) ** 2",
            ),
            Mistake(
                "epsilon outside the root", replace="1 / np.sqrt(variance + eps)", by="1 / (np.sqrt(variance) + eps)"
            ),
            Mistake(
                "the mean is not subtracted",
                replace="centered = x - x.sum(axis=axes, keepdims=True) / n",
                by="centered = x * 1",
            ),
            Mistake(
                "divided by the variance, not its root",
                replace="1 / np.sqrt(variance + eps)",
                by="1 / (variance + eps)",
            ),
            Mistake(
                "normalized over the examples",
                replace="    n = size_of(x, axes)\n",
                by="    axes = (0,)\n    n = size_of(x, axes)\n",
            ),
            Mistake(
                "normalized over the last axis only",
                replace="    n = size_of(x, axes)\n",
                by="    axes = axes[-1:]\n    n = size_of(x, axes)\n",
            ),
            Mistake(MEAN_OF_DY, replace="dnormalized - mean - normalized", by="dnormalized - normalized"),
            Mistake(ALONG, replace="dnormalized - mean - normalized * along", by="dnormalized - mean"),
            Mistake(
                "the statistics are taken for constants",
                replace="inverse_std * (dnormalized - mean - normalized * along)",
                by="inverse_std * dnormalized",
            ),
            Mistake(
                "the weight is forgotten on the way back", replace="dy if weight is None else dy * weight", by="dy"
            ),
            Mistake(
                "the weight comes too late",
                replace="dnormalized = dy if weight is None else dy * weight",
                by="dnormalized, inverse_std = dy, inverse_std if weight is None else inverse_std * weight",
            ),
            Mistake(
                "dweight without normalized", replace="(dy * normalized).sum(axis=examples)", by="dy.sum(axis=examples)"
            ),
            Mistake(
                "dbias is a mean over the examples",
                replace="dy.sum(axis=examples) if has_bias",
                by="dy.mean(axis=examples) if has_bias",
            ),
            Mistake("bias is not checked", replace='    same_axes("bias", bias, x, axes)\n', by=""),
        ),
    ),
    Entry(
        "ops.normalization.rms_norm",
        lesson=9,
        title="RMS normalization",
        inputs=rms_norm_inputs,
        refusals=(
            Refusal(
                "normalized_shape is not the end of x",
                Case((zeros((2, 3)), None), {"normalized_shape": (2,)}),
                says=("normalized_shape", "(2,)", "x", "(2, 3)"),
            ),
            Refusal("neither shape nor weight", Case((zeros((2, 3)), None)), says=("normalized_shape", "weight")),
            Refusal(
                "weight of another width",
                Case((zeros((2, 3)), zeros(4)), {"normalized_shape": (3,)}),
                says=("weight", "(4,)", "(3,)"),
            ),
            Refusal(
                "whole numbers",
                Case((WHOLE_NUMBERS, None), {"normalized_shape": (3,)}),
                says=("x", "floating-point", "int64"),
            ),
        ),
        sizes={
            "small": over_features(32, 64, arrays=2),
            "medium": over_features(8, 64, 512, arrays=2),
            "large": over_features(16, 512, 768, arrays=2),
        },
        mistakes=(
            Mistake(
                "the mean is subtracted, as in layer normalization",
                replace="mean_square = (x * x)",
                by="x = x - x.mean(axis=axes, keepdims=True)\n        mean_square = (x * x)",
            ),
            Mistake(
                "epsilon outside the root",
                replace="1 / np.sqrt(mean_square + eps)",
                by="1 / (np.sqrt(mean_square) + eps)",
            ),
            Mistake(
                "the sum of squares, not their mean", replace="keepdims=True) / size_of(x, axes)", by="keepdims=True)"
            ),
            Mistake("the root is forgotten", replace="1 / np.sqrt(mean_square + eps)", by="1 / (mean_square + eps)"),
            Mistake(
                "the default of eps is that of layer normalization", replace="float(np.finfo(x.dtype).eps)", by="1e-5"
            ),
            Mistake(
                "over the last axis only",
                replace="    if eps is None:\n",
                by="    axes = axes[-1:]\n    if eps is None:\n",
            ),
            Mistake("the size is taken for a constant", replace="dnormalized - normalized * along", by="dnormalized"),
            Mistake(
                "the mean of dy is subtracted, as in layer normalization",
                replace="dnormalized - normalized * along",
                by="dnormalized - dnormalized.mean(axis=axes, keepdims=True) - normalized * along",
            ),
            Mistake(
                "the weight is forgotten on the way back", replace="dy if weight is None else dy * weight", by="dy"
            ),
            Mistake("dweight without normalized", replace="(dy * normalized).sum(axis=tuple", by="dy.sum(axis=tuple"),
            Mistake("the weight is not checked", replace='    same_axes("weight", weight, x, axes)\n', by=""),
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
        divergences=(
            Divergence(
                "images without a place: a sum of nothing is 0, PyTorch's dweight is NaN",
                Case((zeros((2, 4, 0)), zeros(4), zeros(4)), {"num_groups": 2}),
            ),
        ),
        mistakes=(
            Mistake(
                "one group whatever num_groups says", replace="folded = fold(x, num_groups)", by="folded = fold(x, 1)"
            ),
            Mistake(
                "every channel its own group", replace="folded = fold(x, num_groups)", by="folded = fold(x, x.shape[1])"
            ),
            Mistake(
                "channels are dealt out to the groups in turn",
                replace="folded = fold(x, num_groups)",
                by="folded = fold(x.reshape(len(x), -1, num_groups, *x.shape[2:]).swapaxes(1, 2), num_groups)",
            ),
            Mistake(
                "weight per place, not per channel",
                replace="normalized * along_channels(weight, x)",
                by="(normalized.reshape(len(x), -1, x.shape[1]) * weight).reshape(x.shape)",
            ),
            Mistake(
                "eps is not passed on",
                replace="normalized_shape=folded.shape[2:], eps=eps",
                by="normalized_shape=folded.shape[2:]",
            ),
            Mistake(
                "the weight is forgotten on the way back",
                replace="dy if weight is None else dy * along_channels(weight, dy)",
                by="dy",
            ),
            Mistake(
                "dweight without normalized",
                replace="(dy * normalized).sum(axis=per_channel)",
                by="dy.sum(axis=per_channel)",
            ),
            Mistake(
                "dbias is a mean",
                replace="dy.sum(axis=per_channel) if has_bias",
                by="dy.mean(axis=per_channel) if has_bias",
            ),
            Mistake(
                "groups that do not fit are accepted", replace="num_groups < 1 or x.shape[1] % num_groups", by="False"
            ),
        ),
    ),
    Entry(
        "nn.batch_norm",
        lesson=9,
        title="Batch normalization as a layer",
        inputs=batch_norm_layer_inputs,
        adapter=network(
            batch_norm, state=("weight", "bias"), buffers=("running_mean", "running_var", "num_batches_tracked")
        ),
        refusals=(
            Refusal(
                "an image for the layer of features",
                Case((zeros((2, 3, 4, 4)), *FIVE), {"num_features": 3, "images": False}),
                says=("BatchNorm1d", "(N, C)", "(2, 3, 4, 4)"),
            ),
            Refusal(
                "features for the layer of images",
                Case((zeros((2, 3)), *FIVE), {"num_features": 3, "images": True}),
                says=("BatchNorm2d", "(N, C, H, W)", "(2, 3)"),
            ),
            Refusal(
                "other channels",
                Case((zeros((2, 4)), *FIVE), {"num_features": 3, "images": False}),
                says=("(3,)", "(2, 4)"),
            ),
            Refusal(
                "a batch of one",
                Case((zeros((1, 3)), *FIVE), {"num_features": 3, "images": False}),
                says=("more than one value", "(1, 3)"),
            ),
        ),
        mistakes=(
            Mistake("inference uses the batch", replace="self.training or self.running_mean is None", by="True"),
            Mistake(
                "training uses the running statistics", replace="self.training or self.running_mean is None", by="False"
            ),
            Mistake("the running mean is never updated", replace="self.running_mean[...] = mean.detach()", by="pass"),
            Mistake("the running variance is never updated", replace="self.running_var[...] = var.detach()", by="pass"),
            Mistake(
                "inference counts batches",
                replace="self.check(x)\n",
                by="self.check(x)\n"
                "        if not self.training and self.num_batches_tracked:\n"
                "            self.num_batches_tracked += 1\n",
            ),
            Mistake("batches are not counted", replace="self.num_batches_tracked[...] = batches", by="pass"),
            Mistake("momentum=None: one batch too few", replace="1 / batches if", by="1 / max(batches - 1, 1) if"),
            Mistake(
                "momentum=None: the default",
                replace="1 / batches if self.momentum is None",
                by="0.1 if self.momentum is None",
            ),
            Mistake("eps is not passed on", replace='"eps": self.eps}', by='"eps": 1e-5}'),
            Mistake(
                "weight and bias are swapped",
                replace="apply_batch_norm(x, self.weight, self.bias, self.running_mean,",
                by="apply_batch_norm(x, self.bias, self.weight, self.running_mean,",
            ),
            Mistake("the rank is not checked", replace="        self.check(x)\n", by=""),
        ),
    ),
    Entry(
        "nn.layer_norm",
        lesson=9,
        title="Layer normalization as a layer",
        inputs=layer_norm_layer_inputs,
        adapter=layer("LayerNorm", state=("weight", "bias")),
        refusals=(
            Refusal(
                "other features",
                Case((zeros((2, 4)), zeros(3), zeros(3)), {"normalized_shape": 3}),
                says=("normalized_shape", "(3,)", "(2, 4)"),
            ),
        ),
        mistakes=(
            Mistake("eps is not passed on", replace="eps=self.eps)", by="eps=1e-5)"),
            Mistake("the weight is not used", replace="x, self.weight, self.bias,", by="x, None, self.bias,"),
            Mistake("the bias is not used", replace="x, self.weight, self.bias,", by="x, self.weight, None,"),
            Mistake(
                "weight and bias are swapped", replace="x, self.weight, self.bias,", by="x, self.bias, self.weight,"
            ),
            Mistake(
                "over the last axis only",
                replace="normalized_shape=self.normalized_shape, eps",
                by="normalized_shape=x.shape[-1:], eps",
            ),
            Mistake(
                "x is cut off from the gradient",
                replace="apply_layer_norm(x,",
                by="0 * x + apply_layer_norm(x.detach(),",
            ),
            Mistake(
                "off in inference",
                replace="        return apply_layer_norm",
                by="        return x if not self.training else apply_layer_norm",
            ),
        ),
    ),
    Entry(
        "nn.rms_norm",
        lesson=9,
        title="RMS normalization as a layer",
        inputs=rms_norm_layer_inputs,
        adapter=layer("RMSNorm", state=("weight",)),
        refusals=(
            Refusal(
                "other features",
                Case((zeros((2, 4)), zeros(3)), {"normalized_shape": 3}),
                says=("normalized_shape", "(3,)", "(2, 4)"),
            ),
        ),
        mistakes=(
            Mistake("eps is not passed on", replace="eps=self.eps)", by="eps=None)"),
            Mistake("the weight is not used", replace="x, self.weight,", by="x, None,"),
            Mistake(
                "over the last axis only",
                replace="normalized_shape=self.normalized_shape, eps",
                by="normalized_shape=x.shape[-1:], eps",
            ),
            Mistake(
                "off in inference",
                replace="        return apply_rms_norm",
                by="        return x if not self.training else apply_rms_norm",
            ),
            Mistake(
                "x is cut off from the gradient", replace="apply_rms_norm(x,", by="0 * x + apply_rms_norm(x.detach(),"
            ),
        ),
    ),
    Entry(
        "nn.group_norm",
        lesson=9,
        title="Group normalization as a layer",
        inputs=group_norm_layer_inputs,
        adapter=layer("GroupNorm", state=("weight", "bias")),
        refusals=(
            Refusal(
                "other channels",
                Case((zeros((2, 4)), zeros(6), zeros(6)), {"num_groups": 2, "num_channels": 6}),
                says=("weight", "(4,)", "(6,)"),
            ),
            Refusal(
                "groups that do not divide the channels",
                Case((zeros((2, 6)), zeros(6), zeros(6)), {"num_groups": 4, "num_channels": 6}),
                says=("num_groups 4", "num_channels 6"),
            ),
        ),
        mistakes=(
            Mistake("eps is not passed on", replace="eps=self.eps)", by="eps=1e-5)"),
            Mistake("one group", replace="num_groups=self.num_groups, eps", by="num_groups=1, eps"),
            Mistake(
                "a group for each channel",
                replace="num_groups=self.num_groups, eps",
                by="num_groups=self.num_channels, eps",
            ),
            Mistake("the weight is not used", replace="x, self.weight, self.bias,", by="x, None, self.bias,"),
            Mistake(
                "weight and bias are swapped", replace="x, self.weight, self.bias,", by="x, self.bias, self.weight,"
            ),
            Mistake(
                "off in inference",
                replace="        return apply_group_norm",
                by="        return x if not self.training else apply_group_norm",
            ),
            Mistake("groups are not checked", replace="num_groups < 1 or num_channels % num_groups", by="False"),
        ),
    ),
)
