"""Lesson 11: convolutions, the ops."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases


def per_axis(draw: Draw, axes: int, low: int, high: int) -> Any:
    """One number for all axes, or one for each."""
    return draw.integer(low, high) if draw.boolean() else tuple(draw.integer(low, high) for _ in range(axes))


def each(value: Any, axes: int) -> tuple[int, ...]:
    return (value,) * axes if isinstance(value, int) else value


def a_convolution(draw: Draw, axes: int, *, most: int = 3, places: int = 4) -> Case:
    """Any geometry in which the kernel fits. `most`: channels, `places`: about how many windows along an axis."""
    kernel = tuple(draw.integer(1, 3) for _ in range(axes))
    dilation = draw.choice((1, per_axis(draw, axes, 1, 3)))
    padding: Any = draw.choice((0, 1, per_axis(draw, axes, 0, 3), "same", "valid"))
    stride = 1 if padding == "same" else draw.choice((1, per_axis(draw, axes, 1, 3)))
    groups = draw.choice((1, 1, 2, 3))
    x_channels, y_channels = draw.integer(1, most), draw.integer(1, most)
    if draw.integer(0, 3) == 0:  # depthwise
        x_channels = 1
    spans = [d * (k - 1) + 1 for d, k in zip(each(dilation, axes), kernel, strict=True)]
    cut = [0] * axes if isinstance(padding, str) else [2 * p for p in each(padding, axes)]
    sizes = [max(1, s - c) + draw.integer(0, places) for s, c in zip(spans, cut, strict=True)]
    x = draw.floats((draw.choice((1, 2, 2, 0)), groups * x_channels, *sizes))
    weight = draw.uniform((groups * y_channels, x_channels, *kernel), -2.0, 2.0)
    bias = draw.uniform((groups * y_channels,), -2.0, 2.0) if draw.integer(0, 2) else None
    return Case(
        (x, whole(draw, weight), bias if bias is None else whole(draw, bias)),
        {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups},
    )


def whole(draw: Draw, values: Any) -> Any:
    """Whole numbers where the mode is exact. Weights are finite: 0 · inf of the padding is nobody's business."""
    return np.rint(values).astype(values.dtype) if draw.mode == "integers" else values


@cases("smooth", "integers", "extreme")
def conv2d_inputs(draw: Draw) -> Case:
    return a_convolution(draw, axes=2)


@cases("smooth", "integers", "extreme")
def conv2d_loops_inputs(draw: Draw) -> Case:
    return a_convolution(draw, axes=2, most=2, places=2)


@cases("smooth", "integers", "extreme")
def conv1d_inputs(draw: Draw) -> Case:
    return a_convolution(draw, axes=1, places=8)


@cases("smooth", "integers", "extreme")
def conv_transpose2d_inputs(draw: Draw) -> Case:
    kernel = draw.integer(1, 3), draw.integer(1, 3)
    stride, dilation = draw.choice((1, 2, per_axis(draw, 2, 1, 3))), draw.choice((1, 1, per_axis(draw, 2, 1, 3)))
    most = [max(s, d) - 1 for s, d in zip(each(stride, 2), each(dilation, 2), strict=True)]
    output_padding = draw.choice((0, tuple(draw.integer(0, m) for m in most)))
    padding = draw.choice((0, 1, per_axis(draw, 2, 0, 2)))
    sizes = [draw.integer(1, 4) for _ in range(2)]
    for axis in range(2):  # something must be left of y
        span = each(dilation, 2)[axis] * (kernel[axis] - 1) + each(output_padding, 2)[axis] + 1
        while (sizes[axis] - 1) * each(stride, 2)[axis] + span - 2 * each(padding, 2)[axis] < 1:
            sizes[axis] += 1
    groups, x_channels, y_channels = draw.choice((1, 1, 2, 3)), draw.integer(1, 3), draw.integer(1, 3)
    x = draw.floats((draw.choice((1, 2, 2, 0)), groups * x_channels, *sizes))
    weight = whole(draw, draw.uniform((groups * x_channels, y_channels, *kernel), -2.0, 2.0))
    bias = whole(draw, draw.uniform((groups * y_channels,), -2.0, 2.0)) if draw.integer(0, 2) else None
    options = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    return Case((x, weight, bias), {**options, "groups": groups})


def normal(generator: np.random.Generator, *shape: int) -> np.ndarray:
    return generator.standard_normal(shape, dtype=np.float32)


def images(x: tuple[int, ...], weight: tuple[int, ...], **options: Any) -> Callable[[np.random.Generator], Case]:
    """A workload; the bias is as long as y has channels."""
    outputs = weight[0]
    return lambda generator: Case(
        (normal(generator, *x), normal(generator, *weight), normal(generator, outputs)), options
    )


def transposed(x: tuple[int, ...], weight: tuple[int, ...], **options: Any) -> Callable[[np.random.Generator], Case]:
    """A workload of the way up; the bias is as long as y has channels."""
    return lambda generator: Case(
        (normal(generator, *x), normal(generator, *weight), normal(generator, weight[1])), options
    )


X, WEIGHT = zeros((2, 4, 5, 6)), zeros((6, 4, 3, 3))

REFUSALS = (
    Refusal("other channels", Case((X, zeros((6, 3, 3, 3)), None)), says=("x", "3 channels", "(2, 4, 5, 6)")),
    Refusal("bias of another width", Case((X, WEIGHT, zeros(4))), says=("bias", "(6,)", "(4,)")),
    Refusal("a kernel without columns", Case((X, zeros((6, 4, 3)), None)), says=("weight", "(6, 4, 3)")),
    Refusal("no pixels", Case((zeros((2, 4, 0, 6)), WEIGHT, None), {"padding": 2}), says=("x", "(2, 4, 0, 6)")),
    Refusal("too large a kernel", Case((X, zeros((6, 4, 7, 3)), None)), says=("fit", "(7, 3)", "(5, 6)")),
    Refusal("dilated beyond the image", Case((X, WEIGHT, None), {"dilation": 3}), says=("fit", "(7, 7)", "(5, 6)")),
    Refusal("groups that do not divide", Case((X, zeros((6, 1, 3, 3)), None), {"groups": 4}), says=("groups 4",)),
    Refusal("no stride", Case((X, WEIGHT, None), {"stride": 0}), says=("stride", "at least 1", "0")),
    Refusal("negative padding", Case((X, WEIGHT, None), {"padding": -1}), says=("padding", "-1")),
    Refusal("a padding of no kind", Case((X, WEIGHT, None), {"padding": "full"}), says=("'same'", "'full'")),
    Refusal("'same' with a stride", Case((X, WEIGHT, None), {"padding": "same", "stride": 2}), says=("same", "(2, 2)")),
    Refusal("three strides", Case((X, WEIGHT, None), {"stride": (1, 1, 1)}), says=("stride", "2 of them", "(1, 1, 1)")),
    Refusal("weight of another dtype", Case((X, WEIGHT.astype(np.float32), None)), says=("float64", "float32")),
)
FOR_SIGNALS = (
    Refusal("an image", Case((X, zeros((6, 4, 3)), None)), says=("(N, C, L)", "(2, 4, 5, 6)")),
    Refusal("other channels", Case((zeros((2, 4, 5)), zeros((6, 3, 3)), None)), says=("3 channels", "(2, 4, 5)")),
    Refusal("too large a kernel", Case((zeros((2, 4, 5)), zeros((6, 4, 7)), None)), says=("fit", "(7,)", "(5,)")),
    Refusal(
        "'same' with a stride",
        Case((zeros((2, 4, 5)), zeros((6, 4, 3)), None), {"padding": "same", "stride": 2}),
        says=("same", "(2,)"),
    ),
)
LARGER = (
    Refusal("other channels", Case((X, zeros((3, 2, 3, 3)), None)), says=("3 channels", "(2, 4, 5, 6)")),
    Refusal("bias of another width", Case((X, zeros((4, 2, 3, 3)), zeros(4))), says=("bias", "(2,)", "(4,)")),
    Refusal(
        "a row beyond what is painted",
        Case((X, zeros((4, 2, 3, 3)), None), {"stride": 2, "output_padding": 2}),
        says=("output_padding", "smaller", "(2, 2)"),
    ),
    Refusal("nothing is left", Case((X, zeros((4, 2, 3, 3)), None), {"padding": 4}), says=("nothing", "padding")),
    Refusal(
        "groups that do not divide", Case((X, zeros((4, 2, 3, 3)), None), {"groups": 3}), says=("groups 3", "divide")
    ),
)

ROWS = (
    Entry(
        "ops.convolution.conv2d_loops",
        lesson=11,
        title="Convolution of images, by loops",
        inputs=conv2d_loops_inputs,
        refusals=REFUSALS,
        mistakes=(
            Mistake(
                "correlation for convolution: the kernel is flipped",
                replace="(weight[o] * padded[n][window]).sum()",
                by="(weight[o][:, ::-1, ::-1] * padded[n][window]).sum()",
            ),
            Mistake("one stride serves both axes", replace="w * geometry.stride[1]", by="w * geometry.stride[0]"),
            Mistake(
                "one dilation serves both axes", replace="left + along * width, along)", by="left + down * width, down)"
            ),
            Mistake(
                "the stride is ignored by the windows",
                replace="top, left = h * geometry.stride[0], w * geometry.stride[1]",
                by="top, left = h, w",
            ),
            Mistake(
                "padding at the end only",
                replace="np.pad(x, ((0, 0), (0, 0), *geometry.margins))",
                by="np.pad(x, ((0, 0), (0, 0), *((0, sum(margin)) for margin in geometry.margins)))",
            ),
            Mistake(
                "'same' pads more at the start",
                replace="np.pad(x, ((0, 0), (0, 0), *geometry.margins))",
                by="np.pad(x, ((0, 0), (0, 0), *(margin[::-1] for margin in geometry.margins)))",
            ),
            Mistake(
                "the border is repeated instead of padded with zeros",
                replace="*geometry.margins))",
                by='*geometry.margins), mode="edge")',
            ),
            Mistake(
                "every group reads the first channels",
                replace="first = o // (outputs // geometry.groups) * channels",
                by="first = 0",
            ),
            Mistake(
                "neurons are dealt out to the groups in turn",
                replace="first = o // (outputs // geometry.groups) * channels",
                by="first = o % geometry.groups * channels",
            ),
            Mistake(
                "the bias is added once a product",
                replace="y[n, o, h, w] += bias[o]",
                by="y[n, o, h, w] += bias[o] * weight[o].size",
            ),
            Mistake(
                "overlapping windows are assigned, not added",
                replace="dpadded[n][window] += dy",
                by="dpadded[n][window] = dy",
            ),
            Mistake(
                "the kernel is flipped in the gradient of x",
                replace="dy[n, o, h, w] * weight[o]\n",
                by="dy[n, o, h, w] * weight[o][:, ::-1, ::-1]\n",
            ),
            Mistake(
                "the padding is cut off at the wrong end",
                replace="top : top + height, left : left + width",
                by="dpadded.shape[2] - top - height : dpadded.shape[2] - top, dpadded.shape[3] - left - width :",
            ),
            Mistake(
                "padding ignored in the gradient of x",
                replace="(top, _), (left, _) = geometry.margins",
                by="top = left = 0",
            ),
            Mistake(
                "padding ignored in the gradient of the weight",
                replace="dweight[o] += dy[n, o, h, w] * padded[n][window]",
                by="dweight[o] += dy[n, o, h, w] * np.roll(padded, [-m[0] for m in geometry.margins], (2, 3))[n][window]",
            ),
            Mistake(
                "dilation ignored in the gradient of the weight",
                replace="dweight[o] += dy[n, o, h, w] * padded[n][window]",
                by="dweight[o] += dy[n, o, h, w] * padded[n, window[0], window[1].start :, window[2].start :]"
                "[:, : weight.shape[2], : weight.shape[3]]",
            ),
            Mistake(
                "the last image alone gives the gradient of the weight",
                replace="    for n in range(len(dy)):\n",
                by="    for n in range(len(dy)):\n        dweight[...] = 0\n",
            ),
            Mistake(
                "dbias is the mean over the places",
                replace="dbias[o] += dy[n, o, h, w]",
                by="dbias[o] += dy[n, o, h, w] / dy[0, 0].size",
            ),
        ),
    ),
    Entry(
        "ops.convolution.conv2d",
        lesson=11,
        title="Convolution of images",
        inputs=conv2d_inputs,
        refusals=REFUSALS,
        sizes={
            "small": images((4, 1, 28, 28), (6, 1, 5, 5), padding=2),
            "medium": images((8, 32, 32, 32), (16, 32, 3, 3), padding=1, stride=2),
            "large": images((32, 16, 32, 32), (32, 16, 3, 3), padding=1),
            "pointwise": images((32, 64, 16, 16), (64, 64, 1, 1)),
            "depthwise": images((32, 32, 32, 32), (32, 1, 3, 3), padding=1, groups=32),
        },
        mistakes=(
            Mistake(
                "correlation for convolution: the kernel is flipped",
                replace="return correlate(x, weight, bias, geometry)",
                by="return correlate(x, weight[:, :, ::-1, ::-1], bias, geometry)",
            ),
            Mistake("rows of the kernel replace each other", replace="sums += term[", by="sums[...] = term["),
            Mistake(
                "the biases of the first group serve all",
                replace="sums += bias.reshape(groups, -1, 1)",
                by="sums += bias.reshape(groups, -1, 1)[:1]",
            ),
            Mistake(
                "the kernel is not flipped in the gradient of x",
                replace="exchanged[:, :, ::-1, ::-1]",
                by="exchanged",
            ),
            Mistake(
                "the kernel is flipped along the width only",
                replace="exchanged[:, :, ::-1, ::-1]",
                by="exchanged[:, :, :, ::-1]",
            ),
            Mistake(
                "inputs and outputs are not exchanged in the gradient of x",
                replace=".swapaxes(1, 2)",
                by="",
            ),
            Mistake(
                "padding ignored in the gradient of x",
                replace="(down - top, down - bottom), (along - left, along - right)",
                by="(down, down - top - bottom), (along, along - left - right)",
            ),
            Mistake(
                "dilation ignored in the gradient of x",
                replace="geometry._replace(size=geometry.output,",
                by="geometry._replace(dilation=(1, 1), size=geometry.output,",
            ),
            Mistake(
                "overlapping windows are assigned, not added",
                replace="dmatrix += multiply_back",
                by="dmatrix[...] = multiply_back",
            ),
            Mistake(
                "padding ignored in the gradient of x, with a stride",
                replace="columns = Columns(dy, channels, geometry,",
                by="columns = Columns(dy, channels, geometry._replace(margins=[(0, sum(m)) for m in geometry.margins]),",
            ),
            Mistake(
                "dilation ignored in the gradient of x, with a stride",
                replace="columns = Columns(dy, channels, geometry,",
                by="columns = Columns(dy, channels, geometry._replace(dilation=(1, 1)),",
            ),
            Mistake(
                "padding ignored in the gradient of the weight",
                replace="columns, grouped = Columns(x, x.shape[1], geometry,",
                by="columns, grouped = Columns(x, x.shape[1], geometry._replace(margins=[(0, sum(m)) for m in geometry.margins]),",
            ),
            Mistake(
                "dilation ignored in the gradient of the weight",
                replace="columns, grouped = Columns(x, x.shape[1], geometry,",
                by="columns, grouped = Columns(x, x.shape[1], geometry._replace(dilation=(1, 1)),",
            ),
            Mistake("dbias is a mean", replace="dy.sum(axis=(0, 2, 3))", by="dy.mean(axis=(0, 2, 3))"),
            Mistake("dbias of the first place", replace="dy.sum(axis=(0, 2, 3))", by="dy[:, :, 0, 0].sum(axis=0)"),
        ),
    ),
    Entry(
        "ops.convolution.conv1d",
        lesson=11,
        title="Convolution of signals",
        inputs=conv1d_inputs,
        refusals=FOR_SIGNALS,
        sizes={
            "small": images((4, 4, 64), (8, 4, 5)),
            "medium": images((8, 16, 256), (16, 16, 3), dilation=4, padding=4),
            "large": images((32, 64, 256), (64, 64, 5), padding="same"),
        },
        mistakes=(
            Mistake(
                "correlation for convolution: time runs backwards",
                replace="conv2d.correlate(image, kernel, bias, geometry)",
                by="conv2d.correlate(image, kernel[..., ::-1], bias, geometry)",
            ),
            Mistake(
                "padding at the start only",
                replace="conv2d.correlate(image, kernel, bias, geometry)",
                by="conv2d.correlate(image, kernel, bias, geometry._replace(margins=((0, 0), (sum(geometry.margins[1]), 0))))",
            ),
            Mistake(
                "the bias is forgotten", replace="(image, kernel, bias, geometry)", by="(image, kernel, None, geometry)"
            ),
            Mistake("dilation is not passed on", replace="padding, dilation, groups)", by="padding, 1, groups)"),
            Mistake(
                "the stride is not passed on", replace="geometry_of(x, weight, stride,", by="geometry_of(x, weight, 1,"
            ),
            Mistake("dweight has time reversed", replace="dweight[:, :, 0]", by="dweight[:, :, 0, ::-1]"),
            Mistake("dx has time reversed", replace="dx[:, :, 0]", by="dx[:, :, 0, ::-1]"),
            Mistake(
                "dilation ignored in backward",
                replace="return y[:, :, 0], Cache(image, kernel, bias is not None, geometry)",
                by="return y[:, :, 0], Cache(image, kernel, bias is not None, geometry._replace(dilation=(1, 1)))",
            ),
        ),
    ),
    Entry(
        "ops.convolution.conv_transpose2d",
        lesson=11,
        title="Transposed convolution of images",
        inputs=conv_transpose2d_inputs,
        refusals=LARGER,
        sizes={
            "small": transposed((4, 8, 7, 7), (8, 4, 3, 3), stride=2, padding=1, output_padding=1),
            "medium": transposed((8, 32, 14, 14), (32, 16, 4, 4), stride=2, padding=1),
            "large": transposed((32, 32, 16, 16), (32, 16, 3, 3), stride=2, padding=1, output_padding=1),
        },
        mistakes=(
            Mistake(
                "the kernel is flipped",
                replace="input_gradient(x, weight, geometry)",
                by="input_gradient(x, weight[:, :, ::-1, ::-1], geometry)",
            ),
            Mistake("the bias is forgotten", replace="y += bias.reshape(-1, 1, 1)", by="y += 0"),
            Mistake(
                "output_padding is not passed on",
                replace="padding, output_padding, dilation",
                by="padding, 0, dilation",
            ),
            Mistake(
                "output_padding at the start",
                replace="    y = input_gradient(",
                by="    geometry = geometry._replace(margins=tuple(m[::-1] for m in geometry.margins))\n"
                "    y = input_gradient(",
            ),
            Mistake(
                "dilation is not passed on",
                replace="output_padding, dilation, groups)",
                by="output_padding, 1, groups)",
            ),
            Mistake(
                "padding ignored in the gradient of x",
                replace="correlate(dy, weight, None, geometry)",
                by="correlate(dy, weight, None, geometry._replace(margins=[(0, sum(m)) for m in geometry.margins]))",
            ),
            Mistake(
                "dilation ignored in the gradient of x",
                replace="correlate(dy, weight, None, geometry)",
                by="correlate(dy, weight, None, geometry._replace(dilation=(1, 1)))",
            ),
            Mistake(
                "the kernel is flipped in the gradient of x",
                replace="correlate(dy, weight, None, geometry)",
                by="correlate(dy, weight[:, :, ::-1, ::-1], None, geometry)",
            ),
            Mistake(
                "dilation ignored in the gradient of the weight",
                replace="weight_gradient(x, dy, weight, geometry)",
                by="weight_gradient(x, dy, weight, geometry._replace(dilation=(1, 1)))",
            ),
            Mistake("dbias is a mean", replace="dy.sum(axis=(0, 2, 3))", by="dy.mean(axis=(0, 2, 3))"),
        ),
    ),
)
