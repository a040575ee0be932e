"""One step of a GRU: the new state from the input and the old state.

    r = σ(W_r x + b_r + U_r h + c_r)            reset
    z = σ(W_z x + b_z + U_z h + c_z)            update
    n = tanh(W_n x + b_n + r · (U_n h + c_n))   the new
    h' = (1 - z) · n + z · h

What the gates are for, and the derivation of backward: gru, which does all steps of a sequence at once.

Backward, from the end of forward to its start:

    h' = (1 - z) n + z h      dn = dh' · (1 - z)      dz = dh' · (h - n)      dh = dh' · z
    n = tanh(a_n)             da_n = dn · (1 - n²)    dr = da_n · u           du = da_n · r        u = U_n h + c_n
    σ                         da_r = dr · r (1 - r)   da_z = dz · z (1 - z)
    the products              dx = [da_r da_z da_n] W        dh += [da_r da_z du] U

Source: Cho et al. 2014, arXiv:1406.1078. PyTorch: torch.nn.GRUCell.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import check_one_step, check_weights
from ._columns import sigmoid_


class Cache(NamedTuple):
    x: Array  # (B, I)
    h: Array  # (B, H)
    gates: Array  # (B, 3H): r, z, n
    u: Array  # (B, H)
    weight_ih: Array  # (3H, I)
    weight_hh: Array  # (3H, H)
    has_bias: tuple[bool, bool]


def forward(
    x: Array,
    h: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
) -> tuple[Array, Cache]:
    """x: (B, I), h: (B, H), weight_ih: (3H, I), weight_hh: (3H, H), biases: (3H,) → the new h: (B, H).

    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    """
    check_one_step(x)
    check_weights(x, {"h": h}, weight_ih, weight_hh, bias_ih, bias_hh, gates=3)
    gates, from_h = x @ weight_ih.T, h @ weight_hh.T
    gates = gates if bias_ih is None else gates + bias_ih
    from_h = from_h if bias_hh is None else from_h + bias_hh
    hidden = h.shape[1]
    u = from_h[:, 2 * hidden :]
    gates[:, : 2 * hidden] += from_h[:, : 2 * hidden]
    with np.errstate(over="ignore"):
        sigmoid_(gates[:, : 2 * hidden])
    r, z, n = _cut(gates)
    n += r * u
    np.tanh(n, out=n)
    y = (h - n) * z + n
    return y, Cache(x, h, gates, u, weight_ih, weight_hh, (bias_ih is not None, bias_hh is not None))


def backward(dy: Array, cache: Cache) -> tuple[Array | None, ...]:
    """dy: (B, H) → dx, dh, dweight_ih, dweight_hh, dbias_ih, dbias_hh."""
    x, h, gates, u, weight_ih, weight_hh, has_bias = cache
    r, z, n = _cut(gates)
    da = np.empty_like(gates)
    da_r, da_z, da_n = _cut(da)
    da_n[...] = dy * (1 - z) * (1 - n * n)
    da_r[...] = da_n * u * r * (1 - r)
    da_z[...] = dy * (h - n) * z * (1 - z)
    of_state = da.copy()  # what comes to U h: the same, but for n it went through r
    of_state[:, 2 * h.shape[1] :] *= r
    dh = dy * z + of_state @ weight_hh
    dbiases = [side.sum(axis=0) if given else None for side, given in zip((da, of_state), has_bias, strict=True)]
    return da @ weight_ih, dh, da.T @ x, of_state.T @ h, *dbiases


def _cut(gates: Array) -> list[Array]:
    """(B, 3H) → three views (B, H)."""
    hidden = gates.shape[1] // 3
    return [gates[:, k * hidden : (k + 1) * hidden] for k in range(3)]
