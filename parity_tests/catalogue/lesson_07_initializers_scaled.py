"""Lesson 7: first values of parameters, scaled to the shape of each."""

from typing import Any

from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.initializers import INITIALIZER
from ..harness.inputs import Draw, cases
from .lesson_07_initializers import numbers


def weight_shape(draw: Draw) -> tuple[int, ...]:
    """(out, in, *kernel)."""
    return (draw.size(1, 6), draw.size(1, 6), *draw.choice(((), (), (3,), (2, 3))))


def scaled_numbers(draw: Draw, family: str, options: dict[str, Any]) -> Case:
    """Random numbers for the uniform or the normal member of a family of initializers."""
    shape, uniform = weight_shape(draw), draw.boolean()
    drawn = draw.uniform(shape, 0, 1) if uniform else draw.floats(shape)
    return Case((drawn,), {"initializer": f"{family}_{'uniform' if uniform else 'normal'}_", **options})


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


TWO_AXES = ("two axes", "(3,)")

ROWS = (
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
