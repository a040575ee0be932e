"""One step of an LSTM: the new state and memory from the input, the old state and the old memory.

    i, f, g, o = W x + b_ih + U h + b_hh, cut into four (B, H)        i, f, o go through σ, g through tanh
    c' = f · c + i · g                                                kept and written
    h' = o · tanh(c')                                                 shown

What the gates are for: lstm, which does all steps of a sequence at once. Here each line stands for itself.

Backward. From the end of forward to its start:

    h' = o · tanh(c')      do = dh' · tanh(c')      dc = dc' + dh' · o · (1 - tanh²(c'))
    c' = f · c + i · g     df = dc · c      di = dc · g      dg = dc · i      and to the old memory: dc · f
    σ and tanh             da = dgate · gate · (1 - gate), for g: dgate · (1 - g²)
    a = W x + U h + …      dx = da W      dh = da U      dW = daᵀ x      dU = daᵀ h      db = Σ_batch da

c' went two ways, into h' and out of the cell, so that its gradient is the sum of two.

Source: Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000. PyTorch: torch.nn.LSTMCell.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import check_one_step, check_weights
from ._columns import sigmoid_


class Cache(NamedTuple):
    x: Array  # (B, I)
    h: Array  # (B, H)
    c: Array  # (B, H)
    gates: Array  # (B, 4H): i, f, g, o
    tanh_c: Array  # (B, H), of the new memory
    weight_ih: Array  # (4H, I)
    weight_hh: Array  # (4H, H)
    has_bias: tuple[bool, bool]


def forward(
    x: Array,
    h: Array,
    c: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
) -> tuple[tuple[Array, Array], Cache]:
    """x: (B, I), h, c: (B, H), weight_ih: (4H, I), weight_hh: (4H, H), biases: (4H,) → the new h and c: (B, H).

    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    """
    check_one_step(x)
    check_weights(x, {"h": h, "c": c}, weight_ih, weight_hh, bias_ih, bias_hh, gates=4)
    gates = x @ weight_ih.T + h @ weight_hh.T
    for bias in (bias_ih, bias_hh):
        if bias is not None:
            gates += bias
    i, f, g, o = _cut(gates)
    with np.errstate(over="ignore"):
        for gate in (i, f, o):
            sigmoid_(gate)
    np.tanh(g, out=g)
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    has_bias = (bias_ih is not None, bias_hh is not None)
    return (o * tanh_c, new_c), Cache(x, h, c, gates, tanh_c, weight_ih, weight_hh, has_bias)


def backward(dys: tuple[Array, Array], cache: Cache) -> tuple[Array | None, ...]:
    """The gradients of the new h and c: (B, H) → dx, dh, dc, dweight_ih, dweight_hh, dbias_ih, dbias_hh."""
    x, h, c, gates, tanh_c, weight_ih, weight_hh, has_bias = cache
    i, f, g, o = _cut(gates)
    dh, dc = dys
    dc = dc + dh * o * (1 - tanh_c * tanh_c)
    da = np.empty_like(gates)
    da_i, da_f, da_g, da_o = _cut(da)
    da_i[...] = dc * g * i * (1 - i)
    da_f[...] = dc * c * f * (1 - f)
    da_g[...] = dc * i * (1 - g * g)
    da_o[...] = dh * tanh_c * o * (1 - o)
    dbiases = [da.sum(axis=0) if given else None for given in has_bias]
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h, *dbiases


def _cut(gates: Array) -> list[Array]:
    """(B, 4H) → four views (B, H)."""
    hidden = gates.shape[1] // 4
    return [gates[:, k * hidden : (k + 1) * hidden] for k in range(4)]
