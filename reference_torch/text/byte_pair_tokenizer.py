"""Byte-level BPE: trained by the library tokenizers, encoded and decoded by tiktoken."""

from collections.abc import Iterable, Sequence

import regex
import tiktoken
from tokenizers import Tokenizer, models, trainers

# The chunks: letters (all beyond ASCII are), digits, signs, each with the one space before it; other white space.
PATTERN = r" ?(?:[A-Za-z]|[^\x00-\x7f])+| ?[0-9]+| ?[[\x21-\x7e]--[A-Za-z0-9]]+|\s+(?!\S)|\s+".replace(
    r"\S", r"[^\x00-\x20\x7f]"
).replace(r"\s", r"[\x00-\x20\x7f]")
SHIFT = 0x100  # the library works on characters: byte b is U+0100 + b, so that their order is that of the bytes


class BytePairTokenizer:
    """tokens: the bytes of each token, special ones last."""

    def __init__(self, learned: list[bytes], special_tokens: Sequence[str]) -> None:
        ranks = {token: rank for rank, token in enumerate([*(bytes([b]) for b in range(256)), *learned])}
        special = {name: len(ranks) + place for place, name in enumerate(special_tokens)}
        # tiktoken gets text that is cut already: its own dialect of regular expressions knows other classes.
        self.encoding = tiktoken.Encoding("learned", pat_str=r"(?s:.)+", mergeable_ranks=ranks, special_tokens=special)
        self.special = special
        self.tokens = [*ranks, *(name.encode() for name in special_tokens)]

    @classmethod
    def train(
        cls, text: str, *, vocab_size: int, special_tokens: Sequence[str] = (), min_frequency: int = 1
    ) -> "BytePairTokenizer":
        """Learn from the chunks of a text."""
        room = vocab_size - len(special_tokens)
        if room < 256 or min_frequency < 1 or len(set(special_tokens)) < len(special_tokens) or "" in special_tokens:
            raise ValueError(f"vocab_size {vocab_size}, min_frequency {min_frequency}, special {special_tokens}")
        trainer = trainers.BpeTrainer(
            vocab_size=room,
            min_frequency=min_frequency,
            show_progress=False,
            initial_alphabet=[chr(SHIFT + b) for b in range(256)],
        )
        model = Tokenizer(models.BPE())
        model.train_from_iterator(
            ["".join(chr(SHIFT + b) for b in chunk.encode()) for chunk in cls._chunks(text, special_tokens)], trainer
        )
        vocabulary = model.get_vocab()
        learned = sorted(vocabulary, key=vocabulary.__getitem__)[256:]
        return cls([bytes(ord(c) - SHIFT for c in token) for token in learned], special_tokens)

    @staticmethod
    def _chunks(text: str, special_tokens: Sequence[str]) -> list[str]:
        names = sorted(special_tokens, key=len, reverse=True)
        plain = regex.split("|".join(map(regex.escape, names)), text) if names else [text]
        return [chunk for piece in plain for chunk in regex.findall(PATTERN, piece, flags=regex.V1)]

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """The numbers of the tokens."""
        names = sorted(self.special, key=len, reverse=True) if special else []
        found = []
        pieces = regex.split(f"({'|'.join(map(regex.escape, names))})", text) if names else [text]
        for place, piece in enumerate(pieces):
            if place % 2:
                found.append(self.special[piece])
            else:
                for chunk in self._chunks(piece, ()):
                    found += self.encoding.encode_ordinary(chunk)
        return found

    def decode(self, numbers: Iterable[int]) -> str:
        """The text of these tokens."""
        return self.encoding.decode(list(numbers))
