"""Lesson 7: first values of parameters, from a distribution that is given."""

from collections.abc import Callable

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.initializers import INITIALIZER
from ..harness.inputs import Draw, cases


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


def numbers(name: str, *shape: int, normal: bool = True) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        drawn = generator.standard_normal if normal else generator.random
        return Case((drawn(shape, np.float32),), {"initializer": name})

    return build


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
            Mistake("uniform between the ends", replace="mean + std * quantile(shares)", by="a + (b - a) * shares"),
            Mistake("the mean is forgotten", replace="mean + std * quantile", by="std * quantile"),
            Mistake("std is forgotten", replace="mean + std * quantile", by="mean + quantile"),
            Mistake(
                "the mean is added to the ends",
                replace="(a - mean) / std), STANDARD.cdf((b - mean) / std)",
                by="(a + mean) / std), STANDARD.cdf((b + mean) / std)",
            ),
            Mistake("swapped ends are accepted", replace="not (std > 0 and a < b)", by="not std > 0"),
        ),
    ),
)
