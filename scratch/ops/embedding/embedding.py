"""Embedding: a table with a learned vector for every token.

    y[i] = weight[input[i]]        input: token numbers, any shape; weight: (V, D), one row a token

A token is a name, not a quantity: token 7 is not more than token 6. So each gets a vector of its own, and training
moves the vectors of tokens that are used alike to similar places. As a matrix product it is one_hot(input) · weight,
where every row of one_hot has a single 1; looking rows up gives the same without V multiplications a token.

Backward. Forward read row input[i] for place i, and every place that read a row hands its gradient back to it:

    dweight[v] = Σ over all i with input[i] = v of dy[i]        0 where token v did not occur

The sum matters: `dweight[input] = dy` keeps only the last of several places with the same token, and NumPy does not add
repeated indices up in `dweight[input] += dy` either. `np.add.at` does, one element after the other, which is slow.
Here equal tokens are brought together by sorting, and then each run of equal ones is folded by halves:

    step 1    places 0 2 4 6 … of a run receive their right neighbour
    step 2    places 0 4 8 … receive what is two places on
    step 4    …                                 until place 0 holds the sum of its run

so that a token that occurs a thousand times takes ten additions of whole arrays. Sums by halves are also more accurate
than sums from left to right: the rounding error grows with the logarithm of the count.

padding_idx is a token that stands for nothing, at the end of short sentences. Its row gets no gradient: it is to stay
what it is, usually zero.

PyTorch: torch.nn.functional.embedding.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ._checks import require_floating, require_whole


class Cache(NamedTuple):
    input: Array  # (...)
    weight: Array  # (V, D): only its shape and dtype are needed
    padding_idx: int | None  # from 0 to V - 1


def forward(input: Array, weight: Array, *, padding_idx: int | None = None) -> tuple[Array, Cache]:
    """input: (...) whole numbers from 0 to V - 1, weight: (V, D) → y: (..., D).

    padding_idx: the row that gets no gradient; negative ones count from the back. Raises ValueError for a token number
    that the table does not have, for a table that is not (V, D) and for a padding_idx outside of it; TypeError for
    token numbers that are not whole, or a weight that is not floating-point.
    """
    require_whole("input", input)
    require_floating("weight", weight)
    if weight.ndim != 2:
        raise ValueError(f"weight must be (V, D), one row a token; got weight {weight.shape}")
    tokens = weight.shape[0]
    if input.size and not 0 <= input.min() <= input.max() < tokens:  # NumPy would read -1 as the last row
        wrong = int(input[(input < 0) | (input >= tokens)][0])
        raise ValueError(f"input must hold token numbers from 0 to {tokens - 1}, the rows of weight; got {wrong}")
    if padding_idx is not None and not -tokens <= padding_idx < tokens:
        raise ValueError(f"padding_idx must be a row of weight {weight.shape}; got {padding_idx}")
    padding = None if padding_idx is None else padding_idx % tokens
    return weight.take(input, axis=0), Cache(input, weight, padding)


def backward(dy: Array, cache: Cache) -> tuple[None, Array]:
    """dy: (..., D) → None for the token numbers, dweight: (V, D)."""
    input, weight, padding = cache
    tokens = input.reshape(-1)
    dweight = np.zeros_like(weight)
    if not tokens.size:
        return None, dweight
    order = tokens.argsort(kind="stable")
    tokens = tokens[order]
    rows = dy.reshape(-1, weight.shape[1]).take(order, axis=0)  # (N, D): equal tokens side by side
    starts_a_run = np.ones_like(tokens, dtype=bool)
    starts_a_run[1:] = tokens[1:] != tokens[:-1]
    start = np.flatnonzero(starts_a_run)
    count = np.diff(start, append=tokens.size)  # how often each token occurs
    place = np.arange(tokens.size, like=start) - start.repeat(count)  # 0, 1, 2 … in every run
    beyond = count.repeat(count)
    step = 1
    while step < count.max():
        receives = np.flatnonzero((place % (2 * step) == 0) & (place + step < beyond))
        rows[receives] += rows.take(receives + step, axis=0)
        step *= 2
    dweight[tokens[start]] = rows.take(start, axis=0)
    if padding is not None:
        dweight[padding] = 0
    return None, dweight
