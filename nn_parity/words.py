"""A text as words for word2vec: which words there are, which stand beside which, and who is like whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from .data.dataset import Array

WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
WINDOW = 5  # words to either side, at most
NEGATIVES = 5
OFTEN = 1e-3  # words that make up a larger share of the text are left out now and then


def split(text: str) -> list[str]:
    """Its words in small letters."""
    return WORD.findall(text.lower())


def most_frequent(words: Sequence[str], count: int) -> tuple[str, ...]:
    """The vocabulary; of equally frequent words the first in the alphabet."""
    counts = Counter(words)
    return tuple(sorted(counts, key=lambda word: (-counts[word], word))[:count])


def neighbours(numbers: Array, generator: np.random.Generator) -> Array:
    """Pairs (N, 2) of a word and one beside it, as word2vec draws them.

    A frequent word tells little about its neighbours: one with the share f of the text stays with probability
    √(OFTEN / f). Then each word in the centre draws how far it looks, from 1 to `WINDOW`: the nearest count most.
    """
    share = np.bincount(numbers) / max(len(numbers), 1)
    stays = np.sqrt(OFTEN / np.maximum(share, OFTEN))
    kept = numbers[generator.random(len(numbers)) < stays[numbers]]
    sight = generator.integers(1, WINDOW + 1, len(kept))
    pairs = [np.empty((0, 2), numbers.dtype)]
    for distance in range(1, min(WINDOW + 1, len(kept))):
        left, right = kept[:-distance], kept[distance:]
        pairs.append(np.stack([left, right], axis=1)[sight[:-distance] >= distance])
        pairs.append(np.stack([right, left], axis=1)[sight[distance:] >= distance])
    return np.concatenate(pairs)


def with_negatives(context: Array, counts: Array, generator: np.random.Generator) -> Array:
    """(N,) → (N, 1 + NEGATIVES): each neighbour, then words drawn by their `counts` (V,) to the power of 3/4."""
    weights = counts.astype(np.float64) ** 0.75
    upper = weights.cumsum() / weights.sum()
    drawn = np.searchsorted(upper[:-1], generator.random((len(context), NEGATIVES)), side="right")
    return np.concatenate([context[:, None], drawn.astype(context.dtype)], axis=1)


def vectors_of(parameters: Mapping[str, Array]) -> Array:
    """(V, D): both vectors of a word added. With their sum, words are near that share neighbours, or are neighbours."""
    vectors: Array = parameters["center.weight"] + parameters["context.weight"]
    return vectors


def nearest(vectors: Array, number: int, count: int) -> list[tuple[int, float]]:
    """The words whose vectors point most nearly the same way, with the cosines of the angles; not the word itself."""
    lengths = np.linalg.norm(vectors, axis=1)
    cosines = vectors @ vectors[number] / np.maximum(lengths * lengths[number], np.finfo(vectors.dtype).tiny)
    order = np.argsort(-cosines, kind="stable")
    return [(int(other), float(cosines[other])) for other in order[order != number][:count]]
