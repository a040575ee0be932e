"""Temperature: how daring a choice is.

    y = logits / temperature

Below 1, differences between scores grow and the likely becomes likelier; towards 0 only the best is left, which is
greedy decoding. Above 1 all tokens come closer to each other. The name is from physics, where e^(-energy / temperature)
says how probable a state is.

Source: Ackley, Hinton & Sejnowski 1985. PyTorch: division.
"""

from typing import Any

from ...types import Array
from ._checks import require_logits


def forward(logits: Array, *, temperature: float) -> Array | Any:
    """logits: (..., V) → (..., V). Raises ValueError unless temperature is above 0; for 0 there is greedy."""
    require_logits(logits)
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0 (greedy decoding is its limit); got {temperature}")
    return logits / temperature
