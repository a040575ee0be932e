"""Lesson 15: words as vectors, from the words beside them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..corpus import SHAKESPEARE, corpus
from ..data.dataset import Array
from ..scores import Score
from ..tasks import Task
from ..words import NEGATIVES, most_frequent, nearest, neighbours, split, vectors_of, with_negatives
from .recipe import Recipe, State

WORDS, WIDTH = 2000, 64
PASSES = 5  # over the text: in each, pairs and negatives are drawn anew
STRETCH, HELD_OUT = 200, 10  # words of a stretch, of which every tenth is held out
TESTED = 5000  # pairs
SHOWN = ("king", "father", "night", "blood", "love", "string", "module", "integer", "exception")  # of either text


def start(generator: np.random.Generator, words: int = WORDS, width: int = WIDTH) -> dict[str, Array]:
    """Centres from U(-1/2D, 1/2D), contexts 0, as in the program of the paper."""
    centers = generator.uniform(-0.5 / width, 0.5 / width, (words, width))
    return {"center.weight": centers, "context.weight": np.zeros((words, width))}


def real(seed: int, dtype: npt.DTypeLike) -> Task:
    """Pairs of words near each other, with the words of noise that each is to be told from."""
    text, source = corpus()
    text_words = split(text)
    words = most_frequent(text_words, WORDS)
    number = {word: i for i, word in enumerate(words)}
    numbers = np.array([number[word] for word in text_words if word in number], np.int32)
    held_out = np.arange(len(numbers)) // STRETCH % HELD_OUT == HELD_OUT - 1
    counts = np.bincount(numbers[~held_out], minlength=WORDS)
    generator = np.random.default_rng([seed, 3])
    train = np.concatenate([neighbours(numbers[~held_out], generator) for _ in range(PASSES)])
    test = generator.permutation(neighbours(numbers[held_out], generator))[:TESTED]
    targets, test_targets = (with_negatives(pairs[:, 1], counts, generator) for pairs in (train, test))
    return Task(train[:, 0], targets, test[:, 0], test_targets, source=source, tested_on="held-out", words=words)


def made_up(examples: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> Task:
    """Pairs of thirty words, each of which occurs many times."""
    inputs = generator.integers(0, 30, examples, np.int32)
    targets = generator.integers(0, 30, (examples, 1 + NEGATIVES), np.int32)
    return Task(inputs, targets, inputs, targets, source="made up")


def negative_sampling(scores: Array, targets: Array) -> float:
    """scores: (N, V), targets: (N, 1 + K) → the loss. Raises ValueError where there is not a row for each."""
    if len(scores) != len(targets):
        raise ValueError(f"predict must give scores for each target {targets.shape}; got {scores.shape}")
    asked = np.take_along_axis(scores, targets, axis=1).astype(np.float64)
    return float(np.mean(np.logaddexp(0, -asked[:, 0]) + np.logaddexp(0, asked[:, 1:]).sum(axis=1)))


def frequency_only(task: Task) -> float:
    """The loss of scores that say how frequent a word is and nothing of what it stands beside."""
    there, noise = (np.bincount(part.reshape(-1), minlength=WORDS) + 1 for part in np.split(task.targets, [1], axis=1))
    scores = np.log(there / noise)
    return negative_sampling(np.broadcast_to(scores, (len(task.test_targets), WORDS)), task.test_targets)


def report(task: Task, state: State, predict: Callable[[Array], Array]) -> str:
    """What was gained over mere frequencies, and who is near whom."""
    vectors = vectors_of(state)
    lines = [f"by the frequencies of the words alone: loss {frequency_only(task):.4f}; nearest by their vectors:"]
    for word in [word for word in SHOWN if word in task.words]:
        near = nearest(vectors, task.words.index(word), 6)
        lines.append(f"  {word:<10}{', '.join(task.words[other] for other, _ in near)}")
    return "\n".join(lines)


WORD2VEC = Recipe(
    "word2vec",
    "words by their neighbours",
    data=SHAKESPEARE,
    network=f"2 tables of {WORDS:,} words with {WIDTH} numbers each",
    goal=2.65,
    epochs=1,
    batch_size=1024,
    learning_rate=0.05,
    start=start,
    real=real,
    made_up=made_up,
    score=Score("loss", negative_sampling, higher_is_better=False),
    report=report,
)
