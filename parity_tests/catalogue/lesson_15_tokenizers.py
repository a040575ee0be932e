"""Lesson 15: tokenizers. Byte pairs are trained by the library tokenizers and encoded by tiktoken on the other side."""

from typing import Any

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.tokenizers import tokenizer

SPECIAL: tuple[tuple[str, ...], ...] = ((), ("<s>",), ("<s>", "</s>", "<s>s"), ("b c", "<s>"))
ALPHABETS = ("ab", "abc de", "aab \n", "ab é\n  1", "xyz.,! 12'_", "to be or not\n")


def a_text(draw: Draw, alphabet: str, special: tuple[str, ...]) -> str:
    """Words of the alphabet, some of them often, a few characters of anywhere, special tokens in between."""
    words = [draw.text(alphabet, longest) for longest in (3, 5, 8)]
    order = [words[i] for i in draw.integers((draw.choice((0, 3, 20, 40)),), 0, len(words))]
    order += [draw.choice(special) for _ in range(draw.integer(0, 2))] if special else []
    return draw.choice(("", " ", " ")).join([*order, draw.text(alphabet, 10), draw.text() if draw.boolean() else ""])


def two_texts(draw: Draw, **options: Any) -> Case:
    alphabet, special = draw.choice(ALPHABETS), draw.choice(SPECIAL)
    numbers = tuple(draw.integers((draw.integer(0, 12),), 0, 400).tolist())
    texts = {"corpus": a_text(draw, alphabet, special), "text": a_text(draw, alphabet, special)}
    return Case((), {**texts, "numbers": numbers, "special_tokens": special, **options})


@cases("integers")
def character_inputs(draw: Draw) -> Case:
    return two_texts(draw)


@cases("integers")
def word_inputs(draw: Draw) -> Case:
    case = two_texts(draw, vocab_size=draw.choice((None, 4, 7)))
    unknown = ("<unk>",) if draw.boolean() else ()
    return Case((), {**case.options, "special_tokens": (*unknown, *case.options["special_tokens"])})


@cases("integers")
def byte_pair_inputs(draw: Draw) -> Case:
    special = 3  # room for so many
    return two_texts(
        draw, vocab_size=256 + special + draw.choice((0, 2, 8, 20, 60)), min_frequency=draw.choice((1, 1, 2, 3))
    )


def one(**options: Any) -> Case:
    return Case((), {"corpus": "abab", "text": "ab", "numbers": (0,), **options})


TWICE = Refusal("the same special token twice", one(special_tokens=("<s>", "<s>")), says=("special_tokens", "<s>"))
EMPTY = Refusal("a special token without a name", one(special_tokens=("",)), says=("special_tokens", "empty"))

ROWS = (
    Entry(
        "text.character_tokenizer",
        lesson=15,
        title="Character tokenizer",
        inputs=character_inputs,
        gradient=False,
        adapter=tokenizer("CharacterTokenizer"),
        refusals=(TWICE, EMPTY),
        mistakes=(
            Mistake("in the order of appearance", replace='sorted(set("".join(plain)) - set(special_tokens))', by='[c for c in dict.fromkeys("".join(plain)) if c not in special_tokens]'),
            Mistake("the characters of special tokens count", replace="if not is_special", by="if piece"),
            Mistake("characters twice", replace='sorted(set("".join(plain))', by='sorted({*"".join(plain), *"".join(plain).upper()}'),
            Mistake("everything in small letters", replace="return text", by="return text.lower()"),
            Mistake("white space is lost", replace="return text", by="return text.replace(' ', '')"),
            Mistake("the last character is forgotten", replace="return text", by="return text[:-1]"),
        ),
    ),
    Entry(
        "text.word_tokenizer",
        lesson=15,
        title="Word tokenizer",
        inputs=word_inputs,
        gradient=False,
        adapter=tokenizer("WordTokenizer"),
        refusals=(
            TWICE,
            EMPTY,
            Refusal("no room", one(special_tokens=("<s>", "<unk>"), vocab_size=1), says=("vocab_size", "2 special", "1")),
        ),
        mistakes=(
            Mistake("rare words first", replace="(-counts[unit], unit)", by="(counts[unit], unit)"),
            Mistake("equally frequent ones in the order of appearance", replace="(-counts[unit], unit)", by="-counts[unit]"),
            Mistake("spaces are lost", replace='UNIT = re.compile(r"\\w+|\\s+|[^\\w\\s]")', by='UNIT = re.compile(r"\\w+|[^\\w\\s]")'),
            Mistake("signs stick to one another", replace='UNIT = re.compile(r"\\w+|\\s+|[^\\w\\s]")', by='UNIT = re.compile(r"\\w+|\\s+|[^\\w\\s]+")'),
            Mistake("every space is a token of its own", replace='UNIT = re.compile(r"\\w+|\\s+|[^\\w\\s]")', by='UNIT = re.compile(r"\\w+|\\s|[^\\w\\s]")'),
            Mistake("only ASCII is letters", replace='UNIT = re.compile(r"\\w+|\\s+|[^\\w\\s]")', by='UNIT = re.compile(r"[a-zA-Z0-9_]+|\\s+|[^a-zA-Z0-9_\\s]")'),
            Mistake("special tokens are not counted in vocab_size", replace="[: vocab_size - len(special_tokens)]", by="[:vocab_size]"),
            Mistake("unknown words become token 0", replace="return self.numbers[UNKNOWN]", by="return 0"),
            Mistake("unknown words are refused", replace="if unit not in self.numbers and UNKNOWN in self.special_tokens:", by="if False:"),
            Mistake("words in special tokens count", replace="if not is_special\n", by="if piece\n"),
        ),
    ),
    Entry(
        "text.byte_pair_tokenizer",
        lesson=15,
        title="Byte-level BPE tokenizer",
        inputs=byte_pair_inputs,
        gradient=False,
        adapter=tokenizer("BytePairTokenizer"),
        refusals=(
            Refusal("less than the bytes", one(vocab_size=255), says=("vocab_size", "256", "255")),
            Refusal("no room for special tokens", one(vocab_size=256, special_tokens=("<s>",)), says=("256 + 1",)),
            Refusal("no frequency", one(vocab_size=300, min_frequency=0), says=("min_frequency", "0")),
            Refusal("the same special token twice", one(vocab_size=300, special_tokens=("<s>", "<s>")), says=("<s>",)),
        ),
        mistakes=(
            Mistake("merged in the order of the text, not of learning", replace="heapq.heappush(heap, (number, start, stop))", by="heapq.heappush(heap, (0, start, stop))"),
            Mistake("the longest pair first", replace="heapq.heappush(heap, (number, start, stop))", by="heapq.heappush(heap, (start - stop, start, stop))"),
            Mistake("the pair learned last first", replace="heapq.heappush(heap, (number, start, stop))", by="heapq.heappush(heap, (-number, start, stop))"),
            Mistake("a merged token is not offered to its neighbour before", replace="            if start:\n                offer(begin[start])\n", by=""),
            Mistake("a merged token is not offered to its neighbour after", replace="            offer(start)\n            if start", by="            if start"),
            Mistake("every word counts once, however often it occurs", replace="list(counts.values())", by="[1] * len(counts)"),
            Mistake("of equally frequent pairs the largest", replace="best = min(", by="best = max("),
            Mistake("of equally frequent pairs the first that was seen", replace="best = min(pair for pair, times in pairs.items() if times == most)", by="best = next(pair for pair, times in pairs.items() if times == most)"),
            Mistake("the rarest pair", replace="most = max(", by="most = min("),
            Mistake("the pairs that a merge makes are not counted", replace="            count(index, repeats[index])\n    return", by="    return"),
            Mistake("pairs are counted across words", replace="for chunk in CHUNK.findall(piece))", by="for chunk in [piece])"),
            Mistake("spaces belong to the word before", replace='r" ?[A-Za-z', by='r"[A-Za-z'),
            Mistake("a word takes no space with it where there are several", replace='r"|[\\x00-\\x20\\x7f]+(?![^\\x00-\\x20\\x7f])"', by='r"|[\\x00-\\x20\\x7f]+"'),
            Mistake("characters instead of bytes: only Latin-1 is left", replace="self._merge(chunk.encode())", by='self._merge(chunk.encode("latin-1", "replace"))'),
            Mistake("decoded token by token: characters of several tokens are lost", replace='b"".join(text).decode("utf-8", errors="replace")', by='"".join(token.decode("utf-8", errors="replace") for token in text)'),
            Mistake("special tokens in the text are always obeyed", replace="if special else ()", by=""),
            Mistake("special tokens are never obeyed", replace="self.special_tokens if special else ()", by="()"),
            Mistake("special tokens are not counted in vocab_size", replace="limit = vocab_size - len(special_tokens)", by="limit = vocab_size - 0 * len(special_tokens)"),
            Mistake("min_frequency is ignored", replace="most < min_frequency", by="most < 1"),
            Mistake("save forgets the special tokens", replace='content["learned"]], content["special"])', by='content["learned"]])'),
        ),
    ),
)  # fmt: skip
