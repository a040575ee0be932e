r"""The byte-level BPE tokenizer: frequent pairs of tokens become tokens themselves.

Text is bytes, UTF-8, and there are 256 of them: tokens 0 to 255. Nothing is ever unknown. Byte pair encoding makes the
sequences shorter:

    train     count all neighbouring pairs of tokens; the most frequent pair becomes token 256, everywhere in the text;
              count again, the next one becomes 257 … until there are vocab_size tokens
    encode    start from bytes; of all neighbouring pairs that together are a token, merge the one that was learned
              first, the one with the lowest number; again, until no pair is a token
    decode    put the bytes together

Frequent words end up as one token, rare ones as a few pieces, any Chinese sign or emoji as its bytes at worst.

Merging in the order of learning is what encoding is about. "th" may be learned before "he": then "the" is [th][e].
Going through the text from left to right and merging whatever fits would give "ahe" as [ah][e] as soon as there is an
"ah", however rare, and the tokens of a word would not be those that training has counted.

Pairs are not counted across words: the text is cut first, into letters, digits, signs, each with the one space before
it, and the rest of the white space. Else "dog." "dog!" and "dog " would each become tokens. All characters beyond
ASCII count as letters here; GPT-2 asks Unicode what they are, which `re` of the standard library cannot.

In training, of equally frequent pairs the one with the smaller numbers is merged. When two pairs make the same bytes,
a + bc and ab + c, they are the same token.

How it is fast enough. Training keeps, for each pair, the words that contain it, and after a merge counts only these
words again. Encoding keeps the pairs that may be merged in a heap, the lowest number first.

Sources: Gage 1994; Sennrich, Haddow & Birch 2016, arXiv:1508.07909; Radford et al. 2019 (GPT-2). Its judges: tiktoken
for the encoding, the library tokenizers for the training.
"""

from __future__ import annotations

import heapq
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from ._special import pieces, require_special
from ._units import read

BYTES = 256
CHUNK = re.compile(
    r" ?[A-Za-z\u0080-\U0010ffff]+"  # letters
    r"| ?[0-9]+"
    r"| ?[!-/:-@\[-`{-~]+"  # signs
    r"|[\x00-\x20\x7f]+(?![^\x00-\x20\x7f])"  # white space, but not the last space before a word: that is the word's
    r"|[\x00-\x20\x7f]+"
)


class BytePairTokenizer:
    """learned: the bytes of tokens 256, 257 … in the order of learning; special tokens have the numbers after them.

    Raises ValueError for a token that is there twice, or is shorter than two bytes.
    """

    def __init__(self, learned: Sequence[bytes], special_tokens: Sequence[str] = ()) -> None:
        self.special_tokens = require_special(special_tokens)
        self.ranks = {bytes([value]): value for value in range(BYTES)}
        for number, token in enumerate(learned, start=BYTES):
            if self.ranks.setdefault(token, number) != number or len(token) < 2:
                raise ValueError(f"learned tokens must be new, of two bytes or more; got {token!r} as number {number}")
        self.tokens = [*self.ranks, *(name.encode() for name in self.special_tokens)]
        self.special = {name: len(self.ranks) + place for place, name in enumerate(self.special_tokens)}

    @classmethod
    def train(
        cls, text: str, *, vocab_size: int, special_tokens: Sequence[str] = (), min_frequency: int = 1
    ) -> BytePairTokenizer:
        """Learn the tokens of a text; special tokens in it are cut out first.

        vocab_size: how many tokens at most: 256 bytes, learned ones and special ones. min_frequency: how often a pair
        must occur. Raises ValueError for a vocab_size without room for the bytes and the special tokens.
        """
        special_tokens = require_special(special_tokens)
        limit = vocab_size - len(special_tokens)
        if limit < BYTES or min_frequency < 1:
            raise ValueError(
                f"vocab_size must be at least {BYTES} + {len(special_tokens)} special tokens, and min_frequency at "
                f"least 1; got vocab_size {vocab_size}, min_frequency {min_frequency}"
            )
        plain = (piece for piece, is_special in pieces(text, special_tokens) if not is_special)
        counts = Counter(chunk for piece in plain for chunk in CHUNK.findall(piece))
        return cls(_learn(counts, limit, min_frequency), special_tokens)

    def __len__(self) -> int:
        """How many tokens there are: bytes, learned ones, special ones."""
        return len(self.tokens)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """The numbers of the tokens of a text. Raises ValueError for half a surrogate pair, which has no UTF-8.

        special: whether the names of special tokens in the text stand for these tokens. Text from somebody else should
        not be able to contain them, so by default they are text like any other.
        """
        numbers, known = [], dict[str, list[int]]()
        for piece, is_special in pieces(text, self.special_tokens if special else ()):
            if is_special:
                numbers.append(self.special[piece])
                continue
            for chunk in CHUNK.findall(piece):
                if chunk not in known:
                    known[chunk] = self._merge(chunk.encode())
                numbers += known[chunk]
        return numbers

    def _merge(self, chunk: bytes) -> list[int]:
        """The tokens of one chunk: the pair with the lowest number first, of equal ones the leftmost."""
        end = list(range(1, len(chunk) + 1))  # where the token that starts here ends; 0: none starts here any more
        begin = list(range(-1, len(chunk)))  # where the token that ends here begins
        heap: list[tuple[int, int, int]] = []  # number, start and end of what may be merged

        def offer(start: int) -> None:
            """The token that starts here, together with the next one."""
            if end[start] < len(chunk):
                stop = end[end[start]]
                number = self.ranks.get(chunk[start:stop])
                if number is not None:
                    heapq.heappush(heap, (number, start, stop))

        for start in range(len(chunk)):
            offer(start)
        while heap:
            _, start, stop = heapq.heappop(heap)
            middle = end[start]
            if not 0 < middle < stop or end[middle] != stop:
                continue  # one of the two has been merged with another since
            end[start], end[middle], begin[stop] = stop, 0, start
            offer(start)
            if start:
                offer(begin[start])
        return [self.ranks[chunk[start:stop]] for start, stop in enumerate(end) if stop]

    def decode(self, numbers: Iterable[int]) -> str:
        """The text of these tokens; bytes that are no UTF-8, as a token may be a part of a character, become �.

        Raises ValueError for a number that no token has.
        """
        text = []
        for number in numbers:
            if not 0 <= number < len(self):
                raise ValueError(f"tokens have the numbers 0 to {len(self) - 1}; got {number}")
            text.append(self.tokens[number])
        return b"".join(text).decode("utf-8", errors="replace")

    def save(self, file: Path | str) -> None:
        """Write the learned tokens to a JSON file: a character for each byte (Latin-1)."""
        learned = [token.decode("latin-1") for token in list(self.ranks)[BYTES:]]
        content = {"tokenizer": type(self).__name__, "learned": learned, "special": self.special_tokens}
        Path(file).write_text(json.dumps(content) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, file: Path | str) -> BytePairTokenizer:
        """Read what `save` has written. Raises ValueError for a file of another kind."""
        content = read(file, cls.__name__)
        return cls([token.encode("latin-1") for token in content["learned"]], content["special"])


def _learn(counts: Counter[str], limit: int, min_frequency: int) -> list[bytes]:
    """The tokens beyond the bytes, from the different chunks of a text and how often each occurs."""
    tokens = [bytes([value]) for value in range(BYTES)]
    numbers = {token: number for number, token in enumerate(tokens)}
    words, repeats = [list(chunk.encode()) for chunk in counts], list(counts.values())
    pairs: Counter[tuple[int, int]] = Counter()
    where: defaultdict[tuple[int, int], set[int]] = defaultdict(set)  # the words that contain a pair, or once did

    def count(index: int, times: int) -> None:
        for pair in pairwise(words[index]):
            pairs[pair] += times
            where[pair].add(index)
            if not pairs[pair]:
                del pairs[pair], where[pair]

    for index, times in enumerate(repeats):
        count(index, times)
    while len(tokens) < limit and pairs:
        most = max(pairs.values())
        if most < min_frequency:
            break
        best = min(pair for pair, times in pairs.items() if times == most)
        token = tokens[best[0]] + tokens[best[1]]
        number = numbers.setdefault(token, len(tokens))
        if number == len(tokens):
            tokens.append(token)
        for index in list(where[best]):
            count(index, -repeats[index])
            words[index] = _replace(words[index], best, number)
            count(index, repeats[index])
    return tokens[BYTES:]


def _replace(word: list[int], pair: tuple[int, int], number: int) -> list[int]:
    """The word with a single token in the place of each such pair, from left to right."""
    merged: list[int] = []
    place = 0
    while place < len(word):
        if tuple(word[place : place + 2]) == pair:
            merged.append(number)
            place += 2
        else:
            merged.append(word[place])
            place += 1
    return merged
