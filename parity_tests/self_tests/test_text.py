"""Tokenizers: any text comes back, through a file too; what is no file of a tokenizer is refused."""

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from scratch.text import BytePairTokenizer, CharacterTokenizer, WordTokenizer

PLAY = (
    "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n\n"
    "First Citizen:\nYou are all resolved rather to die than to famish?\n\nAll:\nResolved. resolved.\n"
) * 3
ENGLISH = r" ?[a-zA-Z]+| ?[0-9]+| ?[^\sa-zA-Z0-9]+|\s+(?!\S)|\s+"  # the cuts, for ASCII
BYTE_PAIRS = BytePairTokenizer.train(PLAY, vocab_size=340, special_tokens=("<|end|>",))


@given(st.text())
def test_byte_pairs_bring_back_any_text(text):
    assert BYTE_PAIRS.decode(BYTE_PAIRS.encode(text)) == text
    assert BYTE_PAIRS.decode(BYTE_PAIRS.encode(text, special=True)) == text


@given(st.text(min_size=1))
def test_characters_and_words_bring_back_any_text_they_know(text):
    for kind in (CharacterTokenizer, WordTokenizer):
        trained = kind.train(text)
        assert trained.decode(trained.encode(text)) == text


def test_byte_pairs_make_a_text_shorter_as_tiktoken_would():
    numbers = BYTE_PAIRS.encode(PLAY)
    assert len(numbers) < len(PLAY) / 2
    ranks = {token: rank for rank, token in enumerate(BYTE_PAIRS.tokens[:-1])}
    theirs = tiktoken.Encoding("theirs", pat_str=ENGLISH, mergeable_ranks=ranks, special_tokens={})
    assert numbers == theirs.encode(PLAY)


def test_a_long_run_without_a_space_is_no_problem():
    assert len(BYTE_PAIRS.encode("語" * 20_000)) == 60_000


def test_a_special_token_is_text_unless_asked_for():
    assert BYTE_PAIRS.encode("<|end|>", special=True) == [len(BYTE_PAIRS) - 1]
    assert len(BYTE_PAIRS.encode("<|end|>")) > 1


@pytest.mark.parametrize(
    "tokenizer",
    [
        BYTE_PAIRS,
        CharacterTokenizer.train("naïve\ud800", special_tokens=["<s>"]),
        WordTokenizer.train(PLAY, vocab_size=9, special_tokens=["<unk>", "<s>"]),
    ],
    ids=lambda tokenizer: type(tokenizer).__name__,
)
def test_a_file_keeps_everything(tokenizer, tmp_path):
    tokenizer.save(tmp_path / "it.json")
    again = type(tokenizer).load(tmp_path / "it.json")
    assert again.tokens == tokenizer.tokens
    assert again.special_tokens == tokenizer.special_tokens
    other = WordTokenizer if type(tokenizer) is not WordTokenizer else CharacterTokenizer
    with pytest.raises(ValueError, match=f"must hold a {other.__name__}; it holds {type(tokenizer).__name__}"):
        other.load(tmp_path / "it.json")


def test_what_is_no_tokenizer_is_refused(tmp_path):
    for text, says in (("not JSON", "not a JSON file"), ("[1]", "something else"), ("{}", "something else")):
        (tmp_path / "it.json").write_text(text)
        with pytest.raises(ValueError, match=says):
            BytePairTokenizer.load(tmp_path / "it.json")


def test_messages_name_what_is_wrong():
    with pytest.raises(ValueError, match="'z' is not among the 3 tokens"):
        CharacterTokenizer.train("abc").encode("z")
    with pytest.raises(ValueError, match=r"0 to 2; got 3"):
        CharacterTokenizer.train("abc").decode([3])
    with pytest.raises(ValueError, match="surrogates not allowed"):
        BYTE_PAIRS.encode("\ud800")
    with pytest.raises(ValueError, match=r"must be new.*b'ab' as number 257"):
        BytePairTokenizer([b"ab", b"ab"])
