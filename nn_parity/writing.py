"""A text from a language model: one token after another, by the sampling ops of either side."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .data.dataset import Array


@dataclass(frozen=True)
class Choice:
    """How a token is chosen from its scores. temperature 0: always the best one."""

    temperature: float = 0.8
    top_k: int | None = None
    top_p: float | None = None
    repetition_penalty: float = 1.0


def write(model: Any, prompt: Array, choice: Choice, package: str, seed: int = 0) -> Iterator[int]:
    """The tokens that follow the prompt, without end. `package`: scratch or reference_torch, the side of the model."""
    tokens = [int(token) for token in prompt]
    pick = _picker(choice, package)
    generator = np.random.default_rng(seed)
    for logits in model.next_logits(tokens):
        token = pick(logits, tokens, generator.random())
        tokens.append(token)
        yield token


def _picker(choice: Choice, package: str) -> Callable[[Any, list[int], float], int]:
    """A function from scores, the tokens so far and a random number to the next token."""

    def op(name: str) -> Callable[..., Any]:
        forward: Callable[..., Any] = importlib.import_module(f"{package}.ops.sampling.{name}").forward
        return forward

    hand_over = _hand_over(package)

    def pick(logits: Any, tokens: list[int], uniform: float) -> int:
        scores = logits[None]  # (1, V)
        if choice.repetition_penalty != 1:
            seen = hand_over(np.array([tokens], np.int64))
            scores = op("repetition_penalty")(scores, seen, penalty=choice.repetition_penalty)
        if choice.temperature == 0:
            return int(op("greedy")(scores)[0])
        scores = op("temperature")(scores, temperature=choice.temperature)
        if choice.top_k is not None:
            scores = op("top_k")(scores, k=choice.top_k)
        if choice.top_p is not None:
            scores = op("top_p")(scores, p=choice.top_p)
        return int(op("categorical")(scores, hand_over(np.array([uniform], np.float32)))[0])

    return pick


def restore(package: str, parameters: Mapping[str, Array], settings: Mapping[str, Any]) -> Any:
    """The model of a mini GPT with these parameters."""
    hand_over = _hand_over(package)
    network = importlib.import_module(f"{package}.projects.mini_gpt").Network
    return network({name: hand_over(value) for name, value in parameters.items()}, **settings).model


def _hand_over(package: str) -> Callable[[Array], Any]:
    if package != "reference_torch":
        return lambda array: array
    from torch import from_numpy

    return from_numpy
