"""Ops on the tape: the same gradients to the last bit, and the same as a composition of simple operations."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scratch import autograd
from scratch.autograd import Tensor, differentiable

from ..catalogue import ROWS
from ..harness import candidate, checks
from ..harness.adapter import ARRAYS, Adapter
from ..harness.entry import Entry
from ..harness.evidence import Evidence

OPS = [row for row in ROWS if isinstance(row, Entry) and row.name.startswith("ops.") and row.gradient]
ON_ARRAYS = [row for row in OPS if row.adapter is ARRAYS]


@pytest.mark.parametrize("row", ON_ARRAYS, ids=lambda row: row.name)
@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
@given(data=st.data())
def test_the_tape_gives_the_gradients_of_the_op_to_the_last_bit(row: Entry, data: st.DataObject) -> None:
    op, case = candidate.load("scratch", row.name), data.draw(row.inputs)
    with np.errstate(all="ignore"):
        y, cache = op.forward(*case.arrays, **case.options)
        outputs = y if isinstance(y, tuple) else (y,)
        generator = np.random.default_rng(case.seed)
        upstream = [np.asarray(generator.standard_normal(o.shape), o.dtype) for o in outputs]
        direct = op.backward(upstream[0] if not isinstance(y, tuple) else tuple(upstream), cache)
        direct = direct if isinstance(direct, tuple) else (direct,)

        tensors = [a if a is None else Tensor(a, requires_grad=a.dtype.kind == "f") for a in case.arrays]
        wanted = [t for t, dx in zip(tensors, direct, strict=False) if t is not None and dx is not None]
        assume(wanted)
        somebody_waits = data.draw(st.sets(st.sampled_from(range(len(wanted))), min_size=1))
        for t, dx in zip(tensors, direct, strict=False):
            if t is not None and dx is None:
                t.requires_grad = False
        results = differentiable(op)(*tensors, **case.options)
        results = results if isinstance(y, tuple) else (results,)
        through = autograd.grad(results, [wanted[i] for i in somebody_waits], upstream)
    for result, output in zip(results, outputs, strict=True):
        assert result.detach().numpy().tobytes() == np.asarray(output).tobytes()
    expected = [dx for t, dx in zip(tensors, direct, strict=False) if t is not None and dx is not None]
    for got, right in zip(through, [expected[i] for i in somebody_waits], strict=True):
        assert got.dtype == right.dtype
        assert got.numpy().tobytes() == np.asarray(right).tobytes()


# Fused ops against compositions


def softmax(x: Any, *, dim: int) -> Any:
    powers = autograd.exp(x - x.amax(dim, keepdim=True).detach())
    return powers / powers.sum(dim, keepdim=True)


def log_softmax(x: Any, *, dim: int) -> Any:
    shifted = x - x.amax(dim, keepdim=True).detach()
    return shifted - autograd.log(autograd.exp(shifted).sum(dim, keepdim=True))


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    return x @ weight.T if bias is None else x @ weight.T + bias


def mse_loss(x: Any, target: Any, *, reduction: str = "mean") -> Any:
    square = (x - target) ** 2
    return square if reduction == "none" else getattr(square, reduction)()


def leaky_relu(x: Any, *, negative_slope: float = 0.01) -> Any:
    return autograd.where(x > 0, x, x * negative_slope)


COMPOSED: dict[str, Callable[..., Any]] = {
    "ops.activations.softmax": softmax,
    "ops.activations.log_softmax": log_softmax,
    "ops.activations.tanh": autograd.tanh,
    "ops.activations.leaky_relu": leaky_relu,
    "ops.linear.linear": linear,
    "ops.losses.mse_loss": mse_loss,
}


def from_primitives(function: Callable[..., Any]) -> Adapter:
    """An op whose forward and backward are a composition on the tape."""

    def candidate(module: ModuleType) -> Any:
        def forward(*arrays: Any, **options: Any) -> Any:
            leaves = [a if a is None else Tensor(a, requires_grad=a.dtype.kind == "f") for a in arrays]
            y = function(*leaves, **options)
            return y.detach().numpy(), (y, leaves)

        def backward(dy: Any, cache: Any) -> Any:
            y, leaves = cache
            wanted = [x for x in leaves if x is not None]
            found = iter(autograd.grad(y, wanted, dy, retain_graph=True))
            return tuple(None if x is None else next(found).numpy() for x in leaves)

        return SimpleNamespace(__name__=module.__name__, forward=forward, backward=backward)

    return Adapter(candidate=candidate)


@pytest.mark.parametrize("name", COMPOSED)
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_a_fused_op_and_a_composition_agree_with_pytorch_within_noise(name: str, data: st.DataObject) -> None:
    fused = next(row for row in OPS if row.name == name)
    composed = Entry(name, 6, "", fused.inputs, (), adapter=from_primitives(COMPOSED[name]))
    module, case = (
        candidate.load("scratch", name),
        data.draw(fused.inputs.filter(lambda case: case.tame and case.elements)),
    )
    for row in (fused, composed):
        evidence = Evidence()
        checks.forward(row, module, case, evidence)
        checks.gradient(row, module, case, evidence)


# An op that is made up: two outputs, an integer argument, a cache that shares memory


class SplitAt:
    """`x[:n], 2 · x[n:]`."""

    __name__ = "made_up.split_at"

    def forward(self, x: Any, n: Any, unused: Any = None) -> Any:
        return (x[:n].copy(), 2 * x[n:]), (x.shape, n)

    def backward(self, dy: Any, cache: Any) -> Any:
        first, second = dy
        return np.concatenate([first, 2 * second]), None, None


class Square:
    """x², with x itself in the cache."""

    __name__ = "made_up.square"

    def forward(self, x: Any) -> Any:
        return x * x, (x,)

    def backward(self, dy: Any, cache: Any) -> Any:
        return 2 * cache[0] * dy


def leaf(*values: float) -> Tensor:
    return Tensor(np.array(values), requires_grad=True)


def test_an_op_may_have_several_outputs_of_which_some_are_used() -> None:
    split = differentiable(SplitAt())
    x = leaf(1.0, 2.0, 3.0)
    first, second = split(x, 1)
    (first.sum() + (second * second).sum() + second.sum()).backward()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [1.0, 18.0, 26.0]
    x.grad = None
    split(x * 1.0, 1)[1].sum().backward()
    assert x.grad.numpy().tolist() == [0.0, 2.0, 2.0]


def test_a_second_derivative_through_an_op_is_refused_and_only_that() -> None:
    square, x, w = differentiable(Square()), leaf(3.0), leaf(2.0)
    y = (square(x) * w).sum()
    (dx,) = autograd.grad(y, [x], create_graph=True)
    assert dx.detach().numpy().tolist() == [12.0]
    for of in (x, w):  # the gradient depends on w too: it came from above
        with pytest.raises(RuntimeError, match=r"square is a fused op.*operations of autograd"):
            autograd.grad(dx.sum(), [of], retain_graph=True)


def test_a_write_to_what_an_op_has_in_its_cache_is_noticed() -> None:
    x = leaf(1.0, 2.0)
    z = x * 1.0
    y = differentiable(Square())(z)
    z += 1
    with pytest.raises(RuntimeError, match="square needs a tensor"):
        y.sum().backward()


def test_the_cache_is_freed_after_backward() -> None:
    y = differentiable(Square())(leaf(1.0)).sum()
    y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()


def test_a_tensor_as_an_option_and_a_wrong_gradient_are_refused() -> None:
    wrong = SimpleNamespace(
        __name__="wrong", forward=lambda x: (x.sum(), None), backward=lambda dy, cache: np.ones((2, 2))
    )
    with pytest.raises(TypeError, match="by position"):
        differentiable(Square())(x=leaf(1.0))
    with pytest.raises(ValueError, match=r"wrong\.backward must return a gradient float64 \(1,\)"):
        differentiable(wrong)(leaf(1.0)).backward()
