"""Lesson 11: the convolution of images, fast, and what convolutions are judged on."""

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


def normal(generator: np.random.Generator, *shape: int) -> np.ndarray:
    return generator.standard_normal(shape, dtype=np.float32)


def images(x: tuple[int, ...], weight: tuple[int, ...], **options: Any) -> Callable[[np.random.Generator], Case]:
    """A workload; the bias is as long as y has channels."""
    outputs = weight[0]
    return lambda generator: Case(
        (normal(generator, *x), normal(generator, *weight), normal(generator, outputs)), options
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

ROWS = (
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
            Mistake("dx only where the weight's is needed", replace="if 0 in needed", by="if 1 in needed"),
            Mistake("dbias only where x's is needed", replace="2 in needed", by="0 in needed"),
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
            Mistake("dbias is a mean", replace="over_images(dy)", by="dy.mean(axis=(0, 2, 3))"),
            Mistake("dbias of the first place", replace="over_images(dy)", by="dy[:, :, 0, 0].sum(axis=0)"),
        ),
    ),
)
