"""Lesson 11: the convolution of images as its equation says it, by loops."""

from ..harness.entry import Case, Entry, Mistake
from ..harness.inputs import Draw, cases
from .lesson_11_convolution import REFUSALS, a_convolution


@cases("smooth", "integers", "extreme")
def conv2d_loops_inputs(draw: Draw) -> Case:
    return a_convolution(draw, axes=2, most=2, places=2)


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
)
