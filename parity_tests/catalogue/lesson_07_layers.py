"""Lesson 7: modules, containers, layers and losses as objects, first values of parameters."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.initializers import INITIALIZER
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


def every_activation(nn: Any, *, dim: int, flatten: tuple[int, int], defaults: bool) -> Any:
    """All activations side by side, with options of their own or with their defaults: one output of each."""
    given: dict[str, dict[str, Any]] = {
        "ReLU": {}, "LeakyReLU": {"negative_slope": 0.2}, "ELU": {"alpha": 0.5}, "Sigmoid": {}, "Tanh": {}, "SiLU": {},
        "Softplus": {"beta": 3.0, "threshold": 4.0}, "GELU": {"approximate": "tanh"}, "Identity": {},
    }  # fmt: skip
    made = [getattr(nn, name)(**({} if defaults else options)) for name, options in given.items()]
    made += [nn.Softmax(dim), nn.LogSoftmax(dim=dim), nn.Flatten() if defaults else nn.Flatten(*flatten)]
    return side_by_side(nn, made, lambda layers, x: [layer(x) for layer in layers])


def every_loss(nn: Any, *, reduction: str, ignore_index: int) -> Any:
    """All losses side by side, each with the inputs that suit it: one output of each."""
    options = {"reduction": reduction}
    made = [
        nn.MSELoss(**options),
        nn.L1Loss(**options),
        nn.HuberLoss(delta=0.7, **options),
        nn.BCEWithLogitsLoss(**options),
        nn.BCELoss(**options),
        nn.KLDivLoss(reduction="sum" if reduction == "mean" else reduction),  # PyTorch warns of that mean
        nn.KLDivLoss(log_target=True, reduction="sum"),
        nn.CrossEntropyLoss(**options),
        nn.NLLLoss(ignore_index=ignore_index, **options),
        nn.CrossEntropyLoss(ignore_index=ignore_index, label_smoothing=0.2, **options),
        nn.MultiMarginLoss(margin=2.0, p=2, **options),
    ]

    def losses(layers: Any, scores: Any, other: Any, shares: Any, certain: Any, labels: Any) -> list[Any]:
        pairs = [(scores, other)] * 3 + [(scores, shares), (shares, shares * 0.5), (scores, certain), (scores, shares)]
        pairs += [(scores, certain)] + [(scores, labels)] * 3
        return [layer(*pair) for layer, pair in zip(layers, pairs, strict=True)]

    return side_by_side(nn, made, losses)


def side_by_side(nn: Any, layers: list[Any], call: Callable[..., list[Any]]) -> Any:
    """A module with these layers; `call(layers, *inputs)` gives its outputs."""

    class Every(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList(layers)

        def forward(self, *inputs: Any) -> Any:
            return tuple(call(self.layers, *inputs))

    return Every()


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


@cases("smooth")
def activation_inputs(draw: Draw) -> Case:
    shape = (draw.size(1, 4), draw.size(1, 4), draw.size(1, 4))
    options = {"dim": draw.integer(-3, 2), "flatten": draw.choice(((0, 1), (1, 2), (0, -1), (1, 1)))}
    return Case((draw.floats(shape),), {**options, "defaults": draw.boolean(), "training": draw.boolean()})


@cases("smooth")
def loss_inputs(draw: Draw) -> Case:
    shape = rows, classes = draw.size(1, 5), draw.size(1, 5)
    scores, other, shares = draw.floats(shape), draw.floats(shape), draw.uniform(shape, 0.01, 0.98)
    labels = draw.integers((rows,), 0, classes)
    options = {"reduction": draw.choice(("mean", "sum", "none")), "ignore_index": draw.choice((0, -100))}
    return Case((scores, other, shares, draw.simplex(shape, 1), labels), options)


def weight_shape(draw: Draw) -> tuple[int, ...]:
    """(out, in, *kernel)."""
    return (draw.size(1, 6), draw.size(1, 6), *draw.choice(((), (), (3,), (2, 3))))


@cases("smooth")
def constants(draw: Draw) -> Case:
    name = draw.choice(("zeros_", "ones_", "constant_"))
    options = {"val": draw.number(-2, 2)} if name == "constant_" else {}
    return Case((draw.floats(draw.shape()),), {"initializer": name, **options})


@cases("smooth")
def uniform_numbers(draw: Draw) -> Case:
    low = draw.number(-2, 2)
    options = draw.choice(({}, {"a": low, "b": low + draw.number(0, 3)}))
    return Case((draw.uniform(draw.shape(), 0, 1),), {"initializer": "uniform_", **options})


@cases("smooth")
def normal_numbers(draw: Draw) -> Case:
    options = draw.choice(({}, {"mean": draw.number(-2, 2), "std": draw.number(0, 2)}))
    return Case((draw.floats(draw.shape()),), {"initializer": "normal_", **options})


@cases("smooth")
def truncated_numbers(draw: Draw) -> Case:
    std = draw.number(0.25, 2)
    options = draw.choice(({}, {"mean": draw.number(-1, 1), "std": std, "a": -2 * std, "b": draw.number(0, 2)}))
    return Case((draw.uniform(draw.shape(), 0.01, 0.99),), {"initializer": "trunc_normal_", **options})


def scaled_numbers(draw: Draw, family: str, options: dict[str, Any]) -> Case:
    """Random numbers for the uniform or the normal member of a family of initializers."""
    shape, uniform = weight_shape(draw), draw.boolean()
    numbers = draw.uniform(shape, 0, 1) if uniform else draw.floats(shape)
    return Case((numbers,), {"initializer": f"{family}_{'uniform' if uniform else 'normal'}_", **options})


@cases("smooth")
def xavier_numbers(draw: Draw) -> Case:
    return scaled_numbers(draw, "xavier", draw.choice(({}, {"gain": draw.number(0.5, 2)})))


@cases("smooth")
def kaiming_numbers(draw: Draw) -> Case:
    options: dict[str, Any] = {"mode": draw.choice(("fan_in", "fan_out"))}
    options |= draw.choice(({}, {"a": 0.2}, {"a": 5**0.5}, {"nonlinearity": "relu"}, {"nonlinearity": "tanh"},
                            {"nonlinearity": "linear"}, {"nonlinearity": "selu"}))  # fmt: skip
    return scaled_numbers(draw, "kaiming", options)


@cases("smooth")
def orthogonal_numbers(draw: Draw) -> Case:
    options = draw.choice(({}, {"gain": draw.number(0.5, 2)}))
    return Case((draw.uniform(weight_shape(draw), -1, 1),), {"initializer": "orthogonal_", **options})


# Workloads


def dense(*leading: int, inputs: int, outputs: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        x = generator.standard_normal((*leading, inputs), dtype=np.float32)
        weight, bias = (
            generator.uniform(-0.1, 0.1, shape).astype(np.float32) for shape in ((outputs, inputs), outputs)
        )
        return Case((x, weight, bias), {"in_features": inputs, "out_features": outputs})

    return build


def numbers(name: str, *shape: int, normal: bool = True) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        drawn = generator.standard_normal if normal else generator.random
        return Case((drawn(shape, np.float32),), {"initializer": name})

    return build


VECTORS = tuple(zeros(3) for _ in range(5))
SCORES = tuple(np.full((2, 3), 1 / 3) for _ in range(4))
TWO_AXES = ("two axes", "(3,)")

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
    Entry(
        "nn.activations",
        lesson=7,
        title="Activations as layers",
        inputs=activation_inputs,
        adapter=network(every_activation),
        refusals=(
            Refusal(
                "flattened from an axis too far",
                Case((zeros((2, 3)),), {"dim": 0, "flatten": (2, -1), "defaults": False}),
                says=("start_dim 2", "(2, 3)"),
            ),
            Refusal(
                "flattened backwards",
                Case((zeros((2, 3)),), {"dim": 0, "flatten": (1, 0), "defaults": False}),
                says=("start_dim 1", "end_dim 0"),
            ),
            Refusal(
                "an axis too far",
                Case((zeros((2, 3)),), {"dim": 2, "flatten": (0, 1), "defaults": False}),
                says=("dim", "(2, 3)"),
            ),
        ),
        mistakes=(
            Mistake(
                "negative_slope is forgotten", replace="apply_leaky_relu(x, **self.options)", by="apply_leaky_relu(x)"
            ),
            Mistake("alpha is forgotten", replace="apply_elu(x, **self.options)", by="apply_elu(x)"),
            Mistake(
                "beta and threshold are forgotten", replace="apply_softplus(x, **self.options)", by="apply_softplus(x)"
            ),
            Mistake("approximate is forgotten", replace="apply_gelu(x, **self.options)", by="apply_gelu(x)"),
            Mistake(
                "softmax over the last axis, always",
                replace="apply_softmax(x, **self.options)",
                by="apply_softmax(x, dim=-1)",
            ),
            Mistake("log_softmax without the logarithm", replace="apply_log_softmax(x,", by="apply_softmax(x,"),
            Mistake("SiLU is a sigmoid", replace="return apply_silu(x)", by="return apply_sigmoid(x)"),
            Mistake("tanh is a sigmoid", replace="return apply_tanh(x)", by="return apply_sigmoid(x)"),
            Mistake(
                "flattens from the first axis, always",
                replace="(*shape[:first], math.prod(shape[first : last + 1])",
                by="(math.prod(shape[: last + 1])",
            ),
            Mistake(
                "end_dim is not included",
                replace="math.prod(shape[first : last + 1]), *shape[last + 1 :]",
                by="math.prod(shape[first:last]), *shape[last:]",
            ),
            Mistake("the axes are not checked", replace="not 0 <= first <= last < rank", by="False"),
        ),
    ),
    Entry(
        "nn.losses",
        lesson=7,
        title="Losses as layers",
        inputs=loss_inputs,
        adapter=network(every_loss, inputs=("scores", "other", "shares", "certain", "labels")),
        refusals=(
            Refusal(
                "indices for another number of rows",
                Case((*SCORES, np.zeros(3, int)), {"reduction": "mean", "ignore_index": 0}),
                says=("target", "(3,)", "(2, 3)"),
            ),
            Refusal(
                "an unknown reduction",
                Case((*SCORES, np.zeros(2, int)), {"reduction": "max", "ignore_index": 0}),
                says=("reduction", "mean", "max"),
            ),
        ),
        mistakes=(
            Mistake(
                "MSE: the reduction is forgotten",
                replace="apply_mse_loss(input, target, **self.options)",
                by="apply_mse_loss(input, target)",
            ),
            Mistake("L1: the squares", replace="apply_l1_loss(input", by="apply_mse_loss(input"),
            Mistake(
                "Huber: delta is forgotten",
                replace="(reduction=reduction, delta=delta)",
                by="(reduction=reduction, delta=1.0)",
            ),
            Mistake(
                "KL: log_target is forgotten",
                replace="reduction=reduction, log_target=log_target",
                by="reduction=reduction",
            ),
            Mistake(
                "KL: the arguments are swapped", replace="apply_kl_div(input, target,", by="apply_kl_div(target, input,"
            ),
            Mistake(
                "cross-entropy of probabilities",
                replace="apply_cross_entropy(input,",
                by="apply_cross_entropy(input.exp(),",
            ),
            Mistake(
                "cross-entropy: no label smoothing",
                replace="label_smoothing=label_smoothing)",
                by="label_smoothing=0.0)",
            ),
            Mistake(
                "NLL: ignore_index is forgotten",
                replace="super().__init__(weight, ignore_index=ignore_index, reduction=reduction)",
                by="super().__init__(weight, reduction=reduction)",
            ),
            Mistake(
                "BCE of logits without the sigmoid",
                replace="return apply_binary_cross_entropy_with_logits(input, target, self.weight, self.pos_weight,",
                by="return apply_mse_loss(input, target,",
            ),
            Mistake("margin: p is forgotten", replace="p=p, margin=margin", by="margin=margin"),
        ),
    ),
    Entry(
        "nn.init.constant",
        lesson=7,
        title="First values: all the same",
        inputs=constants,
        adapter=INITIALIZER,
        gradient=False,
        mistakes=(
            Mistake("zeros are ones", replace="fill(tensor, 0.0)", by="fill(tensor, 1.0)"),
            Mistake("ones are zeros", replace="fill(tensor, 1.0)", by="fill(tensor, 0.0)"),
            Mistake("zeros are nearly so", replace="fill(tensor, 0.0)", by="fill(tensor, 1e-8)"),
            Mistake("val is rounded to a whole number", replace="fill(tensor, val)", by="fill(tensor, round(val))"),
        ),
    ),
    Entry(
        "nn.init.uniform",
        lesson=7,
        title="First values: uniform",
        inputs=uniform_numbers,
        adapter=INITIALIZER,
        gradient=False,
        refusals=(
            Refusal(
                "the ends are swapped",
                Case((zeros(3),), {"initializer": "uniform_", "a": 1.0, "b": 0.0}),
                says=("a 1.0", "b 0.0"),
            ),
        ),
        sizes={
            "small": numbers("uniform_", 64, 64, normal=False),
            "medium": numbers("uniform_", 512, 512, normal=False),
            "large": numbers("uniform_", 2048, 2048, normal=False),
        },
        mistakes=(
            Mistake("b is a width, not an end", replace="tensor, a + (b - a) *", by="tensor, a + b *"),
            Mistake("does not start at a", replace="tensor, a + (b - a) *", by="tensor, (b - a) *"),
            Mistake("from -b to b", replace="tensor, a + (b - a) *", by="tensor, -b + 2 * b *"),
            Mistake("from b to a", replace="tensor, a + (b - a) *", by="tensor, b + (a - b) *"),
            Mistake("swapped ends are accepted", replace="not a <= b", by="False"),
        ),
    ),
    Entry(
        "nn.init.normal",
        lesson=7,
        title="First values: normal",
        inputs=normal_numbers,
        adapter=INITIALIZER,
        gradient=False,
        refusals=(
            Refusal(
                "a negative spread", Case((zeros(3),), {"initializer": "normal_", "std": -1.0}), says=("std", "-1.0")
            ),
        ),
        sizes={
            "small": numbers("normal_", 64, 64),
            "medium": numbers("normal_", 512, 512),
            "large": numbers("normal_", 2048, 2048),
        },
        mistakes=(
            Mistake("std is taken for the variance", replace="mean + std *", by="mean + std**0.5 *"),
            Mistake("std is squared", replace="mean + std *", by="mean + std**2 *"),
            Mistake(
                "the mean is scaled too",
                replace="mean + std * normal_numbers(tensor, generator)",
                by="std * (mean + normal_numbers(tensor, generator))",
            ),
            Mistake("the mean is forgotten", replace="mean + std *", by="std *"),
            Mistake("a negative spread is accepted", replace="not std >= 0", by="False"),
        ),
    ),
    Entry(
        "nn.init.trunc_normal",
        lesson=7,
        title="First values: truncated normal",
        inputs=truncated_numbers,
        adapter=INITIALIZER,
        gradient=False,
        refusals=(
            Refusal(
                "the ends are swapped",
                Case((zeros(3),), {"initializer": "trunc_normal_", "a": 1.0, "b": 0.0}),
                says=("a 1.0", "b 0.0"),
            ),
            Refusal("no spread", Case((zeros(3),), {"initializer": "trunc_normal_", "std": 0.0}), says=("std", "0.0")),
        ),
        sizes={
            "small": numbers("trunc_normal_", 64, 64, normal=False),
            "medium": numbers("trunc_normal_", 256, 256, normal=False),
            "large": numbers("trunc_normal_", 512, 512, normal=False),
        },
        mistakes=(
            Mistake(
                "cut off, not drawn again: many at the ends",
                replace="low + (high - low) * uniform_numbers(tensor, generator)",
                by="uniform_numbers(tensor, generator)",
            ),
            Mistake(
                "a and b in units of std",
                replace="STANDARD.cdf((a - mean) / std), STANDARD.cdf((b - mean) / std)",
                by="STANDARD.cdf(a), STANDARD.cdf(b)",
            ),
            Mistake("uniform between the ends", replace="mean + std * normal", by="a + (b - a) * shares"),
            Mistake("the mean is forgotten", replace="np.clip(mean + std * normal", by="np.clip(std * normal"),
            Mistake("std is forgotten", replace="np.clip(mean + std * normal", by="np.clip(mean + normal"),
            Mistake(
                "the mean is added to the ends",
                replace="(a - mean) / std), STANDARD.cdf((b - mean) / std)",
                by="(a + mean) / std), STANDARD.cdf((b + mean) / std)",
            ),
            Mistake("swapped ends are accepted", replace="not (std > 0 and a < b)", by="not std > 0"),
        ),
    ),
    Entry(
        "nn.init.xavier",
        lesson=7,
        title="First values: Xavier",
        inputs=xavier_numbers,
        adapter=INITIALIZER,
        gradient=False,
        refusals=(
            Refusal("a vector", Case((zeros(3),), {"initializer": "xavier_uniform_"}), says=TWO_AXES),
            Refusal("a vector, normal", Case((zeros(3),), {"initializer": "xavier_normal_"}), says=TWO_AXES),
        ),
        sizes={
            "small": numbers("xavier_normal_", 64, 64),
            "medium": numbers("xavier_normal_", 512, 512),
            "large": numbers("xavier_uniform_", 2048, 2048, normal=False),
        },
        mistakes=(
            Mistake(
                "the bound is the standard deviation",
                replace="math.sqrt(3) * _std(tensor, gain)",
                by="_std(tensor, gain)",
            ),
            Mistake("fan_in only", replace="2 / max(fan_in + fan_out, 1)", by="1 / max(fan_in, 1)"),
            Mistake("not averaged", replace="2 / max", by="1 / max"),
            Mistake(
                "the root is forgotten",
                replace="gain * math.sqrt(2 / max(fan_in + fan_out, 1))",
                by="gain * 2 / max(fan_in + fan_out, 1)",
            ),
            Mistake("the gain is forgotten", replace="return gain *", by="return"),
            Mistake(
                "the kernel is left out",
                replace="fan_in, fan_out = fans(tensor)",
                by="fan_out, fan_in = tensor.shape[:2]",
            ),
            Mistake("positive weights only", replace="uniform_(tensor, -bound, bound", by="uniform_(tensor, 0, bound"),
        ),
    ),
    Entry(
        "nn.init.kaiming",
        lesson=7,
        title="First values: Kaiming",
        inputs=kaiming_numbers,
        adapter=INITIALIZER,
        gradient=False,
        refusals=(
            Refusal("a vector", Case((zeros(3),), {"initializer": "kaiming_uniform_"}), says=TWO_AXES),
            Refusal(
                "an unknown mode",
                Case((zeros((2, 3)),), {"initializer": "kaiming_normal_", "mode": "fan_avg"}),
                says=("mode", "fan_in", "fan_avg"),
            ),
            Refusal(
                "an unknown activation",
                Case((zeros((2, 3)),), {"initializer": "kaiming_normal_", "nonlinearity": "sin"}),
                says=("nonlinearity", "leaky_relu", "sin"),
            ),
        ),
        sizes={
            "small": numbers("kaiming_normal_", 64, 64),
            "medium": numbers("kaiming_normal_", 512, 512),
            "large": numbers("kaiming_uniform_", 2048, 2048, normal=False),
        },
        mistakes=(
            Mistake("the bound is the standard deviation", replace="math.sqrt(3) * _std", by="_std"),
            Mistake("the root is forgotten", replace="math.sqrt(max(fan, 1))", by="max(fan, 1)"),
            Mistake("mode is ignored", replace="fan_of(tensor, mode)", by="fan_of(tensor, 'fan_in')"),
            Mistake("the gain of ReLU, always", replace="calculate_gain(nonlinearity, a)", by="math.sqrt(2)"),
            Mistake(
                "the slope is ignored", replace="calculate_gain(nonlinearity, a)", by="calculate_gain(nonlinearity, 0)"
            ),
            Mistake(
                "the gain is squared",
                replace="calculate_gain(nonlinearity, a)",
                by="calculate_gain(nonlinearity, a) ** 2",
            ),
            Mistake("positive weights only", replace="uniform_(tensor, -bound, bound", by="uniform_(tensor, 0, bound"),
        ),
    ),
    Entry(
        "nn.init.orthogonal",
        lesson=7,
        title="First values: orthogonal",
        inputs=orthogonal_numbers,
        adapter=INITIALIZER,
        gradient=False,
        refusals=(Refusal("a vector", Case((zeros(3),), {"initializer": "orthogonal_"}), says=TWO_AXES),),
        sizes={
            "small": numbers("orthogonal_", 16, 16),
            "medium": numbers("orthogonal_", 64, 128),
            "large": numbers("orthogonal_", 512, 512),
        },
        mistakes=(
            Mistake("the sign is left to the library", replace="q * np.sign(np.diag(r))", by="q * 1"),
            Mistake("scaled by the diagonal, not its sign", replace="np.sign(np.diag(r))", by="np.diag(r)"),
            Mistake(
                "the sign by rows",
                replace="q * np.sign(np.diag(r))",
                by="(q.T * np.sign(np.diag(r))[:, None]).T[:, ::-1]",
            ),
            Mistake("the gain is forgotten", replace="gain * (q", by="(q"),
            Mistake(
                "columns of length 1, not orthogonal",
                replace="    q = q * np.sign(np.diag(r))",
                by="    q = (normal.T if wide else normal) / np.linalg.norm(normal.T if wide else normal, axis=0)",
            ),
            Mistake(
                "square ones are turned too",
                replace="wide = rows < normal.shape[1]",
                by="wide = rows <= normal.shape[1]",
            ),
        ),
    ),
)
