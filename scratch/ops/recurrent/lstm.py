"""LSTM over whole sequences: a memory that is written, kept and read through gates.

    i = σ(W_i x[t] + U_i h + b_i)        input gate: how much of the new is written
    f = σ(W_f x[t] + U_f h + b_f)        forget gate: how much of the old is kept
    g = tanh(W_g x[t] + U_g h + b_g)     the new
    o = σ(W_o x[t] + U_o h + b_o)        output gate: how much is shown
    c ← f · c + i · g
    h ← o · tanh(c)                      y[t] = h

weight_ih holds W_i, W_f, W_g, W_o on top of one another, weight_hh the U, and both biases are added. h is what the
network shows, c what it remembers.

Why the gates? In a plain RNN the state is multiplied by the same matrix at every step, and the gradient by its
transpose: after fifty steps it is gone, or has exploded. Here the way from c to c is a product with f alone, a number
between 0 and 1 that the network chooses; with f = 1 the gradient comes back unchanged from as far as one likes.

All inputs are known beforehand, so that W x is one matmul for all steps. Only U h has to wait for its step.

Sequences of different length: past its end a sequence keeps its state, and y is 0 there, so that h_n and c_n are those
of its last step. With `reverse` time runs from the last step to the first, where sequence b starts at lengths[b] - 1.

Backward through time. Of step t we know dh (from the steps after it, plus dy[t]) and dc, and forward was, from its end:

    h = o · tanh(c)          do = dh · tanh(c)            dc += dh · o · (1 - tanh²(c))
    c = f · c_before + i·g   di = dc · g,  dg = dc · i,   df = dc · c_before,    dc_before = dc · f
    gate = σ or tanh of a    da = dgate · σ'(a) = dgate · gate · (1 - gate),     tanh' = 1 - gate²
    a = W x[t] + U h + b     dh_before = Σ_gates da U

Only dh and dc have to wait for the step after. W, U and b served every step: their gradients are sums over time, again
one matmul each, after the loop.

Source: Hochreiter & Schmidhuber 1997; forget gate: Gers, Schmidhuber & Cummins 2000. PyTorch: torch.nn.LSTM.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import check_sequence, check_weights
from ._columns import (
    columns,
    in_blocks,
    negated,
    over_time,
    padding,
    product,
    reorder,
    repeated,
    restore,
    rows,
    sigmoid_of_minus_,
    sum_over_time,
    without_padding,
)

# PyTorch stores the gates i, f, g, o. Here they stand o, i, f, g: first three sigmoids; the last three act on c.
ORDER = (3, 0, 1, 2)


class Cache(NamedTuple):
    x: Array  # (T, B, I), in the order of time
    gates: Array  # (T, 4H, B)
    h: Array  # (T + 1, H, B): before the first step, and after each
    c: Array  # (T + 1, H, B)
    tanh_c: Array  # (T, H, B)
    weight_ih: Array  # (4H, I), in ORDER
    weight_hh: Array  # (4H, H), in ORDER
    has_bias: tuple[bool, bool]  # bias_ih, bias_hh
    padded: Array | None  # (T, B)
    reverse: bool


def forward(
    x: Array,
    h0: Array,
    c0: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
    lengths: Array | None = None,
    *,
    reverse: bool = False,
) -> tuple[tuple[Array, Array, Array], Cache]:
    """x: (T, B, I), h0, c0: (B, H), weight_ih: (4H, I), weight_hh: (4H, H), biases: (4H,), lengths: (B,) from 1 to T.

    → y: (T, B, H), h_n, c_n: (B, H). Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    """
    check_sequence(x, lengths)
    check_weights(x, {"h0": h0, "c0": c0}, weight_ih, weight_hh, bias_ih, bias_hh, gates=4)
    (steps, batch, _), hidden = x.shape, h0.shape[1]
    padded = padding(lengths, steps)
    x = without_padding(x, padded)
    if reverse:
        x, padded = x[::-1], None if padded is None else padded[::-1]
    weight_ih, weight_hh = reorder(weight_ih, ORDER), reorder(weight_hh, ORDER)
    bias = repeated([b for b in (bias_ih, bias_hh) if b is not None], ORDER, batch)
    sigmoids = 3 * hidden  # they want -a, which costs nothing if their weights are negative
    bias = None if bias is None else negated(bias, sigmoids)
    recurrent = in_blocks(negated(weight_hh, sigmoids), batch)
    gates = product(in_blocks(negated(weight_ih, sigmoids), batch), columns(x))  # (T, 4H, B): ∓a, then σ(a) and tanh(a)
    h, c = (np.empty_like(x, shape=(steps + 1, hidden, batch)) for _ in range(2))
    h[0], c[0] = h0.T, c0.T
    tanh_c = np.empty_like(h[1:])
    with np.errstate(over="ignore"):
        for t, a in enumerate(gates):
            a += product(recurrent, h[t])
            if bias is not None:
                a += bias
            sigmoid_of_minus_(a[:sigmoids])
            o, i, f, g = a.reshape(4, hidden, batch)
            np.tanh(g, out=g)
            np.multiply(f, c[t], out=c[t + 1])
            np.add(c[t + 1], i * g, out=c[t + 1])  # += would copy it onto itself once more
            np.tanh(c[t + 1], out=tanh_c[t])
            np.multiply(o, tanh_c[t], out=h[t + 1])
            if padded is not None:
                np.copyto(h[t + 1], h[t], where=padded[t])
                np.copyto(c[t + 1], c[t], where=padded[t])
    y = without_padding(rows(h[1:]), padded)
    has_bias = (bias_ih is not None, bias_hh is not None)
    cache = Cache(x, gates, h, c, tanh_c, weight_ih, weight_hh, has_bias, padded, reverse)
    return (y[::-1] if reverse else y, rows(h[-1]), rows(c[-1])), cache


def backward(dys: tuple[Array, Array, Array], cache: Cache) -> tuple[Array | None, ...]:
    """dy: (T, B, H), dh_n, dc_n: (B, H) → dx, dh0, dc0, dweight_ih, dweight_hh, dbias_ih, dbias_hh, None: lengths."""
    x, gates, h, c, tanh_c, weight_ih, weight_hh, has_bias, padded, reverse = cache
    dy = dys[0][::-1] if reverse else dys[0]  # (T, B, H)
    dh, dc = columns(dys[1]), columns(dys[2])  # (H, B)
    (steps, batch, _), hidden = x.shape, dh.shape[0]
    from_gates = in_blocks(weight_hh.T.copy(), batch)
    sigmoids = 3 * hidden
    da_t = np.empty_like(gates[0])  # (4H, B), of one step: it stays in the cache of the processor
    slopes = da_t[:sigmoids]
    da_o, da_i, da_f, da_g = da_t.reshape(4, hidden, batch)
    da = np.empty_like(gates, shape=(steps, batch, 4 * hidden))
    for t in range(steps - 1, -1, -1):
        opened = gates[t, :sigmoids]
        o, i, f, g = gates[t].reshape(4, hidden, batch)
        dh_t = dh + dy[t].T
        dc_t = tanh_c[t] * tanh_c[t]
        np.subtract(1, dc_t, out=dc_t)  # tanh'
        dc_t *= o
        dc_t *= dh_t
        dc_t += dc
        dh_t *= tanh_c[t]
        np.subtract(1, opened, out=slopes)
        slopes *= opened  # σ'
        da_o *= dh_t
        da_i *= dc_t * g
        da_f *= dc_t * c[t]
        np.multiply(g, g, out=da_g)
        np.subtract(1, da_g, out=da_g)  # tanh'
        da_g *= dc_t
        da_g *= i
        dc_t *= f
        if padded is None:
            dh, dc = product(from_gates, da_t), dc_t
        else:  # a step of padding has handed h and c on as they were
            np.copyto(da_t, 0, where=padded[t])
            dh = np.where(padded[t], dh, product(from_gates, da_t))
            dc = np.where(padded[t], dc, dc_t)
        da[t] = da_t.T
    dx = (da.reshape(-1, da.shape[2]) @ weight_ih).reshape(x.shape)
    dweights = restore(over_time(da, x), ORDER), restore(over_time(da, rows(h[:-1])), ORDER)
    dbias = restore(sum_over_time(da), ORDER)
    dbiases = [dbias.copy() if given else None for given in has_bias]
    return dx[::-1] if reverse else dx, rows(dh), rows(dc), *dweights, *dbiases, None
