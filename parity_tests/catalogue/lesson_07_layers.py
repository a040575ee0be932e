"""Lesson 7: modules, containers and dense layers."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.layers import layer
from ..harness.networks import network

# Networks, written once for both sides


def custom_network(nn: Any, *, features: int, hooked: bool = False) -> Any:
    """Two layers of one's own, with a parameter and a buffer each, in a network with a parameter of its own."""

    class Gain(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(nn.tensor(np.ones(features, np.float32)))
            self.register_buffer("seen", nn.tensor(np.zeros(features, np.float32)))

        def forward(self, x: Any) -> Any:
            if not self.training:
                return (x - self.seen) * self.weight
            self.seen[...] = self.seen + x.detach().sum(0)
            return x * self.weight

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.inner = Gain()
            self.outer = Gain()
            self.bias = nn.Parameter(nn.tensor(np.zeros(features, np.float32)))

        def forward(self, x: Any) -> Any:
            return self.outer(self.inner(x).tanh()) + self.bias

    made = Network()
    if hooked:
        made.inner.register_forward_hook(lambda module, inputs, y: y * 2 + inputs[0])
        made.outer.register_forward_hook(lambda module, inputs, y: None)
    return made


def in_a_row(nn: Any, *, sizes: tuple[int, int, int], shortened: bool) -> Any:
    """Dense, tanh, dense, sigmoid; shortened: without the sigmoid, by a slice."""
    inputs, hidden, outputs = sizes
    made = nn.Sequential(nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs))
    made.append(nn.Sigmoid())
    return made[:-1] if shortened else made


def edited_list(nn: Any, *, width: int) -> Any:
    """A list that was inserted into, appended to and overwritten, and is read by index, by slice and in turn."""

    class Chain(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList([nn.Linear(width, width), nn.Tanh(), nn.Linear(width, width)])
            self.layers.insert(1, nn.Sigmoid())
            self.layers.append(nn.SiLU())
            self.layers[2] = nn.Softplus()

        def forward(self, x: Any) -> Any:
            for each in self.layers[:3]:
                x = x + each(x)
            return self.layers[-1](self.layers[-2](x)) * len(self.layers)

    return Chain()


# Inputs


@cases("smooth")
def custom_inputs(draw: Draw) -> Case:
    features = draw.size(1, 4)
    vectors = [draw.uniform((features,), -2.0, 2.0) for _ in range(5)]
    options = {"features": features, "hooked": draw.boolean(), "training": draw.boolean()}
    return Case((draw.floats((draw.size(0, 4), features)), *vectors), options)


@cases("smooth", "extreme")
def linear_inputs(draw: Draw) -> Case:
    inputs, outputs, bias = draw.size(1), draw.size(1), draw.boolean()
    x = draw.floats((*draw.shape(max_rank=2), inputs))
    vector = draw.uniform((outputs,), -1, 1) if bias else None
    options = {"in_features": inputs, "out_features": outputs, "bias": bias, "training": draw.boolean()}
    return Case((x, draw.uniform((outputs, inputs), -1, 1), vector), options)


@cases("smooth")
def sequential_inputs(draw: Draw) -> Case:
    inputs, hidden, outputs = sizes = draw.size(1, 3), draw.size(1, 3), draw.size(1, 3)
    dense = [draw.uniform(shape, -1, 1) for shape in ((hidden, inputs), (hidden,), (outputs, hidden), (outputs,))]
    x = draw.floats((draw.size(1, 4), inputs))
    return Case((x, *dense), {"sizes": sizes, "shortened": draw.boolean()})


@cases("smooth")
def list_inputs(draw: Draw) -> Case:
    width = draw.size(1, 3)
    dense = [draw.uniform(shape, -1, 1) for _ in range(2) for shape in ((width, width), (width,))]
    return Case((draw.floats((draw.size(1, 4), width)), *dense), {"width": width})


# Workloads


def dense(*leading: int, inputs: int, outputs: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        x = generator.standard_normal((*leading, inputs), dtype=np.float32)
        weight, bias = (
            generator.uniform(-0.1, 0.1, shape).astype(np.float32) for shape in ((outputs, inputs), outputs)
        )
        return Case((x, weight, bias), {"in_features": inputs, "out_features": outputs})

    return build


VECTORS = tuple(zeros(3) for _ in range(5))

ROWS = (
    Entry(
        "nn.module",
        lesson=7,
        title="Module and Parameter",
        inputs=custom_inputs,
        adapter=network(
            custom_network, state=("bias", "inner.weight", "outer.weight"), buffers=("inner.seen", "outer.seen")
        ),
        refusals=(
            Refusal(
                "a value is missing",
                Case((zeros((2, 3)), None, *VECTORS[1:]), {"features": 3}),
                says=("Network", "missing: bias"),
            ),
            Refusal(
                "several are missing",
                Case((zeros((2, 3)), None, zeros(3), zeros(3), None, zeros(3)), {"features": 3}),
                says=("missing: bias, inner.seen",),
            ),
            Refusal(
                "another shape",
                Case((zeros((2, 3)), zeros(4), *VECTORS[1:]), {"features": 3}),
                says=("shape: bias must be (3,), got (4,)",),
            ),
        ),
        mistakes=(
            Mistake(
                "eval does not reach the children",
                replace="for module in self.modules():\n            module.training",
                by="for module in [self]:\n            module.training",
            ),
            Mistake("train(False) trains", replace="module.training = mode", by="module.training = True"),
            Mistake("what a hook returns is ignored", replace="output if replaced is None else replaced", by="output"),
            Mistake(
                "hooks see the input twice", replace="hook(self, inputs, output)", by="hook(self, inputs, inputs[0])"
            ),
            Mistake(
                "missing names are passed over", replace="strict and (missing or unknown)", by="strict and unknown"
            ),
            Mistake("shapes are not compared", replace="arrays[name].shape != tensor.shape", by="False"),
            Mistake(
                "only parameters are loaded",
                replace="                if name in arrays:\n",
                by="                if name in arrays and isinstance(tensor, Parameter):\n",
            ),
            Mistake(
                "only buffers are loaded",
                replace="                if name in arrays:\n",
                by="                if name in arrays and not isinstance(tensor, Parameter):\n",
            ),
            Mistake(
                "buffers stay in float32",
                replace='if tensor.dtype.kind == "f":',
                by="if isinstance(tensor, Parameter):",
            ),
            Mistake("float64 stays float32", replace="tensor.data.astype(dtype, copy=False)", by="tensor.data"),
        ),
    ),
    Entry(
        "nn.sequential",
        lesson=7,
        title="Modules in a row",
        inputs=sequential_inputs,
        adapter=network(in_a_row, state=("0.weight", "0.bias", "2.weight", "2.bias")),
        mistakes=(
            Mistake("the last is left out", replace="for module in self:", by="for module in list(self)[:-1]:"),
            Mistake("the first is left out", replace="for module in self:", by="for module in list(self)[1:]:"),
            Mistake(
                "the first and the last only", replace="for module in self:", by="for module in (self[0], self[-1]):"
            ),
            Mistake("in reverse", replace="for module in self:", by="for module in list(self)[::-1]:"),
            Mistake(
                "each gets the first input, the last one counts",
                replace="            x = module(x)\n        return x",
                by="            y = module(x)\n        return y",
            ),
            Mistake("added to its input", replace="x = module(x)", by="x = x + module(x)"),
            Mistake("a slice is everything", replace="dict(children[index])", by="dict(children)"),
        ),
    ),
    Entry(
        "nn.module_list",
        lesson=7,
        title="A list of modules",
        inputs=list_inputs,
        adapter=network(edited_list, state=("layers.0.weight", "layers.0.bias", "layers.3.weight", "layers.3.bias")),
        mistakes=(
            Mistake(
                "a negative index counts from the front",
                replace="list(self)[index]\n",
                by="list(self)[abs(index) if isinstance(index, int) else index]\n",
            ),
            Mistake(
                "inserts behind, not in front",
                replace="modules.insert(index, module)",
                by="modules.insert(index + 1, module)",
            ),
            Mistake("overwrites the one before", replace="modules[index] = module", by="modules[index - 1] = module"),
            Mistake("a slice drops the first", replace="ModuleList(modules) if", by="ModuleList(modules[1:]) if"),
            Mistake(
                "len counts one too few",
                replace="sum(1 for _ in self.children())",
                by="sum(1 for _ in self.children()) - 1",
            ),
            Mistake(
                "a slice is everything",
                replace="modules = list(self)[index]",
                by="modules = list(self)[slice(None) if isinstance(index, slice) else index]",
            ),
        ),
    ),
    Entry(
        "nn.linear",
        lesson=7,
        title="Dense layer with its parameters",
        inputs=linear_inputs,
        adapter=layer("Linear", state=("weight", "bias")),
        refusals=(
            Refusal(
                "x of another width",
                Case((zeros((2, 4)), zeros((5, 3)), zeros(5)), {"in_features": 3, "out_features": 5}),
                says=("weight", "(5, 3)", "x", "(2, 4)"),
            ),
            Refusal(
                "a transposed weight",
                Case((zeros((2, 3)), zeros((3, 5)), zeros(5)), {"in_features": 3, "out_features": 5}),
                says=("Linear", "weight must be (5, 3), got (3, 5)"),
            ),
        ),
        sizes={
            "small": dense(32, inputs=64, outputs=64),
            "medium": dense(64, inputs=256, outputs=256),
            "large": dense(8, 128, inputs=512, outputs=512),
        },
        mistakes=(
            Mistake(
                "the bias is not used",
                replace="apply_linear(x, self.weight, self.bias)",
                by="apply_linear(x, self.weight)",
            ),
            Mistake(
                "the weight is cut off from the gradient",
                replace="apply_linear(x, self.weight, self.bias)",
                by="apply_linear(x, self.weight.data, self.bias)",
            ),
            Mistake(
                "the bias is cut off from the gradient",
                replace="apply_linear(x, self.weight, self.bias)",
                by="apply_linear(x, self.weight, None if self.bias is None else self.bias.data)",
            ),
            Mistake("x is cut off from the gradient", replace="apply_linear(x,", by="apply_linear(x.detach(),"),
            Mistake("x is used twice", replace="apply_linear(x,", by="apply_linear(x + x,"),
            Mistake(
                "new parameters at every call",
                replace="        return apply_linear(x,",
                by="        self.reset_parameters(np.random.default_rng(0))\n        return apply_linear(x,",
            ),
        ),
    ),
)
