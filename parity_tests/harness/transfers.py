"""What the scripts of transfer learning share: a network with a body and a head, steps of it, and how it is shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from .inputs import Draw
from .trainings import Side

HEAD = "1.1"
SOME = tuple(np.ones(shape) for shape in ((5, 2), (5, 1), (3, 2), (2, 3), (1, 2)))  # as `arrays` draws them


def network(side: Side, first: Any, second: Any, head: Any, *, bias: bool = True) -> Any:
    """x: (N, I) → body (linear, norm, tanh, linear, norm, dropout) → head (dropout, linear), with the weights given."""
    linear, norm = side.load("nn.linear").Linear, side.load("nn.batch_norm").BatchNorm1d
    tanh, dropout = side.load("nn.activations").Tanh, side.load("nn.dropout").Dropout
    body = side.in_a_row(
        linear(first.shape[1], len(first), bias=False),
        norm(len(first)),
        tanh(),
        linear(second.shape[1], len(second), bias=False),
        norm(len(second)),
        dropout(0.5, generator=3),
    )
    model = side.in_a_row(body, side.in_a_row(dropout(0.5, generator=4), linear(head.shape[1], len(head), bias=bias)))
    state = {**model.state_dict(), "0.0.weight": first, "0.3.weight": second, f"{HEAD}.weight": head}
    if bias:
        state[f"{HEAD}.bias"] = head[:, 0]
    model.load_state_dict(state)
    return model


def step(side: Side, model: Any, optimizer: Any, x: Any, y: Any) -> Any:
    """Gradients become zeros instead of None: whoever is left with one is moved by momentum and weight decay."""
    optimizer.zero_grad(set_to_none=False)
    loss = side.load("nn.losses").MSELoss()(model(side.tensor(x)), side.tensor(y))
    loss.backward()
    optimizer.step()
    return loss


def modes(model: Any) -> list[bool]:
    """Who is in training mode: the parts, and the layers in them."""
    return [module.training for part in model for module in (part, *part)]


def places(model: Any, names: Any) -> list[int]:
    """Names as numbers: their places among all names."""
    every = list(model.state_dict())
    return [every.index(name) for name in names]


def state_of(model: Any) -> list[Any]:
    """A copy of all parameters and buffers, in their order."""
    return [value.copy() if hasattr(value, "copy") else value.clone() for value in model.state_dict().values()]


def columns(y: Any, count: int) -> Any:
    """The first column of y, so many times."""
    return y[:, [0] * count]


def arrays(draw: Draw, *, outputs: int | None = None) -> tuple[Any, ...]:
    """A batch, targets, and the weights of a network; whoever normalizes needs three examples that differ."""
    inputs, width, features = draw.integer(1, 3), draw.integer(2, 4), draw.integer(1, 3)
    outputs = outputs or draw.integer(1, 2)
    shapes = ((5, inputs), (5, outputs), (width, inputs), (features, width), (outputs, features))
    return tuple(draw.uniform(shape, -1, 1) for shape in shapes)
