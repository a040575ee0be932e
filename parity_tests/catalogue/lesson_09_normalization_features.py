"""Lesson 9: normalization over the features of each example."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_09_normalization import ALONG, EPSILONS, MEAN_OF_DY, ONE_PASS, WHOLE_NUMBERS, maybe, normal, off_centre


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


def over_features(*shape: int, arrays: int = 3) -> Callable[[np.random.Generator], Case]:
    """A workload for the last axis; `arrays`: x, weight and, where it takes one, bias."""
    return lambda generator: Case(
        (normal(generator, *shape), *(normal(generator, shape[-1]) for _ in range(arrays - 1)))
    )


ROWS = (
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
)
