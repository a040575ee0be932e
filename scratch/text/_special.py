"""Special tokens: names such as "<|end|>" for what is not text, each a single token."""

import re
from collections.abc import Iterator, Sequence


def require_special(special_tokens: Sequence[str]) -> tuple[str, ...]:
    """The special tokens, in order. Raises ValueError for an empty one, or the same one twice."""
    if isinstance(special_tokens, str) or "" in special_tokens or len(set(special_tokens)) < len(special_tokens):
        raise ValueError(f"special_tokens must be different names, none of them empty; got {special_tokens!r}")
    return tuple(special_tokens)


def pieces(text: str, special_tokens: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The text cut at its special tokens: (piece, whether it is a special token). Of two that fit, the longer one."""
    if not special_tokens:
        yield text, False
        return
    longest_first = sorted(special_tokens, key=len, reverse=True)
    # With a group around the whole, re.split keeps the separators, at the odd places.
    for place, piece in enumerate(re.split(f"({'|'.join(map(re.escape, longest_first))})", text)):
        if piece:
            yield piece, place % 2 == 1
