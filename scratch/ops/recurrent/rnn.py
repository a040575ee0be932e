"""The plain recurrent network over whole sequences: a state that every step reads and writes.

    a[t] = W x[t] + b_ih + U h[t-1] + b_hh        h[t] = tanh(a[t]), or relu(a[t])        y[t] = h[t]

The same weights serve every step, so a sequence may have any length. All inputs are known beforehand: W x is one matmul
for all steps. Only U h has to wait for the step before.

Sequences of different length: past its end a sequence keeps its state, and y is 0 there, so that h_n is the state after
its own last step. With `reverse` time runs from the last step to the first, where sequence b starts at lengths[b] - 1.

Backward through time. The state after step t went into y[t] and into step t + 1, so its gradient is dy[t] plus what
comes back from that step. From the last step to the first:

    dh        = dy[t] + dh_from_later
    da[t]     = dh · (1 - h[t]²)                for relu: dh where h[t] > 0
    dh_before = Uᵀ da[t]                        goes on to step t - 1

W, U and the biases served every step: after the loop, their gradients are sums over time, one matmul each. Note the
chain: the gradient of an early state has been multiplied by Uᵀ once a step. It vanishes or explodes, exponentially.

Source: Elman 1990, "Finding structure in time"; Werbos 1990, "Backpropagation through time". PyTorch: torch.nn.RNN.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import check_nonlinearity, check_sequence, check_weights
from ._columns import columns, in_blocks, over_time, padding, product, repeated, rows, sum_over_time, without_padding


class Cache(NamedTuple):
    x: Array  # (T, B, I), in the order of time
    h: Array  # (T + 1, H, B): before the first step, and after each
    weight_ih: Array  # (H, I)
    weight_hh: Array  # (H, H)
    has_bias: tuple[bool, bool]  # bias_ih, bias_hh
    padded: Array | None  # (T, B)
    nonlinearity: str
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
    nonlinearity: str = "tanh",
    reverse: bool = False,
) -> tuple[tuple[Array, Array], Cache]:
    """x: (T, B, I), h0: (B, H), weight_ih: (H, I), weight_hh: (H, H), biases: (H,), lengths: (B,) from 1 to T.

    → y: (T, B, H), h_n: (B, H). Raises ValueError for shapes that do not fit and for a nonlinearity other than "tanh"
    and "relu", TypeError for other dtypes.
    """
    check_sequence(x, lengths)
    check_nonlinearity(nonlinearity)
    check_weights(x, {"h0": h0}, weight_ih, weight_hh, bias_ih, bias_hh, gates=1)
    (steps, batch, _), hidden = x.shape, h0.shape[1]
    padded = padding(lengths, steps)
    x = without_padding(x, padded)
    if reverse:
        x, padded = x[::-1], None if padded is None else padded[::-1]
    bias = repeated([b for b in (bias_ih, bias_hh) if b is not None], (0,), batch)
    h = np.empty_like(x, shape=(steps + 1, hidden, batch))
    h[0] = h0.T
    recurrent = in_blocks(weight_hh, batch)
    for t, a in enumerate(product(in_blocks(weight_ih, batch), columns(x))):  # (H, B)
        a += product(recurrent, h[t])
        if bias is not None:
            a += bias
        if nonlinearity == "tanh":
            np.tanh(a, out=h[t + 1])
        else:
            np.maximum(a, 0, out=h[t + 1])
        if padded is not None:
            np.copyto(h[t + 1], h[t], where=padded[t])
    y = without_padding(rows(h[1:]), padded)
    has_bias = (bias_ih is not None, bias_hh is not None)
    cache = Cache(x, h, weight_ih, weight_hh, has_bias, padded, nonlinearity, reverse)
    return (y[::-1] if reverse else y, rows(h[-1])), cache


def backward(dys: tuple[Array, Array], cache: Cache) -> tuple[Array | None, ...]:
    """dy: (T, B, H), dh_n: (B, H) → dx, dh0, dweight_ih, dweight_hh, dbias_ih, dbias_hh, None: lengths."""
    x, h, weight_ih, weight_hh, has_bias, padded, nonlinearity, reverse = cache
    dy = columns(dys[0][::-1] if reverse else dys[0])  # (T, H, B)
    dh = columns(dys[1])  # (H, B)
    from_state = in_blocks(weight_hh.T.copy(), dh.shape[1])
    da = 1 - h[1:] * h[1:] if nonlinearity == "tanh" else (h[1:] > 0).astype(h.dtype)  # the slopes of all steps
    for t in range(len(x) - 1, -1, -1):
        da[t] *= dh + dy[t]
        if padded is None:
            dh = product(from_state, da[t])
        else:  # a step of padding has handed h on as it was
            np.copyto(da[t], 0, where=padded[t])
            dh = np.where(padded[t], dh, product(from_state, da[t]))
    da = rows(da)  # (T, B, H)
    dx = (da.reshape(-1, da.shape[2]) @ weight_ih).reshape(x.shape)
    dweights = over_time(da, x), over_time(da, rows(h[:-1]))
    dbiases = [sum_over_time(da) if given else None for given in has_bias]
    return dx[::-1] if reverse else dx, rows(dh), *dweights, *dbiases, None
