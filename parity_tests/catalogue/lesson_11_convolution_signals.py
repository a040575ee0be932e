"""Lesson 11: the convolution of signals."""

from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_11_convolution import X, a_convolution, images


@cases("smooth", "integers", "extreme")
def conv1d_inputs(draw: Draw) -> Case:
    return a_convolution(draw, axes=1, places=8)


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

ROWS = (
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
)
