"""Lesson 9: normalization as layers."""

from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.layers import layer
from ..harness.networks import network
from .lesson_09_normalization import EPSILONS, off_centre


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


FIVE = (zeros(3), zeros(3), zeros(3), zeros(3), np.array(0))  # parameters and buffers of three channels

ROWS = (
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
