"""Lesson 11: windows laid out as columns, and columns laid on images."""

from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_11_convolution import each, per_axis
from .lesson_11_pooling import NO_IMAGE, WHOLE, X, images, overwritten


def some_windows(draw: Draw) -> tuple[tuple[int, int], dict[str, Any], int]:
    """The size of an image, windows that fit it, and how many places they have."""
    options = {"kernel_size": per_axis(draw, 2, 1, 3), "padding": per_axis(draw, 2, 0, 2)}
    options |= {"dilation": draw.choice((1, per_axis(draw, 2, 1, 2))), "stride": per_axis(draw, 2, 1, 3)}
    kernel, padding, dilation, stride = (each(options[n], 2) for n in ("kernel_size", "padding", "dilation", "stride"))
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    size = tuple(max(1, s - 2 * p) + draw.integer(0, 4) for s, p in zip(spans, padding, strict=True))
    places = [(size[a] + 2 * padding[a] - spans[a]) // stride[a] + 1 for a in (0, 1)]
    return (size[0], size[1]), options, places[0] * places[1]


@cases("smooth", "integers", "extreme")
def unfold_inputs(draw: Draw) -> Case:
    size, options, _ = some_windows(draw)
    return Case((draw.floats((draw.integer(1, 2), draw.integer(1, 3), *size)),), options)


@cases("smooth", "integers", "extreme")
def fold_inputs(draw: Draw) -> Case:
    size, options, places = some_windows(draw)
    pixels = int(np.prod(each(options["kernel_size"], 2)))
    x = draw.floats((draw.integer(1, 2), draw.integer(1, 3) * pixels, places))
    return Case((x,), {**options, "output_size": size[0] if size[0] == size[1] and draw.boolean() else size})


ROWS = (
    Entry(
        "ops.pooling.unfold",
        lesson=11,
        title="Windows as columns",
        inputs=unfold_inputs,
        refusals=(
            NO_IMAGE,
            WHOLE,
            Refusal("windows larger than the image", Case((X,), {"kernel_size": 7}), says=("fit", "(7, 7)", "(5, 6)")),
            Refusal("no stride", Case((X,), {"kernel_size": 2, "stride": 0}), says=("stride", "at least 1")),
        ),
        sizes={
            "small": images(4, 8, 14, 14, kernel_size=3, padding=1),
            "medium": images(8, 16, 28, 28, kernel_size=3, padding=1, stride=2),
            "large": images(16, 16, 32, 32, kernel_size=3, padding=1),
        },
        mistakes=(
            Mistake(
                "stride and dilation are swapped",
                replace="kernel_size, stride, padding, dilation)",
                by="kernel_size, dilation, padding, stride)",
            ),
            Mistake(
                "pixels before channels",
                replace="    return y.reshape(len(x), x.shape[1]",
                by="    y = np.ascontiguousarray(y.swapaxes(1, 2))\n    return y.reshape(len(x), x.shape[1]",
            ),
            Mistake("the kernel is flipped", replace="y[:, :, number] = padded", by="y[:, :, -1 - number] = padded"),
            Mistake("the padding is 1", replace="windows.padded(x, 0.0)", by="windows.padded(x, 1.0)"),
            Mistake(
                "overlapping windows are assigned, not added",
                replace="    return windows.spread(columns, lambda block, number: columns[block, :, number])\n",
                by=overwritten("columns", "columns[:, :, number]"),
            ),
        ),
    ),
    Entry(
        "ops.pooling.fold",
        lesson=11,
        title="Columns laid on images",
        inputs=fold_inputs,
        refusals=(
            Refusal(
                "other places",
                Case((zeros((2, 8, 7)),), {"output_size": (3, 4), "kernel_size": 2}),
                says=("(N, C · 4, 6)", "(2, 8, 7)"),
            ),
            Refusal(
                "columns of another length",
                Case((zeros((2, 9, 6)),), {"output_size": (3, 4), "kernel_size": 2}),
                says=("(N, C · 4, 6)", "(2, 9, 6)"),
            ),
            Refusal(
                "windows larger than the image",
                Case((zeros((2, 25, 1)),), {"output_size": (3, 4), "kernel_size": 5}),
                says=("fit", "(5, 5)", "(3, 4)"),
            ),
        ),
        sizes={
            "small": images(4, 72, 144, output_size=14, kernel_size=3),
            "large": images(16, 144, 900, output_size=32, kernel_size=3),
        },
        mistakes=(
            Mistake(
                "height and width are swapped",
                replace='pair("output_size", output_size, least=1)',
                by='pair("output_size", output_size, least=1)[::-1]',
            ),
            Mistake(
                "the mean of what lies on a pixel",
                replace="return images_of(x, windows), ",
                by="return images_of(x, windows) / pixels, ",
            ),
            Mistake(
                "columns are taken for pixels before channels",
                replace="return images_of(x, windows), ",
                by="return images_of(x.reshape(len(x), pixels, -1, places).swapaxes(1, 2).reshape(x.shape), windows), ",
            ),
            Mistake(
                "the gradient is divided among the windows",
                replace="return columns_of(dy, cache.windows)",
                by="return columns_of(dy, cache.windows) / cache.windows.kernel[0]",
            ),
        ),
    ),
)
