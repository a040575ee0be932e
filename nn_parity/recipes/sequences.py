"""Lesson 13: recurrent networks. A forecast, a reader and a writer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..data import load, load_text, series
from ..data.dataset import Array
from ..scores import Score, require_one_answer_each
from ..tasks import Task
from .recipe import Recipe

HIDDEN = 16  # of the forecast
COLUMNS, MEMORY, DIGITS = 8, 48, 10  # of the reader
WIDTH, UNITS, CHARACTERS, WINDOW = 64, 128, 65, 64  # of the writer
HELD_OUT = 0.1  # of the text


def recurrent(kind: str, inputs: int, hidden: int, generator: np.random.Generator) -> dict[str, Array]:
    """The parameters of one layer, "lstm" or "gru", named as by PyTorch, from U(-1/√hidden, 1/√hidden)."""
    rows = {"lstm": 4, "gru": 3}[kind] * hidden
    shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, inputs), "weight_hh": (rows, hidden)}
    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
    bound = hidden**-0.5
    return {f"{kind}.{name}_l0": generator.uniform(-bound, bound, shape) for name, shape in shapes.items()}


def output(hidden: int, outputs: int, generator: np.random.Generator) -> dict[str, Array]:
    """A linear layer, from U(-1/√hidden, 1/√hidden)."""
    bound = hidden**-0.5
    weight = generator.uniform(-bound, bound, (outputs, hidden))
    return {"output.weight": weight, "output.bias": generator.uniform(-bound, bound, outputs)}


# Sunspots


def _forecast(seed: int, dtype: npt.DTypeLike) -> Task:
    """Standardised by the training part."""
    data = load("sunspots", seed=seed)
    assert data.test is not None
    mean, deviation = data.train.inputs.mean(), data.train.inputs.std()

    def scaled(values: Array) -> Array:
        result: Array = ((values - mean) / deviation).astype(dtype)
        return result

    return Task(
        scaled(data.train.inputs),
        scaled(data.train.targets),
        scaled(data.test.inputs),
        scaled(data.test.targets),
        source=data.source,
        mean=np.array([mean]),
        deviation=np.array([deviation]),
    )


def _any_series(examples: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> Task:
    inputs = generator.standard_normal((examples, series.YEARS, 1)).astype(dtype)
    targets = generator.standard_normal((examples, 1)).astype(dtype)
    return Task(inputs, targets, inputs, targets, source="made up")


def root_mean_square(predicted: Array, targets: Array) -> float:
    """How far off a forecast is, in standard deviations of the series."""
    require_one_answer_each(predicted, targets)
    return float(np.sqrt(np.mean((predicted.astype(np.float64) - targets) ** 2)))


def naive_error(task: Task) -> float:
    """How far off it is to say that the next value will be the last one."""
    return root_mean_square(task.test_inputs[:, -1], task.test_targets)


# Digits, column by column


def columns_of(images: Array) -> Array:
    """(N, rows, columns) → (N, columns, rows): from the first column with ink on; blank ones follow after the last."""
    columns = images.swapaxes(1, 2)
    first = (columns != 0).any(axis=2).argmax(axis=1)  # (N,)
    place = first[:, None] + np.arange(columns.shape[1])
    widened = np.concatenate([columns, np.zeros_like(columns)], axis=1)
    return np.take_along_axis(widened, place[..., None], axis=1)


def _read(seed: int, dtype: npt.DTypeLike) -> Task:
    """Grey levels from 0 to 1, so that blank stays 0."""
    data = load("digits", seed=seed)
    assert data.test is not None
    train, test = (columns_of((part.inputs / 16).astype(dtype)) for part in (data.train, data.test))
    return Task(train, data.train.targets, test, data.test.targets, source=data.source)


def _any_columns(examples: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> Task:
    """Of all lengths from 1 to the longest, some with a blank column inside."""
    inputs = generator.standard_normal((examples, COLUMNS, COLUMNS)).astype(dtype)
    last = generator.integers(0, COLUMNS, (examples, 1))
    place = np.arange(COLUMNS)
    inputs[(place > last) | (place < last) & (generator.random((examples, COLUMNS)) < 0.1)] = 0
    targets = generator.integers(0, DIGITS, examples)
    return Task(inputs, targets, inputs, targets, source="made up")


# Shakespeare


def _characters(seed: int, dtype: npt.DTypeLike) -> Task:
    """Windows of the text, and the same moved on by one; the last tenth is held out."""
    text = load_text("tinyshakespeare")
    number = {character: place for place, character in enumerate(sorted(set(text.text)))}
    numbers = np.array([number[character] for character in text.text])
    cut = int(len(numbers) * (1 - HELD_OUT))

    def windows(part: Array, moved: int) -> Array:
        count = (len(part) - 1) // WINDOW
        return part[moved : moved + count * WINDOW].reshape(count, WINDOW)

    train, test = numbers[:cut], numbers[cut:]
    return Task(
        windows(train, 0),
        windows(train, 1),
        windows(test, 0),
        windows(test, 1),
        source=text.source,
        tested_on="held-out",
    )


def _any_text(examples: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> Task:
    text = generator.integers(0, CHARACTERS, (examples, 9))
    return Task(text[:, :-1], text[:, 1:], text[:, :-1], text[:, 1:], source="made up")


def nats(logits: Array, targets: Array) -> float:
    """The cross-entropy in nats a character. Raises ValueError for logits of other places."""
    if logits.shape[:-1] != targets.shape:
        raise ValueError(f"predict must give logits for each target; got {logits.shape} for {targets.shape}")
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    right = np.take_along_axis(shifted, targets[..., None], axis=-1)[..., 0]
    return float(np.mean(np.log(np.exp(shifted).sum(axis=-1)) - right))


def _start_of_writer(generator: np.random.Generator) -> dict[str, Array]:
    embedding = generator.standard_normal((CHARACTERS, WIDTH))
    layers = {**recurrent("lstm", WIDTH, UNITS, generator), **output(UNITS, CHARACTERS, generator)}
    return {"embedding.weight": embedding, **layers}


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "sunspots",
        "next year's sunspots",
        data="sunspots",
        network="LSTM 1-16, linear 16-1",
        goal=0.65,
        score=Score("error", root_mean_square, higher_is_better=False),
        epochs=60,
        batch_size=16,
        learning_rate=0.01,
        start=lambda generator: {**recurrent("lstm", 1, HIDDEN, generator), **output(HIDDEN, 1, generator)},
        settings={"hidden": HIDDEN},
        real=_forecast,
        made_up=_any_series,
        report=lambda task, state, predict: (
            f"naive forecast (as this year): error {naive_error(task):.4f}, "
            f"the network's {root_mean_square(predict(task.test_inputs), task.test_targets):.4f}"
        ),
    ),
    Recipe(
        "digit_reader",
        "digits, column by column",
        data="digits",
        network=f"GRU {COLUMNS}-{MEMORY}, linear {MEMORY}-{DIGITS}",
        goal=0.95,
        epochs=10,
        batch_size=64,
        learning_rate=0.02,
        start=lambda generator: {
            **recurrent("gru", COLUMNS, MEMORY, generator),
            **output(MEMORY, DIGITS, generator),
        },
        real=_read,
        made_up=_any_columns,
    ),
    Recipe(
        "char_rnn",
        "Shakespeare by the character",
        data="tinyshakespeare",
        network="embedding 65-64, LSTM 64-128, linear 128-65",
        goal=1.9,
        score=Score("nats", nats, higher_is_better=False),
        epochs=2,
        batch_size=32,
        learning_rate=0.005,
        start=_start_of_writer,
        real=_characters,
        made_up=_any_text,
    ),
)
