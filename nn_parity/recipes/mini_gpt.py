"""The recipe of the mini GPT: the setting that nanoGPT recommends for a CPU, with twice its learning rate."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..corpus import CHARACTERS, SHAKESPEARE, corpus, decode, encode
from ..data.dataset import Array
from ..scores import Score
from ..tasks import Task
from .recipe import Recipe, State

LAYERS, HEADS, WIDTH, CONTEXT = 4, 4, 128, 64
HELD_OUT = 0.1  # of the text, at its end
WARM_UP, LOWEST = 0.05, 0.1  # shares of the steps and of the learning rate
SAMPLE = 300  # characters


def shapes(layers: int = LAYERS, width: int = WIDTH) -> dict[str, tuple[int, ...]]:
    """The parameters by GPT-2's names."""
    c = width
    found: dict[str, tuple[int, ...]] = {"wte.weight": (len(CHARACTERS), c), "wpe.weight": (CONTEXT, c)}
    block = {
        "ln_1.weight": (c,), "ln_1.bias": (c,),
        "attn.c_attn.weight": (c, 3 * c), "attn.c_attn.bias": (3 * c,),
        "attn.c_proj.weight": (c, c), "attn.c_proj.bias": (c,),
        "ln_2.weight": (c,), "ln_2.bias": (c,),
        "mlp.c_fc.weight": (c, 4 * c), "mlp.c_fc.bias": (4 * c,),
        "mlp.c_proj.weight": (4 * c, c), "mlp.c_proj.bias": (c,),
    }  # fmt: skip
    for layer in range(layers):
        found |= {f"h.{layer}.{name}": shape for name, shape in block.items()}
    return found | {"ln_f.weight": (c,), "ln_f.bias": (c,)}


def start(generator: np.random.Generator, layers: int = LAYERS, width: int = WIDTH) -> dict[str, Array]:
    """Weights N(0, 0.02), smaller where they add to the residual; norms 1, biases 0. Source: GPT-2."""
    found: dict[str, Array] = {}
    for name, shape in shapes(layers, width).items():
        if len(shape) > 1:
            std = 0.02 / math.sqrt(2 * layers) if "c_proj" in name else 0.02
            found[name] = generator.standard_normal(shape) * std
        else:
            found[name] = np.ones(shape) if name.endswith("weight") else np.zeros(shape)
    return found


def real(seed: int, dtype: npt.DTypeLike) -> Task:
    """Every stretch of 64 characters to learn from; the end of the text, cut into such stretches, to be tested on."""
    text, source = corpus()
    tokens = encode(text)
    split = int(len(tokens) * (1 - HELD_OUT))
    windows = np.lib.stride_tricks.sliding_window_view(tokens[:split], CONTEXT + 1)
    test = np.lib.stride_tricks.sliding_window_view(tokens[split:], CONTEXT + 1)[::CONTEXT].copy()
    return Task(windows[:, :-1], windows[:, 1:], test[:, :-1], test[:, 1:], source)


def made_up(examples: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> Task:
    """Random characters."""
    tokens = generator.integers(0, len(CHARACTERS), (examples, CONTEXT + 1))
    return Task(tokens[:, :-1], tokens[:, 1:], tokens[:, :-1], tokens[:, 1:], source="made up")


def warm_up_and_cosine(done: float) -> float:
    """Up along a straight line, then down to a tenth along half a cosine."""
    if done < WARM_UP:
        return max(done / WARM_UP, 0.01)
    return LOWEST + (1 - LOWEST) * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP))) / 2


def cross_entropy(logits: Array, targets: Array) -> float:
    """The mean of -log probability of the right character. Raises ValueError where there is not a row for each."""
    if logits.shape[:-1] != targets.shape:
        raise ValueError(f"predict must give scores for each target {targets.shape}; got {logits.shape}")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    right = np.take_along_axis(shifted, targets[..., None], axis=-1)[..., 0]
    return float(np.mean(np.log(np.exp(shifted).sum(axis=-1)) - right, dtype=np.float64))


def report(task: Task, state: State, predict: Callable[[Array], Array]) -> str:
    """The perplexity, and a text that the model has written."""
    perplexity = math.exp(cross_entropy(predict(task.test_inputs), task.test_targets))
    tokens, generator = [0], np.random.default_rng(0)
    for _ in range(SAMPLE):
        logits = predict(np.array([tokens[-CONTEXT:]]))[0, -1].astype(np.float64)
        shares = np.exp(logits - logits.max())
        tokens.append(int(generator.choice(len(shares), p=shares / shares.sum())))
    return f"perplexity {perplexity:.2f} on held-out text; it writes:\n{decode(tokens)}"


MINI_GPT = Recipe(
    "mini_gpt",
    "a GPT writes like Shakespeare",
    data=SHAKESPEARE,
    network=f"GPT-2 with {LAYERS} blocks, {HEADS} heads, {WIDTH} channels, {CONTEXT} characters",
    goal=1.9,
    epochs=1,
    learning_rate=2e-3,
    start=start,
    real=real,
    made_up=made_up,
    batch_size=12,
    limit=2000,
    settings={"heads": HEADS, "betas": (0.9, 0.99), "weight_decay": 0.1, "max_norm": 1.0},
    schedule=warm_up_and_cosine,
    score=Score("loss", cross_entropy, higher_is_better=False),
    report=report,
)
