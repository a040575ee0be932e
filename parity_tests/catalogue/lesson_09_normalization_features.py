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
            Mistake("the variance is the unbiased one", replace="out=t)) / n", by="out=t)) / max(n - 1, 1)"),
            Mistake(
                ONE_PASS,
                replace="over_columns(np.multiply(centered, centered, out=t)) / n",
                by="over_columns(x_ * x_) / n - mean_ * mean_",
            ),
            Mistake("epsilon outside the root", replace="np.sqrt(variance + eps)", by="(np.sqrt(variance) + eps)"),
            Mistake("the mean is not subtracted", replace="np.subtract(x_, mean_, out=y_)", by="np.add(x_, 0, out=y_)"),
            Mistake("divided by the variance, not its root", replace="np.sqrt(variance + eps)", by="(variance + eps)"),
            Mistake(
                "one mean for all examples", replace="mean_[...] = over_columns(x_) / n", by="mean_[...] = x.mean()"
            ),
            Mistake(
                "one variance for all examples",
                replace="over_columns(np.multiply(centered, centered, out=t)) / n",
                by="np.full_like(mean_, (centered * centered).mean())",
            ),
            Mistake(
                "normalized over the examples",
                replace="""            mean_[...] = over_columns(x_) / n
            centered = np.subtract(x_, mean_, out=y_)
            variance = over_columns(np.multiply(centered, centered, out=t)) / n
            inverse_std_[...] = 1 / np.sqrt(variance + eps)
            normalized = np.multiply(centered, inverse_std_, out=y_)
""",
                by="""            mean_[...] = inverse_std_[...] = 1
            centered = x - x.sum(axis=0) / len(x)
            centered = centered / np.sqrt((centered * centered).sum(axis=0) / len(x) + eps)
            normalized = np.add(as_rows(centered, axes)[: len(x_)], 0, out=y_)
""",
            ),
            Mistake(
                "normalized over the last axis only",
                replace="    examples, n = as_rows(x, axes), size_of(x, axes)\n",
                by="    axes = axes[-1:]\n    examples, n = as_rows(x, axes), size_of(x, axes)\n",
            ),
            Mistake(MEAN_OF_DY, replace="            removed += mean_g\n", by=""),
            Mistake(ALONG, replace="s * along, out=dx_", by="0 * along, out=dx_"),
            Mistake(
                "the statistics are taken for constants", replace="np.subtract(g, removed, out=dx_)", by="dx_[...] = g"
            ),
            Mistake(
                "the weight is forgotten on the way back",
                replace="np.ones_like(dy, shape=n) if weight is None else weight.reshape(n)",
                by="np.ones_like(dy, shape=n)",
            ),
            Mistake(
                "the weight comes too late",
                replace="g = np.multiply(dy_, scale, out=t)\n            np.subtract(g, removed, out=dx_)\n            dx_ *= s\n",
                by="np.subtract(dy_, removed, out=dx_)\n            dx_ *= s * scale\n",
            ),
            Mistake(
                "dweight without normalized", replace="dweight += s[:, 0] @ products", by="dweight += over_rows(dy_)"
            ),
            Mistake(
                "dweight takes what is only centered",
                replace="dweight += s[:, 0] @ products",
                by="dweight += over_rows(products)",
            ),
            Mistake(
                "dbias is a mean over the examples",
                replace="dbias += over_rows(dy_)",
                by="dbias += over_rows(dy_) / len(examples)",
            ),
            Mistake(
                "only the gradients of the last piece of examples arrive",
                replace="dweight += s[:, 0] @ products",
                by="dweight[...] = s[:, 0] @ products",
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
