"""Lesson 11: pooling, which makes images smaller."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_11_convolution import each, per_axis


def overwritten(like: str, share: str) -> str:
    """The end of a backward in which a window overwrites what an earlier one gave to the same pixel."""
    return f"""\
    images = np.zeros_like({like}, shape=(*{like}.shape[:2], *windows.padded_size))
    for number, (rows, places) in enumerate(windows.pixels()):
        images[:, :, rows, places] = {share}
    return windows.cut(images)
"""


def an_image(draw: Draw, *, low: int = 1, high: int = 7) -> Any:
    """Images, and sometimes none."""
    return draw.floats(
        (draw.choice((1, 2, 2, 0)), draw.integer(1, 3), draw.integer(low, high), draw.integer(low, high))
    )


def a_pooling(draw: Draw, *, dilated: bool) -> tuple[Any, dict[str, Any]]:
    """Images and windows, at least one of which fits."""
    kernel = per_axis(draw, 2, 1, 3)
    padding = tuple(draw.integer(0, k // 2) for k in each(kernel, 2))
    options = {"kernel_size": kernel, "padding": draw.choice((0, padding)), "ceil_mode": draw.boolean()}
    if draw.boolean():
        options["stride"] = draw.choice((None, per_axis(draw, 2, 1, 3)))
    if dilated:
        options["dilation"] = draw.choice((1, 1, per_axis(draw, 2, 1, 2)))
    spans = [d * (k - 1) + 1 for d, k in zip(each(options.get("dilation", 1), 2), each(kernel, 2), strict=True)]
    sizes = [max(1, s - 2 * p) + draw.integer(0, 5) for s, p in zip(spans, each(options["padding"], 2), strict=True)]
    return draw.floats((draw.choice((1, 2, 2, 0)), draw.integer(1, 3), *sizes)), options


@cases("smooth", "integers", "integers", "extreme", "extreme")
def max_pool_inputs(draw: Draw) -> Case:
    x, options = a_pooling(draw, dilated=True)
    if draw.mode == "extreme":  # several in a window, and windows of nothing else, at the border too
        if draw.boolean():
            options["padding"] = tuple(k // 2 for k in each(options["kernel_size"], 2))
        x[draw.booleans(x.shape) | draw.boolean()] = draw.choice((np.nan, -np.inf, -np.inf))
    return Case((x,), options)


@cases("smooth", "extreme")  # thirds of whole numbers are rounded: nothing about them is exact
def avg_pool_inputs(draw: Draw) -> Case:
    x, options = a_pooling(draw, dilated=False)
    if draw.boolean():
        options["count_include_pad"] = draw.boolean()
    if draw.integer(0, 4) == 0:
        options["divisor_override"] = draw.choice((1, 3, -2))
    return Case((x,), options)


@cases("smooth", "extreme")
def adaptive_inputs(draw: Draw) -> Case:
    one = draw.choice((1, 1, 2, 3, 5))
    sizes = draw.choice((1, 2, 4, None)), draw.choice((1, 3, 8, None))
    return Case((an_image(draw),), {"output_size": draw.choice((one, sizes))})


def images(*shape: int, **options: Any) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case((generator.standard_normal(shape, dtype=np.float32),), options)


def pools(**options: Any) -> dict[str, Callable[[np.random.Generator], Case]]:
    """Workloads of 2×2 windows side by side, and of larger ones that overlap."""
    return {
        "small": images(4, 6, 28, 28, kernel_size=2, **options),
        "medium": images(8, 32, 32, 32, kernel_size=3, stride=2, padding=1, **options),
        "large": images(32, 16, 32, 32, kernel_size=2, **options),
    }


X = zeros((2, 3, 5, 6))
NO_IMAGE = Refusal("no channels", Case((zeros((5, 6)),), {"kernel_size": 2}), says=("(N, C, H, W)", "(5, 6)"))
NO_PIXELS = Refusal("no rows", Case((zeros((2, 3, 0, 6)),), {"kernel_size": 1}), says=("empty", "(2, 3, 0, 6)"))
WHOLE = Refusal(
    "whole numbers", Case((np.ones((2, 3, 5, 6), int),), {"kernel_size": 2}), says=("floating-point", "int64")
)
POOLS = (
    NO_IMAGE,
    NO_PIXELS,
    WHOLE,
    Refusal("windows larger than the image", Case((X,), {"kernel_size": 7}), says=("fit", "(7, 7)", "(5, 6)")),
    Refusal("a window of padding", Case((X,), {"kernel_size": 3, "padding": 2}), says=("half", "(2, 2)", "(3, 3)")),
    Refusal("no stride", Case((X,), {"kernel_size": 2, "stride": 0}), says=("stride", "at least 1")),
    Refusal("an empty window", Case((X,), {"kernel_size": 0}), says=("kernel_size", "at least 1")),
    Refusal("three sizes", Case((X,), {"kernel_size": (1, 2, 3)}), says=("kernel_size", "(1, 2, 3)")),
)

ROWS = (
    Entry(
        "ops.pooling.max_pool2d",
        lesson=11,
        title="Max pooling",
        inputs=max_pool_inputs,
        refusals=POOLS,
        sizes=pools(),
        mistakes=(
            Mistake("ties to the last maximum", replace="wins = pixel > y[block]", by="wins = pixel >= y[block]"),
            Mistake(
                "every one of equal maxima gets the gradient",
                replace="dy[block] * (winner[block] == number)",
                by="dy[block] * (winner[block] >= number)",
            ),
            Mistake(
                "overlapping windows are assigned, not added",
                replace="    return windows.spread(dy, lambda block, number: dy[block] * (winner[block] == number))\n",
                by=overwritten("dy", "dy * (winner == number)"),
            ),
            Mistake("the padding is 0", replace="windows.padded(x, -math.inf)", by="windows.padded(x, 0.0)"),
            Mistake(
                "NaN loses",
                replace="np.maximum(y[block], pixel, out=y[block])",
                by="np.fmax(y[block], pixel, out=y[block])",
            ),
            Mistake("NaN wins, but the gradient goes elsewhere", replace="if unknown:", by="if False:"),
            Mistake(
                "where nothing is above -∞, the padding wins",
                replace="winner[...] = first_inside(windows, winner)",
                by="winner[...] = 0",
            ),
            Mistake(
                "the stride is always the kernel",
                replace="kernel_size, stride, padding, dilation,",
                by="kernel_size, None, padding, dilation,",
            ),
            Mistake(
                "dilation is ignored",
                replace="stride, padding, dilation, ceil_mode)",
                by="stride, padding, 1, ceil_mode)",
            ),
            Mistake("ceil_mode is ignored", replace="padding, dilation, ceil_mode)", by="padding, dilation, False)"),
            Mistake(
                "the whole window gets the gradient", replace="dy[block] * (winner[block] == number)", by="dy[block]"
            ),
        ),
    ),
    Entry(
        "ops.pooling.avg_pool2d",
        lesson=11,
        title="Average pooling",
        inputs=avg_pool_inputs,
        refusals=(
            *POOLS,
            Refusal(
                "a divisor of 0", Case((X,), {"kernel_size": 2, "divisor_override": 0}), says=("divisor_override",)
            ),
        ),
        sizes=pools(count_include_pad=False),
        mistakes=(
            Mistake(
                "average over the padded count",
                replace="end - start if count_include_pad else min(end, size) - max(start, 0)",
                by="end - start",
            ),
            Mistake(
                "the padding never counts",
                replace="end - start if count_include_pad else",
                by="end - start if False else",
            ),
            Mistake(
                "what reaches over the padding counts",
                replace="end = min(start + kernel, size + padding)",
                by="end = start + kernel",
            ),
            Mistake("a sum instead of a mean", replace="y[block] /= counts", by="pass"),
            Mistake("the gradient is not divided", replace="share = dy / counts", by="share = dy"),
            Mistake(
                "overlapping windows are assigned, not added",
                replace="    return windows.spread(share, lambda block, _: share[block])\n",
                by=overwritten("share", "share"),
            ),
            Mistake("divisor_override is ignored", replace="if divisor_override is None:", by="if True:"),
            Mistake("ceil_mode is ignored", replace="padding, 1, ceil_mode)", by="padding, 1, False)"),
        ),
    ),
    Entry(
        "ops.pooling.adaptive_avg_pool2d",
        lesson=11,
        title="Adaptive and global average pooling",
        inputs=adaptive_inputs,
        refusals=(
            Refusal("a vector", Case((zeros(6),), {"output_size": 1}), says=("(N, C, H, W)", "(6,)")),
            Refusal("three sizes", Case((X,), {"output_size": (1, 2, 3)}), says=("output_size", "(1, 2, 3)")),
            Refusal("a negative size", Case((X,), {"output_size": -2}), says=("output_size", "-2")),
            Refusal(
                "whole numbers",
                Case((np.ones((2, 3, 5, 6), int),), {"output_size": 1}),
                says=("floating-point", "int64"),
            ),
        ),
        sizes={
            "small": images(32, 16, 7, 7, output_size=1),
            "medium": images(16, 64, 15, 15, output_size=4),
            "large": images(64, 64, 16, 16, output_size=1),
        },
        mistakes=(
            Mistake("a sum instead of a mean", replace=".sum(axis=(2, 3)) / count", by=".sum(axis=(2, 3))"),
            Mistake(
                "parts begin where the last one ended",
                replace="top, bottom = i * size[0] // output[0], -(-(i + 1) * size[0] // output[0])",
                by="top, bottom = -(-i * size[0] // output[0]), -(-(i + 1) * size[0] // output[0])",
            ),
            Mistake(
                "windows of one size",
                replace="left, right = j * size[1] // output[1], -(-(j + 1) * size[1] // output[1])",
                by="left, right = j * size[1] // output[1], j * size[1] // output[1] + max(1, size[1] // output[1])",
            ),
            Mistake("the gradient is not divided", replace="None] / count", by="None]"),
            Mistake(
                "a pixel of two parts gets one gradient",
                replace="dx[:, :, rows, columns] += dy",
                by="dx[:, :, rows, columns] = dy",
            ),
            Mistake(
                "height and width are swapped",
                replace="_resolve(output_size, size)",
                by="_resolve(output_size, size)[::-1]",
            ),
        ),
    ),
)
