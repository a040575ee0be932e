"""Every character is a token."""

import re
from collections.abc import Iterable, Sequence


class CharacterTokenizer:
    """Characters in the order of their Unicode numbers, then special tokens."""

    def __init__(self, tokens: list[str], special_tokens: Sequence[str]) -> None:
        self.tokens = tokens + list(special_tokens)
        self.special_tokens = special_tokens

    @classmethod
    def train(cls, text: str, *, special_tokens: Sequence[str] = ()) -> "CharacterTokenizer":
        """The characters that are left when special tokens are taken out."""
        if len(set(special_tokens)) < len(special_tokens) or "" in special_tokens:
            raise ValueError(f"special tokens: {special_tokens}")
        for token in sorted(special_tokens, key=len, reverse=True):
            text = text.replace(token, "")
        return cls(sorted(set(text)), special_tokens)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """Raises ValueError for a character that is not there."""
        names = sorted(self.special_tokens, key=len, reverse=True) if special else []
        return [self.tokens.index(unit) for unit in re.findall("|".join([*map(re.escape, names), "(?s:.)"]), text)]

    def decode(self, numbers: Iterable[int]) -> str:
        """The characters in a row."""
        return "".join(self.tokens[number] for number in numbers)
