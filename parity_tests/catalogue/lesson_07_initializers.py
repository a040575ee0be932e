"""Lesson 7: first values of parameters."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.initializers import INITIALIZER
from ..harness.inputs import Draw, cases


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


def numbers(name: str, *shape: int, normal: bool = True) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        drawn = generator.standard_normal if normal else generator.random
        return Case((drawn(shape, np.float32),), {"initializer": name})

    return build


TWO_AXES = ("two axes", "(3,)")

ROWS = (
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
