"""A draw: one token, each with its probability, from one random number.

    probability = softmax(logits)        cumulative[v] = probability[0] + … + probability[v]
    token = the first v with cumulative[v] > u · cumulative[V - 1]           u: uniform in [0, 1)

Lay the probabilities side by side on a line of length 1 and throw a dart: it hits each token as often as that is long.
The random number is an argument, so that both sides of a comparison throw the same dart. A token of probability 0 has
no length and is never hit. The last sum is 1 up to rounding; u is multiplied by it, so that no dart misses the line.

Source: Devroye 1986, "Non-uniform random variate generation", III.2. PyTorch: torch.multinomial, which draws itself.
"""

from typing import Any

from ...types import Array
from ..activations import softmax
from ._checks import require_logits


def forward(logits: Array, uniform: Array) -> Array | Any:
    """logits: (..., V), uniform: (...) numbers in [0, 1) → token numbers: (...).

    Raises ValueError when there is not one number for each row of logits, or one is outside [0, 1).
    """
    require_logits(logits)
    if uniform.shape != logits.shape[:-1]:
        raise ValueError(f"uniform must have a number for each row of logits {logits.shape}; got {uniform.shape}")
    if uniform.size and not 0 <= uniform.min() <= uniform.max() < 1:
        raise ValueError(f"uniform must hold numbers from 0 to 1, without 1; got {uniform.min()} … {uniform.max()}")
    probabilities, _ = softmax.forward(logits, dim=-1)
    cumulative = probabilities.cumsum(axis=-1)
    missed = cumulative <= uniform[..., None] * cumulative[..., -1:]
    return missed.sum(axis=-1, keepdims=True)[..., 0]
