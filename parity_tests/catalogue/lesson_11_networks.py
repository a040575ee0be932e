"""Lesson 11: convolutional networks and their blocks, as functions of input and state."""

import dataclasses
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.layers import layer

LENET = {
    "conv1.weight": (6, 1, 5, 5),
    "conv1.bias": (6,),
    "conv2.weight": (16, 6, 5, 5),
    "conv2.bias": (16,),
    "fc1.weight": (120, 400),
    "fc1.bias": (120,),
    "fc2.weight": (84, 120),
    "fc2.bias": (84,),
    "fc3.weight": (10, 84),
    "fc3.bias": (10,),
}
VGG = tuple(f"{2 * number}.{part}" for number in range(3) for part in ("weight", "bias"))
NORMS = ("bn1", "bn2", "downsample.1")
BLOCK = (
    "conv1.weight", "bn1.weight", "bn1.bias", "conv2.weight", "bn2.weight", "bn2.bias",
    "downsample.0.weight", "downsample.1.weight", "downsample.1.bias",
)  # fmt: skip
STATISTICS = tuple(
    f"{norm}.{part}" for norm in NORMS for part in ("running_mean", "running_var", "num_batches_tracked")
)


def weights(draw: Draw, shape: tuple[int, ...]) -> Any:
    """Weights that keep numbers about as large as they were, from layer to layer."""
    bound = float(np.sqrt(3 / np.prod(shape[1:]))) if len(shape) > 1 else 0.5
    return draw.uniform(shape, -bound, bound)


@cases("smooth")
def lenet_inputs(draw: Draw) -> Case:
    channels, classes = draw.choice((1, 1, 3)), draw.choice((10, 10, 4))
    shapes = {**LENET, "conv1.weight": (6, channels, 5, 5), "fc3.weight": (classes, 84), "fc3.bias": (classes,)}
    x = draw.floats((1, channels, 28, 28))
    return Case((x, *(weights(draw, shape) for shape in shapes.values())), {"channels": channels, "classes": classes})


@cases("smooth")
def vgg_inputs(draw: Draw) -> Case:
    ins, outs, count = draw.integer(1, 3), draw.integer(1, 4), draw.integer(1, 3)
    state = []
    for number in range(3):
        there = number < count
        state += (
            [weights(draw, (outs, ins if number == 0 else outs, 3, 3)), weights(draw, (outs,))] if there else [None] * 2
        )
    x = draw.floats((draw.integer(1, 2), ins, draw.integer(2, 7), draw.integer(2, 7)))
    return Case((x, *state), {"in_channels": ins, "out_channels": outs, "convolutions": count})


@cases("smooth")
def block_inputs(draw: Draw) -> Case:
    ins, outs, stride = draw.integer(1, 3), draw.integer(1, 3), draw.integer(1, 2)
    outs = ins if draw.boolean() else outs
    projected = stride > 1 or ins != outs
    vector = (outs,)
    kernels = [(outs, ins, 3, 3), (outs, outs, 3, 3), (outs, ins, 1, 1)]
    state: list[Any] = []
    for kernel, there in zip(kernels, (True, True, projected), strict=True):
        if there:
            state += [weights(draw, kernel), draw.uniform(vector, 0.5, 2.0), draw.uniform(vector, -1.0, 1.0)]
        else:
            state += [None] * 3
    for there in (True, True, projected):
        if there:
            state += [draw.uniform(vector, -1.0, 1.0), draw.uniform(vector, 0.5, 2.0), np.array(draw.integer(0, 5))]
        else:
            state += [None] * 3
    x = draw.floats((draw.integer(2, 3), ins, draw.integer(3, 6), draw.integer(3, 6)))
    options = {"in_channels": ins, "out_channels": outs, "stride": stride, "training": draw.integer(0, 2) > 0}
    return Case((x, *state), options)


def lenet_step(n: int) -> Any:
    """A workload: a batch of MNIST's size."""

    def case(generator: np.random.Generator) -> Case:
        shapes = ((n, 1, 28, 28), *LENET.values())
        return Case(tuple(0.1 * generator.standard_normal(shape, dtype=np.float32) for shape in shapes))

    return case


FILLED = tuple(zeros(shape) for shape in LENET.values())
OF_VGG = {"in_channels": 2, "out_channels": 3, "convolutions": 1}

ROWS = (
    Entry(
        "nn.lenet5",
        lesson=11,
        title="LeNet-5",
        share=0.5,
        inputs=lenet_inputs,
        adapter=dataclasses.replace(layer("LeNet5", state=tuple(LENET)), any_layout=False),  # it only calls layers
        refusals=(
            Refusal("images of another size", Case((zeros((1, 1, 32, 32)), *FILLED)), says=("(1, 576)", "(120, 400)")),
            Refusal("coloured images", Case((zeros((1, 3, 28, 28)), *FILLED)), says=("1 channels", "(1, 3, 28, 28)")),
        ),
        sizes={"small": lenet_step(4), "medium": lenet_step(64)},
        mistakes=(
            Mistake("the first layer does not bend", replace="self.bend(self.conv1(x))", by="self.conv1(x)"),
            Mistake(
                "windows of the pooling overlap",
                replace="self.pool = AvgPool2d(2)",
                by="self.pool = AvgPool2d(3, 2, 1)",
            ),
            Mistake("the second layer does not bend", replace="self.bend(self.conv2(x))", by="self.conv2(x)"),
            Mistake(
                "pooling before bending",
                replace="self.pool(self.bend(self.conv2(x)))",
                by="self.bend(self.pool(self.conv2(x)))",
            ),
            Mistake(
                "the last hidden layer does not bend",
                replace="self.fc3(self.bend(self.fc2(x)))",
                by="self.fc3(self.fc2(x))",
            ),
            Mistake(
                "the answers bend",
                replace="self.fc3(self.bend(self.fc2(x)))",
                by="self.bend(self.fc3(self.bend(self.fc2(x))))",
            ),
            Mistake(
                "what the convolutions found gets no gradient", replace="self.flatten(x)", by="self.flatten(x.detach())"
            ),
        ),
    ),
    Entry(
        "nn.vgg_block",
        lesson=11,
        title="A block of VGG",
        share=0.5,
        inputs=vgg_inputs,
        adapter=layer("VGGBlock", state=VGG),
        refusals=(
            Refusal(
                "no convolutions",
                Case((zeros((1, 2, 4, 4)), *[None] * 6), {**OF_VGG, "convolutions": 0}),
                says=("convolutions", "0"),
            ),
            Refusal(
                "other channels",
                Case((zeros((1, 4, 4, 4)), zeros((3, 2, 3, 3)), zeros(3), *[None] * 4), OF_VGG),
                says=("2 channels", "(1, 4, 4, 4)"),
            ),
            Refusal(
                "a single row",
                Case((zeros((1, 2, 1, 4)), zeros((3, 2, 3, 3)), zeros(3), *[None] * 4), OF_VGG),
                says=("kernel_size", "fit", "(1, 4)"),
            ),
        ),
        mistakes=(
            Mistake(
                "no padding but as much as needed on one side",
                replace="3, padding=1,",
                by='3, padding="same", dilation=2,',
            ),
            Mistake("windows overlap", replace="MaxPool2d(2)", by="MaxPool2d(2, stride=1)"),
            Mistake("a window of 3×3", replace="MaxPool2d(2)", by="MaxPool2d(3, stride=2, padding=1)"),
            Mistake("no pooling", replace="MaxPool2d(2)", by="ReLU()"),
        ),
    ),
    Entry(
        "nn.basic_block",
        lesson=11,
        title="The basic block of a residual network",
        share=0.5,
        inputs=block_inputs,
        adapter=layer("BasicBlock", state=BLOCK, buffers=STATISTICS),
        refusals=(
            Refusal(
                "other channels",
                Case(
                    (
                        zeros((2, 3, 4, 4)),
                        zeros((2, 2, 3, 3)),
                        zeros(2),
                        zeros(2),
                        zeros((2, 2, 3, 3)),
                        zeros(2),
                        zeros(2),
                        *[None] * 3,
                        *[zeros(2), zeros(2), np.array(0)] * 2,
                        *[None] * 3,
                    ),
                    {"in_channels": 2, "out_channels": 2},
                ),
                says=("2 channels", "(2, 3, 4, 4)"),
            ),
        ),
        mistakes=(
            Mistake("no shortcut", replace="self.relu(change + shortcut)", by="self.relu(change + 0 * shortcut)"),
            Mistake(
                "the shortcut after the ReLU", replace="self.relu(change + shortcut)", by="self.relu(change) + shortcut"
            ),
            Mistake("no ReLU at the end", replace="self.relu(change + shortcut)", by="change + shortcut"),
            Mistake(
                "no gradient through the shortcut",
                replace="self.relu(change + shortcut)",
                by="self.relu(change + shortcut.detach())",
            ),
            Mistake(
                "no ReLU in the middle", replace="self.relu(self.bn1(self.conv1(x)))", by="self.bn1(self.conv1(x))"
            ),
            Mistake(
                "a ReLU before the sum",
                replace="change = self.bn2(self.conv2(change))",
                by="change = self.relu(self.bn2(self.conv2(change)))",
            ),
            Mistake(
                "no second normalization",
                replace="change = self.bn2(self.conv2(change))",
                by="self.bn2(self.conv2(change))\n        change = self.conv2(change)",
            ),
            Mistake(
                "the normalizations are swapped",
                replace="change = self.bn2(self.conv2(change))",
                by="change = self.bn1(self.conv2(change))",
            ),
            Mistake(
                "the projection is cut off from the gradient",
                replace="else self.downsample(x)",
                by="else self.downsample(x.detach())",
            ),
            Mistake(
                "inference uses the batch",
                replace="        change = self.relu(self.bn1",
                by="        self.bn1.train()\n        change = self.relu(self.bn1",
            ),
        ),
    ),
)
