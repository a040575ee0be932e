"""GRU over whole sequences: a state that is partly kept, partly replaced, with two gates and no separate memory.

    r = σ(W_r x[t] + b_r + U_r h + c_r)            reset gate: how much of the state the new one sees
    z = σ(W_z x[t] + b_z + U_z h + c_z)            update gate: how much of the state is kept
    n = tanh(W_n x[t] + b_n + r · (U_n h + c_n))   the new
    h ← (1 - z) · n + z · h                        y[t] = h

weight_ih holds W_r, W_z, W_n on top of one another, weight_hh the U, bias_ih the b, bias_hh the c. As in an LSTM, the
way from h to h is a product with a number between 0 and 1 that the network chooses, here z, so that gradients can
travel far. It has three quarters of an LSTM's weights.

The reset gate stands outside of the product U_n h, as in PyTorch and cuDNN; in the paper it is inside, U_n (r · h).
That is why c_n is not simply added to b_n: r multiplies it.

Lengths and `reverse`: as in lstm.

Backward through time. Of step t we know dh (from the steps after it, plus dy[t]), and forward was, from its end:

    h = (1 - z) n + z h_before    dn = dh · (1 - z),  dz = dh · (h_before - n),  dh_before = dh · z  (its first share)
    n = tanh(a_n), a_n = … + r·u  da_n = dn · (1 - n²),    dr = da_n · u,   du = da_n · r      u = U_n h_before + c_n
    r = σ(a_r), z = σ(a_z)        da_r = dr · r · (1 - r),  da_z = dz · z · (1 - z)
    every a = W x + b + …         dh_before += U_rᵀ da_r + U_zᵀ da_z + U_nᵀ du

So two lists of gradients leave a step: da_r, da_z, da_n to the side of the input, da_r, da_z, du to that of the state.

Source: Cho et al. 2014, arXiv:1406.1078. PyTorch: torch.nn.GRU.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import check_sequence, check_weights
from ._columns import (
    columns,
    in_blocks,
    over_time,
    padding,
    product,
    repeated,
    rows,
    sigmoid_,
    sum_over_time,
    without_padding,
)

ORDER = (0, 1, 2)  # r, z, n, as PyTorch stores them


class Cache(NamedTuple):
    x: Array  # (T, B, I), in the order of time
    gates: Array  # (T, 3H, B): r, z, n
    u: Array  # (T, H, B): what the reset gate multiplies
    h: Array  # (T + 1, H, B): before the first step, and after each
    weight_ih: Array  # (3H, I)
    weight_hh: Array  # (3H, H)
    has_bias: tuple[bool, bool]  # bias_ih, bias_hh
    padded: Array | None  # (T, B)
    reverse: bool


def forward(
    x: Array,
    h0: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
    lengths: Array | None = None,
    *,
    reverse: bool = False,
) -> tuple[tuple[Array, Array], Cache]:
    """x: (T, B, I), h0: (B, H), weight_ih: (3H, I), weight_hh: (3H, H), biases: (3H,), lengths: (B,) from 1 to T.

    → y: (T, B, H), h_n: (B, H). Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    """
    check_sequence(x, lengths)
    check_weights(x, {"h0": h0}, weight_ih, weight_hh, bias_ih, bias_hh, gates=3)
    (steps, batch, _), hidden = x.shape, h0.shape[1]
    padded = padding(lengths, steps)
    x = without_padding(x, padded)
    if reverse:
        x, padded = x[::-1], None if padded is None else padded[::-1]
    bias_x = repeated([bias_ih] if bias_ih is not None else [], ORDER, batch)
    bias_h = repeated([bias_hh] if bias_hh is not None else [], ORDER, batch)
    recurrent = in_blocks(weight_hh, batch)
    gates = product(in_blocks(weight_ih, batch), columns(x))  # (T, 3H, B)
    h = np.empty_like(x, shape=(steps + 1, hidden, batch))
    h[0] = h0.T
    u = np.empty_like(h[1:])
    sigmoids = 2 * hidden
    with np.errstate(over="ignore"):
        for t, a in enumerate(gates):
            from_h = product(recurrent, h[t])
            if bias_h is not None:
                from_h += bias_h
            if bias_x is not None:
                a += bias_x
            u[t] = from_h[sigmoids:]
            a[:sigmoids] += from_h[:sigmoids]
            sigmoid_(a[:sigmoids])
            r, z, n = a.reshape(3, hidden, batch)
            n += r * u[t]
            np.tanh(n, out=n)
            np.subtract(h[t], n, out=h[t + 1])
            h[t + 1] *= z
            h[t + 1] += n
            if padded is not None:
                np.copyto(h[t + 1], h[t], where=padded[t])
    y = without_padding(rows(h[1:]), padded)
    has_bias = (bias_ih is not None, bias_hh is not None)
    cache = Cache(x, gates, u, h, weight_ih, weight_hh, has_bias, padded, reverse)
    return (y[::-1] if reverse else y, rows(h[-1])), cache


def backward(dys: tuple[Array, Array], cache: Cache) -> tuple[Array | None, ...]:
    """dy: (T, B, H), dh_n: (B, H) → dx, dh0, dweight_ih, dweight_hh, dbias_ih, dbias_hh, None: lengths."""
    x, gates, u, h, weight_ih, weight_hh, has_bias, padded, reverse = cache
    dy = columns(dys[0][::-1] if reverse else dys[0])  # (T, H, B)
    dh = columns(dys[1])  # (H, B)
    from_gates = in_blocks(weight_hh.T.copy(), dh.shape[1])
    da, of_state = np.empty_like(gates), np.empty_like(gates)  # the gradients to the side of x, and to that of h
    sigmoids = 2 * dh.shape[0]
    for t in range(len(x) - 1, -1, -1):
        r, z, n = gates[t].reshape(3, *dh.shape)
        da_r, da_z, da_n = da[t].reshape(3, *dh.shape)
        dh_t = dh + dy[t]
        np.subtract(1, gates[t, :sigmoids], out=da[t, :sigmoids])
        np.multiply(dh_t, da_z, out=da_n)  # dn
        da_n *= 1 - n * n
        da[t, :sigmoids] *= gates[t, :sigmoids]  # σ'
        da_r *= da_n * u[t]
        da_z *= dh_t * (h[t] - n)
        if padded is not None:
            np.copyto(da[t], 0, where=padded[t])
        of_state[t, :sigmoids] = da[t, :sigmoids]
        np.multiply(da_n, r, out=of_state[t, sigmoids:])
        dh_t *= z
        dh_t += product(from_gates, of_state[t])
        dh = dh_t if padded is None else np.where(padded[t], dh, dh_t)  # padding has handed h on as it was
    da, of_state = rows(da), rows(of_state)  # (T, B, 3H)
    dx = (da.reshape(-1, da.shape[2]) @ weight_ih).reshape(x.shape)
    dweights = over_time(da, x), over_time(of_state, rows(h[:-1]))
    dbiases = [sum_over_time(side) if given else None for side, given in zip((da, of_state), has_bias, strict=True)]
    return dx[::-1] if reverse else dx, rows(dh), *dweights, *dbiases, None
