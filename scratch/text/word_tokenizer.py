r"""The word tokenizer: words, signs and the spaces between them are tokens.

    train     split the text, count, and keep the most frequent units: they are tokens 0, 1, 2 …
    encode    "To be, or not" → [To][ ][be][,][ ][or][ ][not]
    decode    put them together again: nothing is lost, since spaces are tokens too

A unit is a run of letters and digits, a run of white space, or a single other character: `\w+|\s+|[^\w\s]`, which
leaves out no character. Sequences are short and tokens mean something. But there is no end of words: however large
the vocabulary, a new text has one that is not in it, and all those become the one token "<unk>", which says nothing.

PyTorch has none; torchtext had.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ._special import pieces, require_special
from ._units import UnitTokenizer

UNKNOWN = "<unk>"
UNIT = re.compile(r"\w+|\s+|[^\w\s]")


class WordTokenizer(UnitTokenizer):
    """units: the words, numbered from 0. With "<unk>" among the special tokens, it stands for all other words."""

    @classmethod
    def train(
        cls, text: str, *, vocab_size: int | None = None, special_tokens: Sequence[str] = (UNKNOWN,)
    ) -> WordTokenizer:
        """The most frequent units of this text; of equally frequent ones, the first in the alphabet.

        vocab_size: how many tokens at most, special ones included; None: all. Raises ValueError when it is too small
        even for the special tokens.
        """
        special_tokens = require_special(special_tokens)
        if vocab_size is not None and vocab_size < len(special_tokens):
            raise ValueError(f"vocab_size must have room for {len(special_tokens)} special tokens; got {vocab_size}")
        counts = Counter(
            unit
            for piece, is_special in pieces(text, special_tokens)
            if not is_special
            for unit in UNIT.findall(piece)
            if unit not in special_tokens
        )
        frequent_first = sorted(counts, key=lambda unit: (-counts[unit], unit))
        if vocab_size is not None:
            frequent_first = frequent_first[: vocab_size - len(special_tokens)]
        return cls(frequent_first, special_tokens)

    def split(self, text: str) -> Iterable[str]:
        """Its words, signs and spaces."""
        return UNIT.findall(text)

    def number(self, unit: str) -> int:
        """The number of a unit, or of "<unk>". Raises ValueError where there is neither."""
        if unit not in self.numbers and UNKNOWN in self.special_tokens:
            return self.numbers[UNKNOWN]
        return super().number(unit)
