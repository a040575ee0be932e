"""Writes in place: what is written to, and what is differentiated afterwards, as in PyTorch."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from scratch import autograd
from scratch.autograd import Tensor
from scratch.ops.linear import linear

from .leaves import leaf, torch_leaf


def then(y: Any, function: Callable[[Any], Any]) -> tuple[Any, Any]:
    return y, function(y)


def itself(y: Any) -> tuple[Any, Any]:
    return y, y


WRITTEN = {
    "the result of exp": lambda x: itself(x.exp()),
    "the result of tanh": lambda x: itself(x.tanh()),
    "the result of sqrt": lambda x: itself(x.sqrt()),
    "the result of a product": lambda x: itself(x * x),
    "the result of a sum": lambda x: itself(x + x),
    "the result of a division by a number": lambda x: itself(x / 2),
    "the operand of exp": lambda x: then(x * 2, lambda y: y.exp()),
    "the operand of log": lambda x: then(x * 2, lambda y: y.log()),
    "the operand of a power": lambda x: then(x * 2, lambda y: y**3),
    "the operand of a sum": lambda x: then(x * 2, lambda y: y.sum()),
    "the operand of a variance": lambda x: then(x * 2, lambda y: y.var()),
    "the operand of amax": lambda x: then(x * 2, lambda y: y.amax()),
    "the operand of max(0)": lambda x: then(x * 2, lambda y: y.max(0).values),
    "the operand of clip": lambda x: then(x * 2, lambda y: y.clip(0.0, 3.0)),
    "a factor": lambda x: then(x * 2, lambda y: y * x),
    "a factor of a constant": lambda x: then(x * 2, lambda y: y * 3.0),
    "a term": lambda x: then(x * 2, lambda y: y + x),
    "a matrix": lambda x: then(x * 2, lambda y: y @ x),
    "what was reshaped, expanded and indexed": lambda x: then(x * 2, lambda y: (y[None] * 1.0).reshape(-1)[[0, 0]]),
    "the condition of where": lambda x: (lambda c: then(c, lambda _: c * x))((x > 1).to(x.dtype)),
    "a constant factor": lambda x: then((x * 2).detach(), lambda y: y * x),
    "a detached twin of a factor": lambda x: (lambda y: (y.detach(), y * y))(x * 2),
    "a clone of a factor": lambda x: (lambda y: (y.clone(), y * y))(x * 2),
}
WRITES = {"y *= 2": lambda y: y.__imul__(2), "y[0] = 5": lambda y: y.__setitem__(0, 5.0)}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
@pytest.mark.parametrize("scenario", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_write_to_what_backward_needs_is_noticed_as_in_pytorch(
    scenario: Callable[[Any], Any], write: Callable[[Any], Any]
) -> None:
    def outcome(x: Any) -> Any:
        written, result = scenario(x)
        try:
            write(written)
            result.sum().backward()
        except RuntimeError:
            return "refused"
        return x.grad.tolist() if isinstance(x, torch.Tensor) else x.grad.numpy().tolist()

    assert outcome(leaf(0.5, 1.5, 2.0)) == outcome(torch_leaf(0.5, 1.5, 2.0))


def test_the_message_says_who_needs_what() -> None:
    y = leaf(1.0, 2.0).exp()
    y += 1
    with pytest.raises(RuntimeError, match=r"exp needs a tensor of shape \(2,\).*written to in place"):
        y.sum().backward()


def test_a_write_to_a_leaf_is_refused_but_not_inside_no_grad() -> None:
    x = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match="leaf"):
        x += 1
    with pytest.raises(RuntimeError, match="leaf"):
        x[0] = 1.0
    with autograd.no_grad():
        x += 1
        x[0] = 7.0
    assert x.numpy is not None
    assert x.detach().numpy().tolist() == [7.0, 3.0]
    assert x.is_leaf
    assert x.requires_grad


def test_a_write_that_would_change_the_history_of_several_tensors_is_refused() -> None:
    y = leaf(1.0, 2.0) * 2
    row = y[:1]
    with pytest.raises(RuntimeError, match="views"):
        y *= 2
    with pytest.raises(RuntimeError, match="views"):
        row += 1
    del row
    y *= 2  # now nobody else looks at it
    assert y.detach().numpy().tolist() == [4.0, 8.0]


def test_a_write_through_a_view_is_seen_by_all_and_counted() -> None:
    x = leaf(1.0, 2.0)
    buffer = Tensor(np.zeros(2))
    z = x * buffer
    buffer[:1][0] = 3.0
    assert buffer.numpy().tolist() == [3.0, 0.0]
    with pytest.raises(RuntimeError, match="written to in place"):
        z.sum().backward()


@pytest.mark.parametrize("written", [0, 1])
def test_a_fused_op_notices_a_write_to_each_of_two_tensors_of_one_array(written: int) -> None:
    array = np.ones((2, 2))
    operands = Tensor(array, requires_grad=True), Tensor(array, requires_grad=True)
    y = autograd.differentiable(linear)(*operands)
    overwritten = operands[written]
    with autograd.no_grad():
        overwritten += 1
    with pytest.raises(RuntimeError, match=r"linear needs a tensor of shape \(2, 2\).*written to in place"):
        y.sum().backward()
