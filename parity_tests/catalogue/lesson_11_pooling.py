"""Lesson 11: pooling, and other ways to make images smaller, larger or flat."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_11_convolution import each, per_axis


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


@cases("smooth", "integers", "extreme")
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


@cases("smooth", "integers", "extreme")
def upsample_inputs(draw: Draw) -> Case:
    return Case((an_image(draw, high=4),), {"scale_factor": per_axis(draw, 2, 1, 3)})


@cases("smooth", "integers", "extreme")
def pad_inputs(draw: Draw) -> Case:
    shape = tuple(draw.integer(1, 5) for _ in range(draw.integer(1, 4)))
    pad: list[int] = []
    for size in reversed(shape[draw.integer(0, len(shape) - 1) :]):
        before = draw.integer(-size // 2, 2)
        pad += [before, draw.integer(max(-2, -size - min(before, 0) + 1), 2)]
    return Case((draw.floats(shape),), {"pad": tuple(pad), "value": draw.choice((0.0, -1.5, 7.0))})


@cases("smooth", "integers", "extreme")
def flatten_inputs(draw: Draw) -> Case:
    shape = draw.shape()
    first = draw.integer(0, max(len(shape) - 1, 0))
    last = draw.integer(first, max(len(shape) - 1, 0))
    rank = max(len(shape), 1)
    options = {"start_dim": draw.choice((first, first - rank)), "end_dim": draw.choice((last, last - rank))}
    return Case((draw.floats(shape),), draw.choice((options, {}, {"start_dim": options["start_dim"]})))


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
                replace="dpadded[block, :, rows, columns] += dy[block] * (winner[block] == number)",
                by="dpadded[block, :, rows, columns] += dy[block] * (winner[block] >= number)",
            ),
            Mistake(
                "overlapping windows are assigned, not added",
                replace="dpadded[block, :, rows, columns] += ",
                by="dpadded[block, :, rows, columns] = ",
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
            Mistake("the gradient is not divided", replace="share = dy[block] / counts", by="share = dy[block]"),
            Mistake(
                "overlapping windows are assigned, not added",
                replace="dpadded[block, :, rows, columns] += share",
                by="dpadded[block, :, rows, columns] = share",
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
    Entry(
        "ops.pooling.upsample_nearest",
        lesson=11,
        title="Nearest upsampling",
        inputs=upsample_inputs,
        refusals=(
            Refusal("no channels", Case((zeros((5, 6)),), {"scale_factor": 2}), says=("(N, C, H, W)", "(5, 6)")),
            Refusal("a factor of 0", Case((X,), {"scale_factor": 0}), says=("scale_factor", "at least 1")),
            Refusal("three factors", Case((X,), {"scale_factor": (1, 2, 3)}), says=("scale_factor", "(1, 2, 3)")),
        ),
        sizes={
            "small": images(8, 8, 7, 7, scale_factor=2),
            "medium": images(16, 32, 14, 14, scale_factor=2),
            "large": images(32, 64, 16, 16, scale_factor=2),
        },
        mistakes=(
            Mistake(
                "the image is repeated, not its pixels",
                replace="y[:, :, row::down, column::along] = x",
                by="y[:, :, row * height : (row + 1) * height, column::along] = x",
            ),
            Mistake(
                "height and width are swapped",
                replace="    down, along = scale\n    n",
                by="    along, down = scale\n    n",
            ),
            Mistake(
                "the gradient is a mean",
                replace="dx += dy[:, :, row::down, column::along]",
                by="dx += dy[:, :, row::down, column::along] / (down * along)",
            ),
            Mistake(
                "only the last of a block gets a gradient",
                replace="            dx += dy",
                by="            dx[...] = dy",
            ),
            Mistake(
                "the gradient is cut into images, not blocks",
                replace="dx += dy[:, :, row::down, column::along]",
                by="dx += dy[:, :, row * (height // down) :, column::along][:, :, : height // down]",
            ),
        ),
    ),
    Entry(
        "ops.pooling.pad",
        lesson=11,
        title="Padding with a constant",
        inputs=pad_inputs,
        refusals=(
            Refusal("half a pair", Case((X,), {"pad": (1, 2, 3)}), says=("pair", "(1, 2, 3)")),
            Refusal("more pairs than axes", Case((zeros(4),), {"pad": (1, 2, 3, 4)}), says=("1 at most", "(4,)")),
            Refusal(
                "more is cut off than there is",
                Case((zeros(4),), {"pad": (-3, -2)}),
                says=("cut off", "(-3, -2)", "(4,)"),
            ),
        ),
        sizes={
            "small": images(8, 8, 14, 14, pad=(1, 1, 1, 1)),
            "medium": images(16, 32, 14, 14, pad=(1, 1, 1, 1)),
            "large": images(32, 64, 32, 32, pad=(2, 2, 2, 2)),
        },
        mistakes=(
            Mistake("the first axis comes first", replace="2 * (len(shape) - 1 - axis)", by="2 * axis"),
            Mistake("the pair is turned round", replace="before, after = pad", by="after, before = pad"),
            Mistake("always zeros", replace="np.full_like(x, value,", by="np.full_like(x, 0.0,"),
            Mistake(
                "the gradient of the other end", replace="dx[taken] = dy[into]", by="dx[taken] = dy[into][..., ::-1]"
            ),
            Mistake(
                "what was cut off gets a gradient",
                replace='dx = np.zeros_like(dy, shape=cache.shape, order="C")',
                by='dx = np.ones_like(dy, shape=cache.shape, order="C")',
            ),
        ),
    ),
    Entry(
        "ops.pooling.flatten",
        lesson=11,
        title="Flattening",
        inputs=flatten_inputs,
        refusals=(
            Refusal("the wrong order", Case((X,), {"start_dim": 2, "end_dim": 1}), says=("start_dim 2", "end_dim 1")),
            Refusal("an axis too many", Case((X,), {"end_dim": 4}), says=("end_dim 4", "(2, 3, 5, 6)")),
        ),
        sizes={"small": images(32, 16, 5, 5, start_dim=1), "large": images(64, 64, 16, 16, start_dim=1)},
        mistakes=(
            Mistake("start_dim is ignored", replace="for dim in (start_dim, end_dim))", by="for dim in (0, end_dim))"),
            Mistake("end_dim is ignored", replace="for dim in (start_dim, end_dim))", by="for dim in (start_dim, -1))"),
            Mistake(
                "column by column",
                replace="x.reshape(*shape[:first], merged, *shape[last + 1 :])",
                by='x.reshape(*shape[:first], merged, *shape[last + 1 :], order="F")',
            ),
            Mistake(
                "the gradient is turned round",
                replace="dy.reshape(cache.shape)",
                by="dy[..., ::-1].reshape(cache.shape)",
            ),
        ),
    ),
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
                replace="images[:, :, rows, places] += ",
                by="images[:, :, rows, places] = ",
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
