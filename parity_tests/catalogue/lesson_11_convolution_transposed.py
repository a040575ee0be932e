"""Lesson 11: the transposed convolution, which makes images larger."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ones, zeros

from ..harness.entry import Case, Divergence, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_11_convolution import X, each, normal, per_axis, whole


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
    shape = (draw.choice((1, 2, 2, 0)), groups * x_channels, *sizes)
    x = whole(draw, draw.uniform(shape, -9.0, 9.0)) if padding else draw.floats(shape)  # see the divergence
    weight = whole(draw, draw.uniform((groups * x_channels, y_channels, *kernel), -2.0, 2.0))
    bias = whole(draw, draw.uniform((groups * y_channels,), -2.0, 2.0)) if draw.integer(0, 2) else None
    options = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    return Case((x, weight, bias), {**options, "groups": groups})


def transposed(x: tuple[int, ...], weight: tuple[int, ...], **options: Any) -> Callable[[np.random.Generator], Case]:
    """A workload of the way up; the bias is as long as y has channels."""
    return lambda generator: Case(
        (normal(generator, *x), normal(generator, *weight), normal(generator, weight[1])), options
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

CORNER = zeros((1, 2, 3, 2), np.float32)
CORNER[0, 0, 0, 0] = np.inf

ROWS = (
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
        divergences=(
            Divergence(
                "an infinite x that paints what padding cuts off: here its 0 · inf is NaN in dweight, as in every "
                "product with a margin of zeros; PyTorch leaves these products out on some of its paths",
                Case((CORNER, ones((2, 1, 2, 2), np.float32), None), {"padding": 1, "groups": 2}),
            ),
        ),
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
            Mistake("dbias is a mean", replace="over_images(dy)", by="dy.mean(axis=(0, 2, 3))"),
        ),
    ),
)
