"""Lesson 17: the feed-forward part of a Transformer."""

from typing import Any

from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.networks import network
from .lesson_17_encoder import DENSE


def feed_forward_parts(nn: Any, *, dim: int, hidden: int | None, activation: str, bias: bool) -> Any:
    """Both kinds side by side."""

    class Both(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.plain = nn.FeedForward(dim, hidden, activation, bias)
            self.gated = nn.SwiGLU(dim, hidden)

        def forward(self, x: Any) -> Any:
            return self.plain(x), self.gated(x)

    return Both()


@cases("smooth")
def feed_forward_inputs(draw: Draw) -> Case:
    dim, hidden, bias = draw.size(1, 4), draw.choice((None, 1, 3)), draw.integer(0, 3) > 0
    wide, gated = hidden or 4 * dim, hidden or 8 * dim // 3
    plain = [draw.uniform(shape, -1, 1) for shape in ((wide, dim), (wide,), (dim, wide), (dim,))]
    plain = [None if value.ndim == 1 and not bias else value for value in plain]
    gates = [draw.uniform(shape, -1, 1) for shape in ((gated, dim), (dim, gated), (gated, dim))]
    options = {"dim": dim, "hidden": hidden, "activation": draw.choice(("gelu", "relu")), "bias": bias}
    return Case((draw.floats((*draw.shape(max_rank=2), dim)), *plain, *gates), options)


ROWS = (
    Entry(
        "nn.feed_forward",
        lesson=17,
        title="Feed-forward parts: GELU, SwiGLU",
        share=0.5,
        inputs=feed_forward_inputs,
        refusals=(
            Refusal(
                "an unknown activation",
                Case((zeros((2, 3)), *(None,) * 7), {"dim": 3, "hidden": 2, "activation": "gulu", "bias": False}),
                says=("activation", "gulu", "gelu"),
            ),
        ),
        mistakes=(
            Mistake("no activation", replace="self.linear2(self.activation(self.linear1(x)))", by="self.linear2(self.linear1(x))"),
            Mistake("a residual, which belongs to the block", replace="y: Tensor = self.linear2(", by="y: Tensor = x + self.linear2("),
            Mistake("always GELU", replace="return ACTIVATIONS[name]", by='return ACTIVATIONS["gelu"]'),
            Mistake("the gate on the wrong side", replace="apply_silu(self.w1(x)) * self.w3(x)", by="self.w1(x) * apply_silu(self.w3(x))"),
            Mistake("no gate", replace="apply_silu(self.w1(x)) * self.w3(x)", by="apply_silu(self.w1(x))"),
            Mistake("GELU for SiLU: GEGLU", replace="apply_silu(self.w1(x))", by="apply_gelu(self.w1(x))"),
            Mistake("the gate is linear", replace="apply_silu(self.w1(x))", by="self.w1(x)"),
        ),
        adapter=network(
            feed_forward_parts,
            state=(*(f"plain.{name}" for name in DENSE), *(f"gated.w{i}.weight" for i in (1, 2, 3))),
        ),
    ),
)  # fmt: skip
