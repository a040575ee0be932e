"""Lesson 11: the layers of convolutional networks."""

from typing import Any

from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.networks import network


def convolution(nn: Any, *, kind: str, **options: Any) -> Any:
    return getattr(nn, kind)(**options)


@cases("smooth")
def convolution_inputs(draw: Draw) -> Case:
    kind = draw.choice(("Conv1d", "Conv2d", "Conv2d", "ConvTranspose2d", "ConvTranspose2d"))
    axes, up = (1 if kind == "Conv1d" else 2), kind == "ConvTranspose2d"
    kernel = tuple(draw.integer(1, 3) for _ in range(axes))
    groups, ins, outs, stride = draw.integer(1, 3), draw.integer(1, 3), draw.integer(1, 3), draw.integer(1, 3)
    x = draw.floats((2, groups * ins, *(draw.integer(5, 6) for _ in range(axes))))
    biased = draw.boolean()
    channels = (groups * ins, outs) if up else (groups * outs, ins)
    options = {
        "kind": kind,
        "in_channels": groups * ins,
        "out_channels": groups * outs,
        "kernel_size": kernel,
        "stride": stride,
        "padding": draw.integer(0, 2),
        "dilation": draw.integer(1, 2),
        "groups": groups,
        "bias": biased,
        "training": draw.boolean(),
    }
    if len(set(kernel)) == 1 and draw.boolean():
        options["kernel_size"] = kernel[0]
    if up:
        options["output_padding"] = draw.integer(0, stride - 1)
    elif stride == 1 and draw.boolean():
        options["padding"] = draw.choice(("same", "valid"))
    weight = draw.uniform((*channels, *kernel), -2.0, 2.0)
    return Case((x, weight, draw.uniform((groups * outs,), -2.0, 2.0) if biased else None), options)


def pooling(nn: Any, *, kind: str, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    return getattr(nn, kind)(*given, **named)


POOLINGS: tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...] = (
    ("MaxPool2d", (2,), {}),
    ("MaxPool2d", (3, 2, 1, 1), {"ceil_mode": True}),
    ("MaxPool2d", (2, 1, 0, 2), {}),
    ("AvgPool2d", (2,), {}),
    ("AvgPool2d", (3, 2, 1, True, False), {}),
    ("AvgPool2d", ((1, 2),), {"divisor_override": 3}),
    ("AdaptiveAvgPool2d", (1,), {}),
    ("AdaptiveAvgPool2d", ((None, 2),), {}),
    ("Upsample", (), {"scale_factor": 2}),
    ("ZeroPad2d", ((1, 0, 2, -1),), {}),
    ("ZeroPad2d", (1,), {}),
    ("Unfold", (2, 1, 1, 2), {}),
    ("Unfold", ((3, 2),), {"dilation": 2}),
    ("Fold", ((4, 5), 2, 1, 1, 2), {}),
)
POOLING_KINDS = tuple(dict.fromkeys(kind for kind, *_ in POOLINGS))


@cases("smooth")
def pooling_inputs(draw: Draw) -> Case:
    kind = draw.choice(POOLING_KINDS)
    _, given, named = draw.choice([pooling for pooling in POOLINGS if pooling[0] == kind])
    shape = (2, 4, 9) if kind == "Fold" else (2, draw.integer(1, 3), draw.integer(5, 7), draw.integer(5, 7))
    return Case((draw.floats(shape),), {"kind": kind, "given": given, "named": named, "training": draw.boolean()})


THREE = (zeros((2, 4, 5, 5)), zeros((6, 4, 3, 3)), zeros(6))
SIZES = {"kind": "Conv2d", "in_channels": 4, "out_channels": 6, "kernel_size": 3}

ROWS = (
    Entry(
        "nn.convolution",
        lesson=11,
        title="Convolutions as layers",
        inputs=convolution_inputs,
        adapter=network(convolution, state=("weight", "bias")),
        refusals=(
            Refusal(
                "other channels", Case((zeros((2, 3, 5, 5)), *THREE[1:]), SIZES), says=("4 channels", "(2, 3, 5, 5)")
            ),
            Refusal(
                "groups that do not divide", Case(THREE, {**SIZES, "groups": 4}), says=("groups 4", "out_channels 6")
            ),
            Refusal(
                "an unknown padding mode", Case(THREE, {**SIZES, "padding_mode": "zero"}), says=("zeros", "'zero'")
            ),
            Refusal("a signal", Case((zeros((2, 4)), *THREE[1:]), SIZES), says=("(N, C, H, W)", "(2, 4)")),
            Refusal(
                "a larger kernel than the image", Case((zeros((2, 4, 2, 5)), *THREE[1:]), SIZES), says=("fit", "(3, 3)")
            ),
        ),
        mistakes=(
            Mistake(
                "the options of signals are forgotten",
                replace="apply_conv1d(x, self.weight, self.bias, groups=self.groups, **self.options)",
                by="apply_conv1d(x, self.weight, self.bias, groups=self.groups)",
            ),
            Mistake(
                "the options of images are forgotten",
                replace="apply_conv2d(x, self.weight, self.bias, groups=self.groups, **self.options)",
                by="apply_conv2d(x, self.weight, self.bias, groups=self.groups)",
            ),
            Mistake(
                "the options of the way up are forgotten",
                replace="apply_conv_transpose2d(x, self.weight, self.bias, groups=self.groups, **self.options)",
                by="apply_conv_transpose2d(x, self.weight, self.bias, groups=self.groups)",
            ),
            Mistake(
                "the bias of images is not used",
                replace="apply_conv2d(x, self.weight, self.bias,",
                by="apply_conv2d(x, self.weight, None,",
            ),
            Mistake(
                "the bias of the way up is not used",
                replace="apply_conv_transpose2d(x, self.weight, self.bias,",
                by="apply_conv_transpose2d(x, self.weight, None,",
            ),
            Mistake(
                "x is cut off from the gradient",
                replace="apply_conv2d(x,",
                by="0 * x.sum() + apply_conv2d(x.detach(),",
            ),
            Mistake(
                "the bias of signals is not used",
                replace="apply_conv1d(x, self.weight, self.bias,",
                by="apply_conv1d(x, self.weight, None,",
            ),
            Mistake(
                "the dilation is the stride",
                replace="self.options = options",
                by='self.options = {**options, "dilation": options["stride"]}',
            ),
            Mistake(
                "groups are not checked",
                replace="groups < 1 or in_channels % groups or out_channels % groups",
                by="False",
            ),
            Mistake("any padding mode is zeros", replace='padding_mode != "zeros"', by="False"),
        ),
    ),
    Entry(
        "nn.pooling",
        lesson=11,
        title="Pooling and resizing as layers",
        inputs=pooling_inputs,
        adapter=network(pooling),
        refusals=(
            Refusal(
                "bicubic upsampling",
                Case((zeros((2, 3)),), {"kind": "Upsample", "given": (None, 2, "bicubic"), "named": {}}),
                says=("nearest", "'bicubic'"),
            ),
            Refusal(
                "neither size nor factor",
                Case((zeros((2, 3, 4, 4)),), {"kind": "Upsample", "given": (), "named": {}}),
                says=("scale_factor", "None"),
            ),
            Refusal(
                "a window larger than the image",
                Case((zeros((2, 3, 4, 4)),), {"kind": "MaxPool2d", "given": (5,), "named": {}}),
                says=("fit", "(5, 5)", "(4, 4)"),
            ),
        ),
        mistakes=(
            Mistake(
                "max pooling takes means",
                replace="return apply_max_pool2d(x, **self.options)",
                by='return apply_avg_pool2d(x, kernel_size=self.options["kernel_size"])',
            ),
            Mistake(
                "max pooling forgets the stride",
                replace="kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode",
                by="kernel_size=kernel_size, padding=padding, dilation=dilation, ceil_mode=ceil_mode",
            ),
            Mistake(
                "average pooling counts the padding",
                replace="count_include_pad=count_include_pad,",
                by="count_include_pad=True,",
            ),
            Mistake(
                "average pooling ignores the divisor",
                replace="divisor_override=divisor_override,\n",
                by="divisor_override=None,\n",
            ),
            Mistake(
                "adaptive pooling is global",
                replace="super().__init__(output_size=output_size)",
                by="super().__init__(output_size=1)",
            ),
            Mistake(
                "upsampling always doubles the height only",
                replace="super().__init__(scale_factor=scale_factor)",
                by="super().__init__(scale_factor=(scale_factor, 1))",
            ),
            Mistake("the padding is on one side", replace="(padding,) * 4 if", by="(padding, 0, padding, 0) if"),
            Mistake(
                "unfolding cuts x off from the gradient",
                replace="apply_unfold(x,",
                by="0 * x.sum() + apply_unfold(x.detach(),",
            ),
            Mistake(
                "folding forgets the padding",
                replace="output_size=output_size, kernel_size=kernel_size, dilation=dilation, padding=padding,",
                by="output_size=tuple(n + 2 * padding for n in output_size), kernel_size=kernel_size, dilation=dilation, padding=0,",
            ),
        ),
    ),
)
