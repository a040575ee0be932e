"""Lesson 13: one step of a recurrent network."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis.strategies import SearchStrategy
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases


def inputs_like(draw: Draw, shape: tuple[int, ...]) -> Any:
    """Mostly of ordinary size: far out every gate is saturated, and no gradient is left."""
    return draw.uniform(shape, -2.0, 2.0) if draw.integer(0, 3) else draw.floats(shape)


def weights(draw: Draw, gates: int, inputs: int, hidden: int) -> tuple[Any, ...]:
    """weight_ih, weight_hh and the biases, or not both of them."""
    shapes = [(gates * hidden, inputs), (gates * hidden, hidden), (gates * hidden,), (gates * hidden,)]
    found = [draw.uniform(shape, -1.5, 1.5) for shape in shapes]
    left_out = draw.choice((None, None, 2, 3))
    return tuple(None if place == left_out else array for place, array in enumerate(found))


def inputs_of(gates: int, *, states: int = 1, nonlinear: bool = False) -> SearchStrategy[Case]:
    @cases("smooth")
    def build(draw: Draw) -> Case:
        batch, inputs, hidden = draw.choice((0, 1, 2, 3, 4)), draw.size(1, 4), draw.size(1, 4)
        state = [draw.uniform((batch, hidden), -2.0, 2.0) for _ in range(states)]
        options = {"nonlinearity": draw.choice(("tanh", "relu"))} if nonlinear else {}
        return Case((inputs_like(draw, (batch, inputs)), *state, *weights(draw, gates, inputs, hidden)), options)

    return build


def workload(gates: int, states: int, batch: int, width: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        bound = width**-0.5
        shapes = [(gates * width, width), (gates * width, width), (gates * width,), (gates * width,)]
        found = [generator.uniform(-bound, bound, shape).astype(np.float32) for shape in shapes]
        x, *state = [generator.standard_normal((batch, width), dtype=np.float32) for _ in range(1 + states)]
        return Case((x, *state, *found))

    return build


def sizes(gates: int, states: int = 1) -> dict[str, Callable[[np.random.Generator], Case]]:
    return {
        "small": workload(gates, states, 8, 32),
        "medium": workload(gates, states, 32, 128),
        "large": workload(gates, states, 64, 512),
    }


def refusals(gates: int, states: int = 1) -> tuple[Refusal, ...]:
    """Three inputs, two hidden channels, a batch of four."""
    x, state, wide, square = zeros((4, 3)), [zeros((4, 2))] * states, zeros((gates * 2, 3)), zeros((gates * 2, 2))
    return (
        Refusal("a sequence", Case((zeros((5, 4, 3)), *state, wide, square)), says=("x", "(B, I)", "(5, 4, 3)")),
        Refusal("another width", Case((zeros((4, 5)), *state, wide, square)), says=("weight_ih", f"({gates * 2}, 5)")),
        Refusal("another batch", Case((x, *[zeros((3, 2))] * states, wide, square)), says=("(B, H)", "(3, 2)")),
        Refusal("a gate too many", Case((x, *state, zeros((gates * 2 + 2, 3)), zeros((gates * 2 + 2, 2)))), says=("weight_hh",)),
        Refusal("a bias of another width", Case((x, *state, wide, square, zeros(3))), says=("bias_ih", "(3,)")),
        Refusal("whole numbers", Case((x.astype(int), *state, wide, square)), says=("x", "floating-point", "int64")),
    )  # fmt: skip


TRANSPOSED = Mistake(
    "the hidden weight is transposed",
    replace="h @ weight_hh.T",
    by="h @ weight_hh.reshape(-1, *h.shape[1:] * 2).transpose(0, 2, 1).reshape(weight_hh.shape).T",
)
COMMON = (
    TRANSPOSED,
    Mistake(
        "the gradient does not reach the input", replace="return da @ weight_ih,", by="return 0 * (da @ weight_ih),"
    ),
    Mistake("dweight_ih without x", replace="da.T @ x", by="da.T @ (0 * x + 1)"),
)
STEP_BIAS = Mistake("bias_hh is forgotten", replace="for bias in (bias_ih, bias_hh):", by="for bias in (bias_ih,):")

ROWS = (
    Entry(
        "ops.recurrent.rnn_cell",
        lesson=13,
        title="RNN cell",
        inputs=inputs_of(1, nonlinear=True),
        refusals=(
            *refusals(1),
            Refusal(
                "another nonlinearity",
                Case((zeros((4, 3)), zeros((4, 2)), zeros((2, 3)), zeros((2, 2))), {"nonlinearity": "gelu"}),
                says=("nonlinearity", "tanh", "gelu"),
            ),
        ),
        sizes=sizes(1),
        mistakes=(
            *COMMON,
            STEP_BIAS,
            Mistake("the old state is not read", replace=" + h @ weight_hh.T", by=" + 0 * (h @ weight_hh.T)"),
            Mistake("always tanh", replace='np.tanh(a) if nonlinearity == "tanh" else np.maximum(a, 0)', by="np.tanh(a)"),
            Mistake("the slope of the sigmoid", replace="(1 - y * y)", by="y * (1 - y)"),
            Mistake("the gradient passes where relu was silent", replace="else dy * (y > 0)", by="else dy.copy()"),
            Mistake("the gradient does not reach the old state", replace="da @ weight_hh,", by="0 * (da @ weight_hh),"),
            Mistake("dweight_hh from the new state", replace="da.T @ h", by="da.T @ y"),
            Mistake("the mean over the batch", replace="da.sum(axis=0)", by="da.mean(axis=0)"),
        ),
    ),
    Entry(
        "ops.recurrent.lstm_cell",
        lesson=13,
        title="LSTM cell",
        inputs=inputs_of(4, states=2),
        refusals=refusals(4, states=2),
        sizes=sizes(4, states=2),
        mistakes=(
            *COMMON,
            STEP_BIAS,
            Mistake("gates in the order i, f, o, g", replace="    i, f, g, o = _cut(gates)\n    with", by="    i, f, o, g = _cut(gates)\n    with"),
            Mistake("gates in the order f, i, g, o", replace="    i, f, g, o = _cut(gates)\n    with", by="    f, i, g, o = _cut(gates)\n    with"),
            Mistake("the new is a sigmoid too", replace="np.tanh(g, out=g)", by="np.divide(1, 1 + np.exp(-g), out=g)"),
            Mistake("the old memory is not read", replace="new_c = f * c + i * g", by="new_c = f * (0 * c) + i * g"),
            Mistake("the memory is shown as it is", replace="return (o * tanh_c, new_c)", by="return (o * new_c, new_c)"),
            Mistake("the forget gate is 1 - the input gate", replace="new_c = f * c", by="new_c = (1 - i) * c"),
            Mistake("the gradient of the memory is forgotten", replace="dc = dc + dh * o", by="dc = 0 * dc + dh * o"),
            Mistake("the gradient through h does not reach the memory", replace="dc = dc + dh * o * (1 - tanh_c * tanh_c)", by="dc = dc + 0 * dh"),
            Mistake("the old memory gets dc without the forget gate", replace="dc * f, da.T", by="dc, da.T"),
            Mistake("the slope of the input gate is left out", replace="dc * g * i * (1 - i)", by="dc * g"),
            Mistake("the slope of tanh, of the new, is left out", replace="dc * i * (1 - g * g)", by="dc * i"),
            Mistake("forget gate: the new memory in the place of the old", replace="da_f[...] = dc * c", by="da_f[...] = dc * np.arctanh(tanh_c)"),
        ),
    ),
    Entry(
        "ops.recurrent.gru_cell",
        lesson=13,
        title="GRU cell",
        inputs=inputs_of(3),
        refusals=refusals(3),
        sizes=sizes(3),
        mistakes=(
            *COMMON,
            Mistake("gates in the order z, r, n", replace="    r, z, n = _cut(gates)\n    n +=", by="    z, r, n = _cut(gates)\n    n +="),
            Mistake("z keeps the new", replace="(h - n) * z + n", by="(n - h) * z + h"),
            Mistake("bias_hh is outside of the reset gate", replace="u = from_h[:, 2 * hidden :]", by="u = (h @ weight_hh.T)[:, 2 * hidden :]"),
            Mistake("the new does not see the state", replace="n += r * u", by="n += 0 * u"),
            Mistake("no reset", replace="n += r * u", by="n += u"),
            Mistake("the reset gate gets no gradient", replace="da_n * u * r * (1 - r)", by="0 * da_n"),
            Mistake("the gradient does not pass the reset gate", replace="    of_state[:, 2 * h.shape[1] :] *= r\n", by=""),
            Mistake("the direct way to the old state is forgotten", replace="dh = dy * z + of_state", by="dh = of_state"),
            Mistake("only the direct way to the old state", replace="dh = dy * z + of_state @ weight_hh", by="dh = dy * z + 0 * (of_state @ weight_hh)"),
            Mistake("the update gate with the sign of the paper's first version", replace="dy * (h - n) * z", by="dy * (n - h) * z"),
            Mistake("both biases get the same gradient", replace="zip((da, of_state), has_bias", by="zip((da, da), has_bias"),
        ),
    ),
)  # fmt: skip
