"""What the character tokenizer and the word tokenizer share: a list of units, whose places are their numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from ._special import pieces, require_special


class UnitTokenizer:
    """units: the tokens, numbered from 0; special tokens have the numbers after them. Raises ValueError for repeats."""

    def __init__(self, units: Sequence[str], special_tokens: Sequence[str] = ()) -> None:
        self.special_tokens = require_special(special_tokens)
        self.tokens = [*units, *self.special_tokens]
        self.numbers = {token: number for number, token in enumerate(self.tokens)}
        if len(self.numbers) < len(self.tokens):
            raise ValueError(f"every token must be there once; got {len(self.tokens) - len(self.numbers)} repeats")
        self.units = len(units)

    def split(self, text: str) -> Iterable[str]:
        """The units that a text consists of."""
        raise NotImplementedError

    def number(self, unit: str) -> int:
        """The number of a unit. Raises ValueError for an unknown one."""
        if unit not in self.numbers:
            raise ValueError(f"{unit!r} is not among the {len(self)} tokens")
        return self.numbers[unit]

    def __len__(self) -> int:
        """How many tokens there are, special ones included."""
        return len(self.tokens)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """The numbers of the tokens of a text.

        special: whether the names of special tokens in the text stand for these tokens. Text from somebody else should
        not be able to contain them, so by default they are text like any other.
        """
        numbers = []
        for piece, is_special in pieces(text, self.special_tokens if special else ()):
            numbers += [self.numbers[piece]] if is_special else [self.number(unit) for unit in self.split(piece)]
        return numbers

    def decode(self, numbers: Iterable[int]) -> str:
        """The text of these tokens. Raises ValueError for a number that no token has."""
        text = []
        for number in numbers:
            if not 0 <= number < len(self):
                raise ValueError(f"tokens have the numbers 0 to {len(self) - 1}; got {number}")
            text.append(self.tokens[number])
        return "".join(text)

    def save(self, file: Path | str) -> None:
        """Write the tokens to a JSON file."""
        content = {"tokenizer": type(self).__name__, "units": self.tokens[: self.units], "special": self.special_tokens}
        Path(file).write_text(json.dumps(content) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, file: Path | str) -> Self:
        """Read what `save` has written. Raises ValueError for a file of another kind."""
        content = read(file, cls.__name__)
        return cls(content["units"], content["special"])


def read(file: Path | str, kind: str) -> dict[str, Any]:
    """The content of a tokenizer's JSON file. Raises ValueError when it is no such file, or of another tokenizer."""
    try:
        content = json.loads(Path(file).read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{file} is not a JSON file: {error}") from None
    found = content.get("tokenizer") if isinstance(content, dict) else None
    if found != kind:
        raise ValueError(f"{file} must hold a {kind}; it holds {found or 'something else'}")
    return content  # type: ignore[no-any-return]
