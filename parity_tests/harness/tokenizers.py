"""The adapter for tokenizers: trained on a text, they are judged by their tokens and by what they make of texts.

A case has options only: `corpus` to train on, `text` to encode, `numbers` to decode, and what else `train` takes. What
comes out are arrays of whole numbers. A text that is refused (an unknown character) gives the single number -1, so that
both sides have to refuse the same texts.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch

from . import workplace
from .adapter import Adapter


def tokenizer(class_name: str) -> Adapter:
    """An adapter for the tokenizer of that name."""

    def candidate(module: ModuleType) -> Any:
        made = getattr(module, class_name)

        def forward(**options: Any) -> tuple[Any, ...]:
            return _results(made, _through_a_file, **options)

        return SimpleNamespace(__name__=module.__name__, forward=forward)

    def reference(module: ModuleType) -> Any:
        made = getattr(module, class_name)

        def forward(**options: Any) -> tuple[Any, ...]:
            return tuple(torch.from_numpy(array) for array in _results(made, lambda trained: trained, **options))

        return SimpleNamespace(__name__=module.__name__, forward=forward)

    return Adapter(candidate, reference, any_layout=False)


def _results(
    made: Any, reloaded: Callable[[Any], Any], *, corpus: str, text: str, numbers: tuple[int, ...], **options: Any
) -> tuple[Any, ...]:
    """The tokens, and then: the text encoded without and with special tokens, again by `reloaded`, numbers decoded."""
    trained = made.train(corpus, **options)
    tokens = [token if isinstance(token, bytes) else token.encode() for token in trained.tokens]
    again = reloaded(trained)
    found = [
        _array([len(token) for token in tokens]),
        _array(b"".join(tokens)),
        _encoded(trained, text, special=False),
        _encoded(trained, text, special=True),
        _encoded(again, text, special=True),
    ]
    if tokens:
        found.append(_array(again.decode([number % len(tokens) for number in numbers]).encode()))
    return tuple(found)


def _encoded(trained: Any, text: str, *, special: bool) -> Any:
    try:
        return _array(trained.encode(text, special=special))
    except ValueError:
        return _array([-1])


def _through_a_file(trained: Any) -> Any:
    """The tokenizer after it has been saved and loaded."""
    with workplace.folder() as folder:
        file = folder / "tokenizer.json"
        trained.save(file)
        return type(trained).load(file)


def _array(numbers: list[int] | bytes) -> Any:
    return np.array(list(numbers), np.int64)
