"""One step of a plain recurrent network: the new state from the input and the old state.

    a = W x + b_ih + U h + b_hh        h' = tanh(a), or relu(a)

A cell is a layer with two inputs. Called once for every step of a sequence, with its own result as the next h, it is a
network with a memory, of any depth in time; `rnn` does all steps at once.

Backward. Forward ended with h' = tanh(a), whose slope is 1 - h'² (of relu: 1 where h' > 0, else 0), and a was a sum of
two products. So da = dh' · slope goes to both of them, as in a linear layer:

    dx = da W      dW = daᵀ x      dh = da U      dU = daᵀ h      db_ih = db_hh = Σ_batch da

Source: Elman 1990, "Finding structure in time". PyTorch: torch.nn.RNNCell.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import check_nonlinearity, check_one_step, check_weights


class Cache(NamedTuple):
    x: Array  # (B, I)
    h: Array  # (B, H)
    y: Array  # (B, H): the new state
    weight_ih: Array  # (H, I)
    weight_hh: Array  # (H, H)
    has_bias: tuple[bool, bool]
    nonlinearity: str


def forward(
    x: Array,
    h: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
    *,
    nonlinearity: str = "tanh",
) -> tuple[Array, Cache]:
    """x: (B, I), h: (B, H), weight_ih: (H, I), weight_hh: (H, H), biases: (H,) → the new h: (B, H).

    Raises ValueError for shapes that do not fit and for another nonlinearity, TypeError for other dtypes.
    """
    check_one_step(x)
    check_nonlinearity(nonlinearity)
    check_weights(x, {"h": h}, weight_ih, weight_hh, bias_ih, bias_hh, gates=1)
    a = x @ weight_ih.T + h @ weight_hh.T
    for bias in (bias_ih, bias_hh):
        if bias is not None:
            a += bias
    y = np.tanh(a) if nonlinearity == "tanh" else np.maximum(a, 0)
    has_bias = (bias_ih is not None, bias_hh is not None)
    return y, Cache(x, h, y, weight_ih, weight_hh, has_bias, nonlinearity)


def backward(dy: Array, cache: Cache) -> tuple[Array | None, ...]:
    """dy: (B, H) → dx, dh, dweight_ih, dweight_hh, dbias_ih, dbias_hh."""
    x, h, y, weight_ih, weight_hh, has_bias, nonlinearity = cache
    da = dy * (1 - y * y) if nonlinearity == "tanh" else dy * (y > 0)
    dbiases = [da.sum(axis=0) if given else None for given in has_bias]
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, *dbiases
