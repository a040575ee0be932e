"""The text that the mini GPT reads: Shakespeare where it is on this machine, else the reference of the Python language.

Both are written with the same 65 characters, those of tiny Shakespeare, so that a model has the same shape whichever
it has read. What the reference has besides, such as digits and brackets, is left out.
"""

from __future__ import annotations

import importlib
import string
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from .data import DataError, available, load_text
from .data.dataset import Array

CHARACTERS = "\n !$&',-.3:;?" + string.ascii_uppercase + string.ascii_lowercase
SHAKESPEARE = "tinyshakespeare"


class Corpus(NamedTuple):
    """A text, and where it is from."""

    text: str
    source: str


def corpus() -> Corpus:
    """Shakespeare, or what every Python brings along. Raises DataError where there is neither."""
    if available(SHAKESPEARE):
        found = load_text(SHAKESPEARE, download=False)
        return Corpus(found.text, found.source)
    try:
        topics = importlib.import_module("pydoc_data.topics").topics
    except ImportError as error:
        raise DataError("neither tinyshakespeare nor pydoc_data.topics, a part of Python, is there") from error
    known = set(CHARACTERS)
    text = "".join(character for topic in topics.values() for character in topic if character in known)
    return Corpus(text, "the Python language reference, from pydoc_data.topics")


def encode(text: str) -> Array:
    """Token numbers: the places of the characters in `CHARACTERS`. Raises ValueError for other characters."""
    number = {character: i for i, character in enumerate(CHARACTERS)}
    unknown = sorted(set(text) - set(number))
    if unknown:
        raise ValueError(f"the model knows letters, spaces and !$&',-.3:;? only; got {''.join(unknown)!r}")
    return np.fromiter((number[character] for character in text), np.int64, len(text))


def decode(tokens: Iterable[int]) -> str:
    """The text of some tokens."""
    return "".join(CHARACTERS[token] for token in tokens)
