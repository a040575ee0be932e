"""Tokenizers: from a text to the numbers that a network takes, and back."""

from .byte_pair_tokenizer import BytePairTokenizer
from .character_tokenizer import CharacterTokenizer
from .word_tokenizer import WordTokenizer

__all__ = ["BytePairTokenizer", "CharacterTokenizer", "WordTokenizer"]
