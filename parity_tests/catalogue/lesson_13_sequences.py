"""Lesson 13: recurrent networks over whole sequences."""

from collections.abc import Callable

import numpy as np
from hypothesis.strategies import SearchStrategy
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_13_cells import inputs_like, weights


def inputs_of(gates: int, *, states: int = 1, nonlinear: bool = False) -> SearchStrategy[Case]:
    @cases("smooth")
    def build(draw: Draw) -> Case:
        steps, batch, inputs, hidden = draw.size(1, 4), draw.size(1, 3), draw.size(1, 3), draw.size(1, 3)
        state = [draw.uniform((batch, hidden), -2.0, 2.0) for _ in range(states)]
        options = {"reverse": draw.boolean()} | ({"nonlinearity": draw.choice(("tanh", "relu"))} if nonlinear else {})
        lengths = draw.integers((batch,), 1, steps + 1) if draw.boolean() else None
        x = inputs_like(draw, (steps, batch, inputs))
        return Case((x, *state, *weights(draw, gates, inputs, hidden), lengths), options)

    return build


def workload(gates: int, states: int, steps: int, batch: int, width: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        bound = width**-0.5
        shapes = [(gates * width, width), (gates * width, width), (gates * width,), (gates * width,)]
        found = [generator.uniform(-bound, bound, shape).astype(np.float32) for shape in shapes]
        x = generator.standard_normal((steps, batch, width), dtype=np.float32)
        return Case((x, *[np.zeros((batch, width), np.float32) for _ in range(states)], *found))

    return build


def sizes(gates: int, states: int = 1) -> dict[str, Callable[[np.random.Generator], Case]]:
    return {
        "small": workload(gates, states, 16, 8, 32),
        "medium": workload(gates, states, 64, 32, 128),
        "large": workload(gates, states, 128, 64, 256),
    }


def refusals(gates: int, states: int = 1) -> tuple[Refusal, ...]:
    """Five steps of a batch of four, three inputs, two hidden channels."""
    x, state, wide, square = zeros((5, 4, 3)), [zeros((4, 2))] * states, zeros((gates * 2, 3)), zeros((gates * 2, 2))

    def long(*lengths: float) -> Case:
        return Case((x, *state, wide, square, None, None, np.array(lengths)))

    return (
        Refusal("one step", Case((zeros((4, 3)), *state, wide, square)), says=("x", "(T, B, I)", "(4, 3)")),
        Refusal("no step", Case((zeros((0, 4, 3)), *state, wide, square)), says=("x", "one step", "(0, 4, 3)")),
        Refusal("another batch", Case((x, *[zeros((3, 2))] * states, wide, square)), says=("(B, H)", "(3, 2)")),
        Refusal("another width", Case((zeros((5, 4, 2)), *state, wide, square)), says=("weight_ih", "(5, 4, 2)")),
        Refusal("a length of 0", long(5, 0, 1, 2), says=("lengths", "1 to 5", "0")),
        Refusal("longer than there are steps", long(5, 6, 1, 2), says=("lengths", "1 to 5", "6")),
        Refusal("a length too few", long(5, 5, 1), says=("lengths", "(4,)", "(3,)")),
        Refusal("lengths between two steps", long(5.0, 1.0, 1.0, 2.0), says=("lengths", "whole", "float64")),
        Refusal("whole numbers", Case((x.astype(int), *state, wide, square)), says=("x", "floating-point", "int64")),
    )


COMMON = (
    Mistake("the state is not carried from step to step", replace="product(recurrent, h[t])", by="product(recurrent, h[0])"),
    Mistake("the initial state is not read", replace="h0.T", by="0 * h0.T"),
    Mistake("the reverse direction is not reversed back", replace="y[::-1] if reverse else y,", by="y,"),
    Mistake("the gradient of the reverse direction is not reversed back", replace="dx[::-1] if reverse else dx,", by="dx,"),
    Mistake("dy of the reverse direction is not reversed", replace="dys[0][::-1] if reverse else dys[0]", by="dys[0]"),
    Mistake("the padding is where it was, in reverse", replace="padded[::-1]\n", by="padded\n"),
    Mistake("steps of padding change the state", replace="np.copyto(h[t + 1], h[t], where=padded[t])", by="pass"),
    Mistake("steps of padding show the old state", replace="y = without_padding(rows(h[1:]), padded)", by="y = rows(h[1:])"),
    Mistake("the gradient of the last state is forgotten", replace="columns(dys[1])", by="0 * columns(dys[1])"),
    Mistake("dweight_hh from the state after the step", replace="rows(h[:-1])", by="rows(h[1:])"),
)  # fmt: skip

ROWS = (
    Entry(
        "ops.recurrent.rnn",
        lesson=13,
        title="RNN over sequences",
        share=0.5,
        inputs=inputs_of(1, nonlinear=True),
        refusals=refusals(1),
        sizes=sizes(1),
        mistakes=(
            *COMMON,
            Mistake("the gradient is not carried across steps", replace="da[t] *= dh + dy[t]", by="da[t] *= dh * (t == len(x) - 1) + dy[t]"),
            Mistake("dy of the earlier steps is forgotten", replace="da[t] *= dh + dy[t]", by="da[t] *= dh + dy[t] * (t == len(x) - 1)"),
            Mistake("the gradient goes back through U, not its transpose", replace="weight_hh.T.copy()", by="weight_hh"),
            Mistake("the slope of the state before", replace="1 - h[1:] * h[1:]", by="1 - h[:-1] * h[:-1]"),
            Mistake("always tanh", replace='        if nonlinearity == "tanh":\n', by="        if True:\n"),
            Mistake("padding stops the gradient", replace="np.where(padded[t], dh, product(", by="np.where(padded[t], 0 * dh, product("),
        ),
    ),
    Entry(
        "ops.recurrent.lstm",
        lesson=13,
        title="LSTM over sequences",
        share=0.5,
        inputs=inputs_of(4, states=2),
        refusals=refusals(4, states=2),
        sizes=sizes(4, states=2),
        mistakes=(
            *COMMON,
            Mistake("gates in the order i, f, o, g", replace="ORDER = (3, 0, 1, 2)", by="ORDER = (2, 0, 1, 3)"),
            Mistake("gates in the order f, i, g, o", replace="ORDER = (3, 0, 1, 2)", by="ORDER = (3, 1, 0, 2)"),
            Mistake("the memory is not carried", replace="np.multiply(f, c[t], out=c[t + 1])", by="np.multiply(f, c[0], out=c[t + 1])"),
            Mistake("padding changes the memory", replace="                np.copyto(c[t + 1], c[t], where=padded[t])\n", by=""),
            Mistake("the gradient of h is not carried across steps", replace="dh_t = dh + dy[t].T", by="dh_t = dh * (t == len(x) - 1) + dy[t].T"),
            Mistake("the gradient of c is not carried across steps", replace="dc_t += dc", by="dc_t += dc * (t == len(x) - 1)"),
            Mistake("dc goes back without the forget gate", replace="        dc_t *= f\n", by=""),
            Mistake("the forget gate from the memory after the step", replace="da_f *= dc_t * c[t]", by="da_f *= dc_t * c[t + 1]"),
            Mistake("the output gate from the memory itself", replace="dh_t *= tanh_c[t]", by="dh_t *= c[t + 1]"),
            Mistake("the slope of the sigmoid is left out", replace="slopes *= opened", by="slopes[...] = 1"),
            Mistake("the gradients of the weights are left in the inner order", replace="restore(over_time(da, x), ORDER)", by="over_time(da, x)"),
            Mistake("the gradient of the last memory is forgotten", replace="columns(dys[2])", by="0 * columns(dys[2])"),
        ),
    ),
    Entry(
        "ops.recurrent.gru",
        lesson=13,
        title="GRU over sequences",
        share=0.5,
        inputs=inputs_of(3),
        refusals=refusals(3),
        sizes=sizes(3),
        mistakes=(
            *COMMON,
            Mistake("gates in the order z, r, n", replace="            r, z, n = a", by="            z, r, n = a"),
            Mistake("bias_hh is outside of the reset gate", replace="            u[t] = from_h[sigmoids:]", by="            u[t] = product(recurrent, h[t])[sigmoids:]"),
            Mistake("no reset", replace="n += r * u[t]", by="n += u[t]"),
            Mistake("the gradient is not carried across steps", replace="dh_t = dh + dy[t]", by="dh_t = dh * (t == len(x) - 1) + dy[t]"),
            Mistake("the direct way to the state before is forgotten", replace="dh_t *= z", by="dh_t *= 0"),
            Mistake("only the direct way to the state before", replace="        dh_t += product(from_gates, of_state[t])\n", by=""),
            Mistake("the gradient does not pass the reset gate", replace="np.multiply(da_n, r, out", by="np.multiply(da_n, 1, out"),
            Mistake("z keeps the new: the sign", replace="dh_t * (h[t] - n)", by="dh_t * (n - h[t])"),
            Mistake("the state after the step in the update gate", replace="dh_t * (h[t] - n)", by="dh_t * (h[t + 1] - n)"),
            Mistake("both biases get the same gradient", replace="zip((da, of_state), has_bias", by="zip((da, da), has_bias"),
            Mistake("padding stops the gradient", replace="np.where(padded[t], dh, dh_t)", by="dh_t"),
        ),
    ),
)  # fmt: skip
