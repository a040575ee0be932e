"""The character tokenizer: every character is a token.

    train     the different characters of a text, in the order of their Unicode numbers, are tokens 0, 1, 2 …
    encode    "hello" → [h, e, l, l, o], five numbers
    decode    and back

The vocabulary is small and nothing is ever split wrongly, but texts become long sequences, and a network has to learn
to spell before it can learn to write. A character that was not in the training text has no number.

Source: Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ._special import pieces, require_special
from ._units import UnitTokenizer


class CharacterTokenizer(UnitTokenizer):
    """units: the characters, numbered from 0. Encoding a text with another character raises ValueError."""

    @classmethod
    def train(cls, text: str, *, special_tokens: Sequence[str] = ()) -> CharacterTokenizer:
        """The characters of this text; special tokens in it count as such, not as their characters."""
        special_tokens = require_special(special_tokens)
        plain = [piece for piece, is_special in pieces(text, special_tokens) if not is_special]
        return cls(sorted(set("".join(plain)) - set(special_tokens)), special_tokens)

    def split(self, text: str) -> Iterable[str]:
        """Its characters."""
        return text
