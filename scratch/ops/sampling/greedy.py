"""Greedy decoding: the token with the highest score.

    token = argmax_v logits[v]

The same text every time, and the most probable token at each place; but the most probable *text* is another question,
and long greedy texts tend to repeat themselves. It is what two implementations are compared by.

Nothing here has a slope: a little more of a score changes nothing, until it changes the token.

PyTorch: torch.argmax.
"""

from typing import Any

from ...types import Array
from ._checks import require_logits


def forward(logits: Array) -> Any:
    """logits: (..., V) → token numbers: (...). The first of equal ones."""
    require_logits(logits)
    return logits.argmax(axis=-1, keepdims=True)[..., 0]
