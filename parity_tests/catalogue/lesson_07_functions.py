"""Lesson 7: activations and losses as layers."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.networks import network


def every_activation(nn: Any, *, dim: int, flatten: tuple[int, int], defaults: bool) -> Any:
    """All activations side by side, with options of their own or with their defaults: one output of each."""
    given: dict[str, dict[str, Any]] = {
        "ReLU": {}, "LeakyReLU": {"negative_slope": 0.2}, "ELU": {"alpha": 0.5}, "Sigmoid": {}, "Tanh": {}, "SiLU": {},
        "Softplus": {"beta": 3.0, "threshold": 4.0}, "GELU": {"approximate": "tanh"}, "Identity": {},
    }  # fmt: skip
    made = [getattr(nn, name)(**({} if defaults else options)) for name, options in given.items()]
    made += [nn.Softmax(dim), nn.LogSoftmax(dim=dim), nn.Flatten() if defaults else nn.Flatten(*flatten)]
    return side_by_side(nn, made, lambda layers, x: [layer(x) for layer in layers])


def every_loss(nn: Any, *, reduction: str, ignore_index: int) -> Any:
    """All losses side by side, each with the inputs that suit it: one output of each."""
    options = {"reduction": reduction}
    made = [
        nn.MSELoss(**options),
        nn.L1Loss(**options),
        nn.HuberLoss(delta=0.7, **options),
        nn.BCEWithLogitsLoss(**options),
        nn.BCELoss(**options),
        nn.KLDivLoss(reduction="sum" if reduction == "mean" else reduction),  # PyTorch warns of that mean
        nn.KLDivLoss(log_target=True, reduction="sum"),
        nn.CrossEntropyLoss(**options),
        nn.NLLLoss(ignore_index=ignore_index, **options),
        nn.CrossEntropyLoss(ignore_index=ignore_index, label_smoothing=0.2, **options),
        nn.MultiMarginLoss(margin=2.0, p=2, **options),
    ]

    def losses(layers: Any, scores: Any, other: Any, shares: Any, certain: Any, labels: Any) -> list[Any]:
        pairs = [(scores, other)] * 3 + [(scores, shares), (shares, shares * 0.5), (scores, certain), (scores, shares)]
        pairs += [(scores, certain)] + [(scores, labels)] * 3
        return [layer(*pair) for layer, pair in zip(layers, pairs, strict=True)]

    return side_by_side(nn, made, losses)


def side_by_side(nn: Any, layers: list[Any], call: Callable[..., list[Any]]) -> Any:
    """A module with these layers; `call(layers, *inputs)` gives its outputs."""

    class Every(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList(layers)

        def forward(self, *inputs: Any) -> Any:
            return tuple(call(self.layers, *inputs))

    return Every()


@cases("smooth")
def activation_inputs(draw: Draw) -> Case:
    shape = (draw.size(1, 4), draw.size(1, 4), draw.size(1, 4))
    options = {"dim": draw.integer(-3, 2), "flatten": draw.choice(((0, 1), (1, 2), (0, -1), (1, 1)))}
    return Case((draw.floats(shape),), {**options, "defaults": draw.boolean(), "training": draw.boolean()})


@cases("smooth")
def loss_inputs(draw: Draw) -> Case:
    shape = rows, classes = draw.size(1, 5), draw.size(1, 5)
    scores, other, shares = draw.floats(shape), draw.floats(shape), draw.uniform(shape, 0.01, 0.98)
    labels = draw.integers((rows,), 0, classes)
    options = {"reduction": draw.choice(("mean", "sum", "none")), "ignore_index": draw.choice((0, -100))}
    return Case((scores, other, shares, draw.simplex(shape, 1), labels), options)


SCORES = tuple(np.full((2, 3), 1 / 3) for _ in range(4))

ROWS = (
    Entry(
        "nn.activations",
        lesson=7,
        title="Activations as layers",
        share=0.5,
        inputs=activation_inputs,
        adapter=network(every_activation),
        refusals=(
            Refusal(
                "flattened from an axis too far",
                Case((zeros((2, 3)),), {"dim": 0, "flatten": (2, -1), "defaults": False}),
                says=("start_dim 2", "(2, 3)"),
            ),
            Refusal(
                "flattened backwards",
                Case((zeros((2, 3)),), {"dim": 0, "flatten": (1, 0), "defaults": False}),
                says=("start_dim 1", "end_dim 0"),
            ),
            Refusal(
                "an axis too far",
                Case((zeros((2, 3)),), {"dim": 2, "flatten": (0, 1), "defaults": False}),
                says=("dim", "(2, 3)"),
            ),
        ),
        mistakes=(
            Mistake(
                "negative_slope is forgotten", replace="apply_leaky_relu(x, **self.options)", by="apply_leaky_relu(x)"
            ),
            Mistake("alpha is forgotten", replace="apply_elu(x, **self.options)", by="apply_elu(x)"),
            Mistake(
                "beta and threshold are forgotten", replace="apply_softplus(x, **self.options)", by="apply_softplus(x)"
            ),
            Mistake("approximate is forgotten", replace="apply_gelu(x, **self.options)", by="apply_gelu(x)"),
            Mistake(
                "softmax over the last axis, always",
                replace="apply_softmax(x, **self.options)",
                by="apply_softmax(x, dim=-1)",
            ),
            Mistake("log_softmax without the logarithm", replace="apply_log_softmax(x,", by="apply_softmax(x,"),
            Mistake("SiLU is a sigmoid", replace="return apply_silu(x)", by="return apply_sigmoid(x)"),
            Mistake("tanh is a sigmoid", replace="return apply_tanh(x)", by="return apply_sigmoid(x)"),
            Mistake(
                "flattens from the first axis, always",
                replace="(*shape[:first], math.prod(shape[first : last + 1])",
                by="(math.prod(shape[: last + 1])",
            ),
            Mistake(
                "end_dim is not included",
                replace="math.prod(shape[first : last + 1]), *shape[last + 1 :]",
                by="math.prod(shape[first:last]), *shape[last:]",
            ),
            Mistake("the axes are not checked", replace="not 0 <= first <= last < rank", by="False"),
        ),
    ),
    Entry(
        "nn.losses",
        lesson=7,
        title="Losses as layers",
        share=0.5,
        inputs=loss_inputs,
        adapter=network(every_loss, inputs=("scores", "other", "shares", "certain", "labels")),
        refusals=(
            Refusal(
                "indices for another number of rows",
                Case((*SCORES, np.zeros(3, int)), {"reduction": "mean", "ignore_index": 0}),
                says=("target", "(3,)", "(2, 3)"),
            ),
            Refusal(
                "an unknown reduction",
                Case((*SCORES, np.zeros(2, int)), {"reduction": "max", "ignore_index": 0}),
                says=("reduction", "mean", "max"),
            ),
        ),
        mistakes=(
            Mistake(
                "MSE: the reduction is forgotten",
                replace="apply_mse_loss(input, target, **self.options)",
                by="apply_mse_loss(input, target)",
            ),
            Mistake("L1: the squares", replace="apply_l1_loss(input", by="apply_mse_loss(input"),
            Mistake(
                "Huber: delta is forgotten",
                replace="(reduction=reduction, delta=delta)",
                by="(reduction=reduction, delta=1.0)",
            ),
            Mistake(
                "KL: log_target is forgotten",
                replace="reduction=reduction, log_target=log_target",
                by="reduction=reduction",
            ),
            Mistake(
                "KL: the arguments are swapped", replace="apply_kl_div(input, target,", by="apply_kl_div(target, input,"
            ),
            Mistake(
                "cross-entropy of probabilities",
                replace="apply_cross_entropy(input,",
                by="apply_cross_entropy(input.exp(),",
            ),
            Mistake(
                "cross-entropy: no label smoothing",
                replace="label_smoothing=label_smoothing)",
                by="label_smoothing=0.0)",
            ),
            Mistake(
                "NLL: ignore_index is forgotten",
                replace="super().__init__(weight, ignore_index=ignore_index, reduction=reduction)",
                by="super().__init__(weight, reduction=reduction)",
            ),
            Mistake(
                "BCE of logits without the sigmoid",
                replace="return apply_binary_cross_entropy_with_logits(input, target, self.weight, self.pos_weight,",
                by="return apply_mse_loss(input, target,",
            ),
            Mistake("margin: p is forgotten", replace="p=p, margin=margin", by="margin=margin"),
        ),
    ),
)
