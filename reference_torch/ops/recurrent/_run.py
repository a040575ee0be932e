"""Cells and sequences by the functions behind the modules of torch.nn, with weights that are given."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


def weights(
    gates: int, weight_ih: Tensor, weight_hh: Tensor, bias_ih: Tensor | None, bias_hh: Tensor | None
) -> list[Tensor]:
    """All four: a bias that is left out is zero. Refuses sizes that PyTorch would let pass."""
    rows, hidden = weight_hh.shape
    found = [weight_ih, weight_hh]
    found += [weight_hh.new_zeros(rows) if bias is None else bias for bias in (bias_ih, bias_hh)]
    if rows != gates * hidden or any(len(each) != rows for each in found):
        raise ValueError(f"weights of {gates} gates do not fit: {[tuple(each.shape) for each in found]}")
    return found


def require_steps(x: Tensor, axes: int) -> None:
    """Raise unless x is (B, I), or (T, B, I)."""
    if x.ndim != axes or not x.is_floating_point():
        raise ValueError(f"x must be floating-point with {axes} axes, got {x.dtype} {tuple(x.shape)}")


def sequence(
    function: Callable[..., Any],
    x: Tensor,
    states: list[Tensor],
    given: list[Tensor],
    lengths: Tensor | None,
    reverse: bool,
) -> tuple[Tensor, ...]:
    """All steps: (y, h_n), or (y, h_n, c_n). Backwards in time: the second direction of a network that has two."""
    require_steps(x, 3)
    directions = 2 if reverse else 1
    starts = [torch.stack([state] * directions) for state in states]
    options = (given * directions, True, 1, 0.0, True, reverse)  # biases, layers, dropout, training, two directions
    if lengths is None:
        y, *ends = function(x, tuple(starts) if len(starts) > 1 else starts[0], *options, False)
    else:
        if lengths.is_floating_point() or lengths.shape != x.shape[1:2] or (lengths > len(x)).any():
            raise ValueError(f"lengths must be one number of steps a sequence, got {lengths}")
        packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        starts = [start[:, packed.sorted_indices] for start in starts]
        start = tuple(starts) if len(starts) > 1 else starts[0]
        data, *ends = function(packed.data, packed.batch_sizes, start, *options)
        y, _ = pad_packed_sequence(
            PackedSequence(data, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices),
            total_length=len(x),
        )
        ends = [end[:, packed.unsorted_indices] for end in ends]
    hidden = given[1].shape[1]
    return (y[..., hidden:] if reverse else y, *(end[-1] for end in ends))
