"""Lesson 18: how a token is chosen from its scores. Inputs are such that rounding cannot change the choice."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases


def scores(draw: Draw, *, rank: int | None = None) -> Any:
    """Logits of different tokens, none so close to another that a rounding could make them equal."""
    shape = draw.shape(max_rank=2) if rank is None else tuple(draw.size(1, 3) for _ in range(rank))
    tokens = draw.size(1, 7)
    order = np.argsort(draw.uniform((*shape, tokens), 0, 1), axis=-1)
    return ((order - draw.integer(0, tokens)) * draw.choice((0.25, 1.0, 3.0))).astype(draw.dtype)


@cases("smooth")
def some_scores(draw: Draw) -> Case:
    return Case((scores(draw),))


@cases("smooth")
def temperatures(draw: Draw) -> Case:
    return Case((scores(draw),), {"temperature": draw.choice((0.1, 0.5, 1.0, 2.0))})


@cases("smooth")
def best_k(draw: Draw) -> Case:
    logits = scores(draw)
    if draw.boolean():
        logits = np.round(logits / 2)  # ties
    return Case((logits,), {"k": draw.integer(1, 9)})


def shares(logits: Any) -> Any:
    e = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


@cases("smooth")
def nuclei(draw: Draw) -> Case:
    """One row of different logits, and a p in the middle between two sums; or all of them, the last next to nothing."""
    logits = scores(draw, rank=0)
    if draw.choice((False, False, False, True)):
        return Case((np.where(logits == logits.max(), logits.max() + 40, logits).astype(draw.dtype),), {"p": 1.0})
    sums = np.concatenate([[0.0], np.cumsum(np.sort(shares(logits))[::-1])])
    place = draw.integer(0, len(logits) - 1)
    p = float((sums[place] + sums[place + 1]) / 2) if sums[place + 1] - sums[place] > 1e-3 else 1.0
    rows = draw.choice((None, 2))
    return Case((logits if rows is None else np.stack([logits] * rows),), {"p": p})


@cases("smooth")
def written(draw: Draw) -> Case:
    rows, tokens = draw.size(1, 3), draw.size(1, 6)
    logits = draw.uniform((rows, tokens), -3.0, 3.0)
    return Case(
        (logits, draw.integers((rows, draw.size(0, 8)), 0, tokens)), {"penalty": draw.choice((1.2, 2.0, 0.8, 1.0))}
    )


@cases("smooth")
def darts(draw: Draw) -> Case:
    """A dart for each row, in the middle of the share of some token."""
    logits = scores(draw)
    if draw.boolean() and logits.shape[-1] > 1:
        logits[..., draw.integer(0, logits.shape[-1] - 2)] = -np.inf  # a token that is out
    probability = shares(logits)
    chosen = np.argmax(probability * draw.uniform(logits.shape, 0.5, 1).astype(np.float64), axis=-1, keepdims=True)
    wide = np.take_along_axis(probability, chosen, -1)
    middle = np.take_along_axis(np.cumsum(probability, -1), chosen, -1) - wide / 2
    return Case((logits, middle[..., 0].astype(draw.dtype)))


def tokens_and_text(batch: int, vocabulary: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        logits = generator.standard_normal((batch, vocabulary), dtype=np.float32)
        return Case((logits, generator.integers(0, vocabulary, (batch, 64))), {"penalty": 1.2})

    return build


def some_logits(batch: int, vocabulary: int, **options: Any) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case((generator.standard_normal((batch, vocabulary), dtype=np.float32),), options)


X = zeros((2, 3))
WHOLE = Refusal("whole numbers", Case((np.ones((2, 3), np.int64),)), says=("logits", "floating-point", "int64"))

ROWS = (
    Entry(
        "ops.sampling.greedy",
        lesson=18,
        title="Greedy decoding",
        inputs=some_scores,
        gradient=False,
        refusals=(WHOLE, Refusal("no tokens", Case((zeros((2, 0)),)), says=("logits", "(2, 0)"))),
        sizes={"small": some_logits(1, 65), "medium": some_logits(16, 5000), "large": some_logits(16, 50257)},
        mistakes=(
            Mistake("the lowest score", replace="logits.argmax", by="logits.argmin"),
            Mistake("over the batch", replace="logits.argmax(axis=-1, keepdims=True)[..., 0]", by="logits.argmax(axis=0) if logits.ndim == 2 else logits.argmax(axis=-1, keepdims=True)[..., 0]"),
            Mistake("the largest size, whatever its sign", replace="logits.argmax", by="abs(logits).argmax"),
            Mistake("one too far", replace="[..., 0]", by="[..., 0] + 1"),
        ),
    ),
    Entry(
        "ops.sampling.temperature",
        lesson=18,
        title="Temperature",
        inputs=temperatures,
        gradient=False,
        refusals=(
            Refusal("a temperature of 0", Case((X,), {"temperature": 0.0}), says=("temperature", "above 0", "greedy")),
            Refusal("a negative one", Case((X,), {"temperature": -1.0}), says=("temperature", "-1.0")),
        ),
        mistakes=(
            Mistake("multiplied", replace="return logits / temperature", by="return logits * temperature"),
            Mistake("ignored", replace="return logits / temperature", by="return logits * 1"),
            Mistake("the root of it", replace="return logits / temperature", by="return logits / temperature**0.5"),
        ),
    ),
    Entry(
        "ops.sampling.top_k",
        lesson=18,
        title="Top-k",
        inputs=best_k,
        gradient=False,
        refusals=(Refusal("no token stays", Case((X,), {"k": 0}), says=("k", "at least 1", "0")),),
        sizes={
            "small": some_logits(1, 65, k=10),
            "medium": some_logits(16, 5000, k=50),
            "large": some_logits(16, 50257, k=50),
        },
        mistakes=(
            Mistake("ignored", replace="logits >= smallest_kept", by="logits >= -math.inf"),
            Mistake("one too many", replace="tokens - min(k, tokens) ", by="max(tokens - min(k, tokens) - 1, 0) "),
            Mistake("one too few", replace="tokens - min(k, tokens) ", by="min(tokens - min(k, tokens) + 1, tokens - 1) "),
            Mistake("the k lowest", replace="logits >= smallest_kept", by="logits <= smallest_kept"),
            Mistake("ties with the k-th are out", replace="logits >= smallest_kept", by="(logits > smallest_kept) | (logits == logits.max(-1, keepdims=True))"),
            Mistake("what is out gets 0, which is a score", replace="-math.inf)", by="0)"),
        ),
    ),
    Entry(
        "ops.sampling.top_p",
        lesson=18,
        title="Top-p, the nucleus",
        inputs=nuclei,
        gradient=False,
        refusals=(
            Refusal("no probability", Case((X,), {"p": 0.0}), says=("p", "above 0", "0.0")),
            Refusal("more than all", Case((X,), {"p": 1.5}), says=("p", "1.5")),
        ),
        sizes={
            "small": some_logits(1, 65, p=0.9),
            "medium": some_logits(16, 1000, p=0.9),
            "large": some_logits(256, 1000, p=0.9),
        },
        mistakes=(
            Mistake("top-p ignored", replace="before < p", by="before < 2"),
            Mistake("the token that passes p is left out", replace="ordered.cumsum(axis=-1) - ordered", by="ordered.cumsum(axis=-1)"),
            Mistake("a token too many", replace="ordered.cumsum(axis=-1) - ordered", by="ordered.cumsum(axis=-1) - 2 * ordered"),
            Mistake("not sorted", replace="(-probabilities).argsort(axis=-1, kind=\"stable\")", by="(0 * probabilities).argsort(axis=-1, kind=\"stable\")"),
            Mistake("the least probable first", replace="(-probabilities).argsort", by="probabilities.argsort"),
            Mistake("put back in the wrong places", replace="np.put_along_axis(kept, order,", by="np.put_along_axis(kept, order.argsort(-1),"),
            Mistake("sums of scores, not of probabilities", replace="probabilities, _ = softmax.forward(logits, dim=-1)", by="probabilities = logits / abs(logits).sum(-1, keepdims=True)"),
            Mistake("every token that has at least p", replace="before < p", by="ordered >= p"),
            Mistake("with p = 1 a token is out whose probability rounds away", replace="if p == 1:", by="if p > 1:"),
        ),
    ),
    Entry(
        "ops.sampling.repetition_penalty",
        lesson=18,
        title="Repetition penalty",
        inputs=written,
        gradient=False,
        refusals=(
            Refusal("a penalty of 0", Case((X, np.zeros((2, 1), np.int64)), {"penalty": 0.0}), says=("penalty", "0.0")),
            Refusal("another batch", Case((X, np.zeros((3, 1), np.int64)), {"penalty": 2.0}), says=("(2, 3)", "(3, 1)")),
            Refusal("a token outside", Case((X, np.full((2, 1), 3)), {"penalty": 2.0}), says=("tokens", "0 to 2", "3")),
        ),
        sizes={"small": tokens_and_text(1, 65), "medium": tokens_and_text(16, 5000), "large": tokens_and_text(16, 50257)},
        mistakes=(
            Mistake("negative scores are divided too", replace="np.where(scores < 0, scores * penalty, scores / penalty)", by="scores / penalty"),
            Mistake("every token is punished", replace="    return y\n", by="    return np.where(logits < 0, logits * penalty, logits / penalty)\n"),
            Mistake("a token is punished as often as it occurs", replace="    np.put_along_axis(y, tokens, np.where(scores < 0, scores * penalty, scores / penalty), axis=1)\n",
                    by="    for row, seen in enumerate(tokens):\n        for token in seen:\n            y[row, token] *= penalty if y[row, token] < 0 else 1 / penalty\n"),
            Mistake("what repeats is rewarded", replace="scores < 0, scores * penalty, scores / penalty", by="scores > 0, scores * penalty, scores / penalty"),
            Mistake("subtracted", replace="np.where(scores < 0, scores * penalty, scores / penalty)", by="scores - penalty"),
            Mistake("the last token only", replace="np.put_along_axis(y, tokens, np.where(scores < 0, scores * penalty, scores / penalty), axis=1)",
                    by="np.put_along_axis(y, tokens[:, -1:], np.where(scores < 0, scores * penalty, scores / penalty)[:, -1:], axis=1)"),
            Mistake("ignored", replace="np.where(scores < 0, scores * penalty, scores / penalty)", by="scores"),
        ),
    ),
    Entry(
        "ops.sampling.categorical",
        lesson=18,
        title="A draw from scores",
        inputs=darts,
        gradient=False,
        refusals=(
            Refusal("a dart is missing", Case((X, zeros(3))), says=("uniform", "(2, 3)", "(3,)")),
            Refusal("a dart beside the line", Case((X, np.array([0.5, 1.0]))), says=("uniform", "0 to 1", "1.0")),
        ),
        mistakes=(
            Mistake("the random number is ignored: greedy", replace="    return missed.sum(axis=-1, keepdims=True)[..., 0]\n", by="    return probabilities.argmax(-1, keepdims=True)[..., 0]\n"),
            Mistake("one too early", replace="missed.sum(axis=-1, keepdims=True)[..., 0]", by="missed.sum(axis=-1, keepdims=True)[..., 0] - 1"),
            Mistake("counted from the other end", replace="cumulative <= uniform[..., None]", by="cumulative <= (1 - uniform[..., None])"),
            Mistake("no softmax", replace="probabilities, _ = softmax.forward(logits, dim=-1)", by="probabilities = abs(logits)"),
            Mistake("not cumulative", replace="probabilities.cumsum(axis=-1)", by="probabilities"),
            Mistake("all tokens equally likely", replace="probabilities, _ = softmax.forward(logits, dim=-1)", by="probabilities, _ = softmax.forward(0 * logits, dim=-1)"),
        ),
    ),
)  # fmt: skip
