"""Lesson 15: words as vectors, learned from the words beside them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from nn_parity.recipes import word2vec

from ..harness.entry import Case, Entry, Mistake, Project, Refusal
from ..harness.inputs import Draw, cases


@cases("smooth", "extreme")
def skip_gram_inputs(draw: Draw) -> Case:
    """More places than words, so that words repeat, also within a pair."""
    words, width = draw.size(1, 5), draw.size(1, 4)
    pairs, count = draw.choice((1, 2, 6, 9, 0)), draw.choice((1, 2, 3, 0))
    numbers = [draw.integers(shape, 0, words) for shape in ((pairs,), (pairs,), (pairs, count))]
    tables = [draw.uniform((words, width), -2.0, 2.0) if draw.boolean() else draw.floats((words, width)) for _ in "uv"]
    return Case((*numbers, *tables), {"reduction": draw.choice(("mean", "sum", "none"))})


def some_pairs(pairs: int, count: int, words: int, width: int) -> Callable[[np.random.Generator], Case]:
    """Few words are frequent, most are rare, as in a text."""

    def build(generator: np.random.Generator) -> Case:
        numbers = [np.minimum(generator.zipf(1.3, shape), words) - 1 for shape in ((pairs,), (pairs,), (pairs, count))]
        tables = [generator.standard_normal((words, width), dtype=np.float32) for _ in "uv"]
        return Case((*numbers, *tables))

    return build


def pairs_of(**changes: np.ndarray) -> Case:
    """Two pairs with three negatives each, of five words."""
    arrays = {"center": np.array([0, 1]), "context": np.array([1, 2]), "negatives": np.array([[0, 3, 4], [1, 1, 2]])}
    return Case(tuple((arrays | {"center_weight": zeros((5, 4)), "context_weight": zeros((5, 4))} | changes).values()))


def few_words(generator: np.random.Generator) -> dict[str, Any]:
    """Thirty words, none of whose vectors is zero."""
    start = word2vec.start(generator, words=30, width=8)
    return {name: generator.uniform(-1, 1, table.shape) for name, table in start.items()}


PROJECT = Project(
    "projects.word2vec",
    lesson=15,
    title="Project: word2vec",
    slow=True,
    head="context.",
    small=few_words,
    mistakes=(
        Mistake("the gradients of all steps so far are added up", "        self.optimizer.zero_grad()\n", ""),
        Mistake("neighbour and noise change places", "target[:, 0], target[:, 1:]", "target[:, -1], target[:, :-1]"),
        Mistake("one word of noise", "target[:, 0], target[:, 1:]", "target[:, 0], target[:, 1:2]"),
        Mistake("the neighbour is the word itself", "target[:, 0], target[:, 1:]", "x, target[:, 1:]"),
        Mistake("the centres never learn", "noise, self.center.weight", "noise, self.center.weight.detach()"),
        Mistake("one vector a word", "self.center.weight, self.context.weight)", "self.center.weight, self.center.weight)"),
        Mistake("the learning rate of the recipe is not used", '["lr"] = learning_rate', '["lr"] = 0.01'),
        Mistake("the sum of squares forgets", "        self.optimizer.step()\n", "        self.optimizer = Adagrad(self.parameters(), lr=learning_rate)\n        self.optimizer.step()\n"),
        Mistake("only the signs of the gradients", "        self.optimizer.step()\n", "        for p in self.parameters():\n            p.data -= learning_rate * (p.grad.data > 0) - learning_rate * (p.grad.data < 0)\n"),
    ),
)  # fmt: skip

ROWS = (
    PROJECT,
    Entry(
        "ops.embedding.skip_gram_loss",
        lesson=15,
        title="Skip-gram loss, negative sampling",
        inputs=skip_gram_inputs,
        refusals=(
            Refusal("a word too many", pairs_of(context=np.array([1, 5])), says=("context", "0 to 4", "5")),
            Refusal("a negative word number", pairs_of(center=np.array([-1, 1])), says=("center", "0 to 4", "-1")),
            Refusal("a negative outside", pairs_of(negatives=np.full((2, 1), 7)), says=("negatives", "0 to 4", "7")),
            Refusal("negatives of another batch", pairs_of(negatives=zeros((3, 1), int)), says=("(N, K)", "(3, 1)")),
            Refusal("negatives without an axis of their own", pairs_of(negatives=zeros(2, int)), says=("(N, K)", "negatives (2,)")),
            Refusal("a neighbour too few", pairs_of(context=np.array([1])), says=("(N,)", "context (1,)")),
            Refusal("words that are no whole numbers", pairs_of(center=zeros(2)), says=("center", "whole", "float64")),
            Refusal("tables of different widths", pairs_of(context_weight=zeros((5, 3))), says=("(V, D)", "(5, 4)", "(5, 3)")),
            Refusal("tables of different dtypes", pairs_of(context_weight=zeros((5, 4), np.float32)), says=("dtype", "float32")),
            Refusal("no such reduction", Case(pairs_of().arrays, {"reduction": "max"}), says=("reduction", "max")),
        ),
        sizes={
            "small": some_pairs(64, 5, 500, 32),
            "medium": some_pairs(512, 5, 2000, 64),
            "large": some_pairs(4096, 10, 20000, 128),
        },
        mistakes=(
            Mistake("negatives attract, as neighbours do", replace="margin = -(v", by="margin = (v"),
            Mistake("the neighbour repels", replace="    margin[:, 0] *= -1\n", by="    margin[:, 0] *= 1\n"),
            Mistake("σ instead of its logarithm", replace="(np.maximum(-margin, 0) + np.log1p(np.exp(-np.abs(margin))))", by="(1 / (1 + np.exp(margin)))"),
            Mistake("log(1 + e⁻ᵐ) as it is written: overflows", replace="(np.maximum(-margin, 0) + np.log1p(np.exp(-np.abs(margin))))", by="np.log(1 + np.exp(-margin))"),
            Mistake("the mean over the negatives, not the sum", replace="np.abs(margin)))).sum(axis=1)", by="np.abs(margin)))).mean(axis=1)"),
            Mistake("the mean over the questions, not over the pairs", replace="reduce(losses, reduction, losses.size)", by="reduce(losses, reduction, margin.size)"),
            Mistake("one vector a word: the centre's serves as context", replace="embedding.forward(candidates, context_weight)", by="embedding.forward(candidates, center_weight)"),
            Mistake("context and centre change places", replace="np.concatenate([context[:, None], negatives], axis=1)", by="np.concatenate([center[:, None], negatives], axis=1)"),
            Mistake("the first negative only", replace="negatives], axis=1)", by="negatives[:, :1].repeat(negatives.shape[1], axis=1)], axis=1)"),
            Mistake("a negative that is the neighbour is left out", replace="    losses = (", by="    margin[:, 1:] += 99 * (negatives == context[:, None])\n    losses = ("),
            Mistake("σ(m) for σ(-m)", replace="np.exp(np.minimum(-margin, 0))", by="np.exp(np.minimum(margin, 0))"),
            Mistake("the gradient of the neighbour has the sign of the negatives'", replace="    dscore[:, 0] *= -1\n", by=""),
            Mistake("the negatives teach the centre nothing", replace="du = (dscore[:, None, :] @ v)[:, 0, :]", by="du = dscore[:, :1] * v[:, 0]"),
            Mistake("the negatives learn nothing", replace="dv = dscore[:, :, None] * u[:, None, :]", by="dv = dscore[:, :, None] * u[:, None, :]\n    dv[:, 1:] = 0"),
            Mistake("dv by v", replace="dscore[:, :, None] * u[:, None, :]", by="dscore[:, :, None] * v"),
            Mistake("the gradients of a repeated centre are assigned, not added", replace="    _, dcenter_weight = embedding.backward(du, of_center)\n", by="    dcenter_weight = np.zeros_like(of_center.weight)\n    dcenter_weight[of_center.input] = du\n"),
            Mistake("repeated neighbours and negatives are not added up by +=", replace="    _, dcontext_weight = embedding.backward(dv, of_context)\n", by="    dcontext_weight = np.zeros_like(of_context.weight)\n    dcontext_weight[of_context.input] += dv\n"),
            Mistake("the tables change places on the way back", replace="None, None, None, dcenter_weight, dcontext_weight", by="None, None, None, dcontext_weight, dcenter_weight"),
            Mistake("the 1/N of the mean is forgotten", replace="reduce_backward(dy, reduction, margin.shape[0])", by="reduce_backward(dy, \"sum\" if reduction == \"mean\" else reduction, 1)"),
        ),
    ),
)  # fmt: skip
