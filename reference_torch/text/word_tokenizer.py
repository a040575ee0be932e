"""Words, signs and white space are tokens."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby


def units(text: str) -> Iterator[str]:
    """Runs of letters and digits, runs of white space, single other characters."""
    kind = {True: "word", False: "sign"}
    for name, run in groupby(text, lambda c: "space" if c.isspace() else kind[c.isalnum() or c == "_"]):
        if name == "sign":
            yield from run
        else:
            yield "".join(run)


class WordTokenizer:
    """Words by frequency, then special tokens."""

    def __init__(self, words: list[str], special_tokens: Sequence[str]) -> None:
        self.tokens = words + list(special_tokens)
        self.special_tokens = special_tokens

    def _cut(self, text: str) -> Iterator[tuple[str, bool]]:
        names = sorted(self.special_tokens, key=len, reverse=True)
        end = 0
        for found in re.finditer("|".join(map(re.escape, names)), text) if names else ():
            yield text[end : found.start()], False
            yield found.group(), True
            end = found.end()
        yield text[end:], False

    @classmethod
    def train(
        cls, text: str, *, vocab_size: int | None = None, special_tokens: Sequence[str] = ("<unk>",)
    ) -> "WordTokenizer":
        """The most frequent units."""
        if vocab_size is not None and vocab_size < len(special_tokens):
            raise ValueError(f"no room for the special tokens in {vocab_size}")
        if len(set(special_tokens)) < len(special_tokens) or "" in special_tokens:
            raise ValueError(f"special tokens: {special_tokens}")
        counts: Counter[str] = Counter()
        for piece, special in cls([], special_tokens)._cut(text):
            if not special:
                counts.update(units(piece))
        ordered = sorted(sorted(set(counts) - set(special_tokens)), key=counts.__getitem__, reverse=True)
        room = len(ordered) if vocab_size is None else vocab_size - len(special_tokens)
        return cls(ordered[:room], special_tokens)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """Raises ValueError for an unknown word where there is no "<unk>"."""
        found = []
        for piece, is_special in self._cut(text) if special else [(text, False)]:
            for unit in [piece] if is_special else units(piece):
                known = unit in self.tokens or "<unk>" not in self.special_tokens
                found.append(self.tokens.index(unit if known else "<unk>"))
        return found

    def decode(self, numbers: Iterable[int]) -> str:
        """The units in a row."""
        return "".join(self.tokens[number] for number in numbers)
