"""Promotion of dtypes, and NumPy functions on tensors."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from scratch import autograd
from scratch.autograd import Tensor

OPERANDS = {
    f"{np.dtype(dtype).name} {'vector' if axes else 'number'}": np.ones((2,) * axes, dtype)
    for dtype in (np.bool_, np.int32, np.int64, np.float32, np.float64)
    for axes in (1, 0)
}
NUMBERS: dict[str, Any] = {
    "True": True,
    "2": 2,
    "2.0": 2.0,
    "np.float64(2)": np.float64(2),
    "np.float32(2)": np.float32(2),
}
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": lambda x, y: x**y,
    "<": lambda x, y: x < y,
}


def dtype_of(function: Callable[[], Any]) -> str:
    try:
        return str(function().dtype).replace("torch.", "")
    except (TypeError, RuntimeError, NotImplementedError):
        return "refused"


@pytest.mark.parametrize("sign", OPERATIONS)
def test_dtypes_are_promoted_as_in_pytorch(sign: str) -> None:
    operation = OPERATIONS[sign]
    for (first, x), (second, y) in itertools.product(OPERANDS.items(), {**OPERANDS, **NUMBERS}.items()):
        a, b = (Tensor(v) if isinstance(v, np.ndarray) else v for v in (x, y))
        c, d = (torch.from_numpy(v) if isinstance(v, np.ndarray) else v for v in (x, y))
        expected = dtype_of(lambda c=c, d=d: operation(c, d))
        if expected == "bool" and sign == "**":  # only in PyTorch a truth value to the power of another is one
            continue
        if expected != "refused":  # PyTorch has no - and hardly a ** for booleans
            assert dtype_of(lambda a=a, b=b: operation(a, b)) == expected, f"{first} {sign} {second}"
        if not isinstance(y, np.ndarray) and expected != "refused":
            assert dtype_of(lambda a=a, b=b: operation(b, a)) == dtype_of(lambda c=c, d=d: operation(d, c))


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "tanh", "abs", "sum", "cumsum", "mean", "var", "amax"])
@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.float32, np.float64])
def test_functions_give_the_dtype_of_pytorch(name: str, dtype: Any) -> None:
    x, arguments = np.ones(3, dtype), (0,) if name == "cumsum" else ()
    expected = dtype_of(lambda: getattr(torch.from_numpy(x), name)(*arguments))
    assert dtype_of(lambda: getattr(Tensor(x), name)(*arguments)) == expected


def test_indices_are_int64_and_joined_tensors_are_promoted() -> None:
    assert Tensor(np.ones((2, 3), np.float32)).max(0).indices.dtype == np.int64
    parts = [np.ones(2, np.float32), np.ones(2, np.float64), np.ones(2, np.int64)]
    for join, reference in ((autograd.concatenate, torch.concatenate), (autograd.stack, torch.stack)):
        expected = dtype_of(lambda reference=reference: reference([torch.from_numpy(part) for part in parts]))
        assert dtype_of(lambda join=join: join([Tensor(part) for part in parts])) == expected == "float64"


def test_numbers_in_lists_have_the_dtypes_of_pytorch() -> None:
    for values in ([1.5, 2.0], [1, 2], [True, False], 3.5, [[1, 2.5]]):
        assert str(Tensor(values).dtype) == str(torch.tensor(values).dtype).removeprefix("torch.")
    assert Tensor(np.float64(2.0)).dtype == np.float64


def test_gradients_have_the_dtype_of_their_tensor() -> None:
    x, y = Tensor(np.ones(3, np.float32), requires_grad=True), Tensor(np.ones(3), requires_grad=True)
    (x * y).sum().backward()
    assert x.grad is not None
    assert y.grad is not None
    assert (x.grad.dtype, y.grad.dtype) == (np.float32, np.float64)


# NumPy functions on tensors

X = np.array([[0.5, 1.5, 2.5], [3.0, 4.0, 5.0]])
WORKS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "exp": (np.exp, autograd.exp),
    "log": (np.log, autograd.log),
    "maximum": (lambda x: np.maximum(x, 2.0), lambda x: autograd.maximum(x, 2.0)),
    "square": (np.square, lambda x: x * x),
    "array * tensor": (lambda x: X * x, lambda x: x * X),
    "array - tensor": (lambda x: X - x, lambda x: -x + X),
    "array @ tensor": (lambda x: X.T @ x, lambda x: Tensor(X.T) @ x),
    "float64 / tensor": (lambda x: np.float64(2) / x, lambda x: 2.0 / x),
    "array < tensor": (lambda x: x * np.less(X, x), lambda x: x * (x > X)),
    "sum": (lambda x: np.sum(x, axis=1, keepdims=True), lambda x: x.sum(1, keepdim=True)),
    "mean": (lambda x: np.mean(x, axis=(0, 1)), lambda x: x.mean()),
    "max": (lambda x: np.max(x, axis=0), lambda x: x.amax(0)),
    "cumsum": (lambda x: np.cumsum(x, axis=0), lambda x: x.cumsum(0)),
    "where": (lambda x: np.where(X > 2, x, 0.0), lambda x: autograd.where(X > 2, x, 0.0)),
    "clip": (lambda x: np.clip(x, 1.0, 3.0), lambda x: x.clip(1.0, 3.0)),
    "reshape": (lambda x: np.reshape(x, (3, 2)), lambda x: x.reshape(3, 2)),
    "transpose": (np.transpose, lambda x: x.T),
    "swapaxes": (lambda x: np.swapaxes(x, 0, 1), lambda x: x.T),
    "broadcast_to": (lambda x: np.broadcast_to(x, (2, 2, 3)), lambda x: x.expand(2, 2, 3)),
    "concatenate": (lambda x: np.concatenate([x, X], axis=1), lambda x: autograd.concatenate([x, X], 1)),
    "stack": (lambda x: np.stack([x, x]), lambda x: autograd.stack([x, x])),
    "einsum": (lambda x: np.einsum("ij,ij->j", x, X), lambda x: autograd.einsum("ij,ij->j", x, X)),
}


@pytest.mark.parametrize(("through_numpy", "directly"), WORKS.values(), ids=WORKS)
def test_a_numpy_function_on_a_tensor_stays_on_the_tape(
    through_numpy: Callable[[Any], Any], directly: Callable[[Any], Any]
) -> None:
    x, y = Tensor(X.copy(), requires_grad=True), Tensor(X.copy(), requires_grad=True)
    one, other = through_numpy(x), directly(y)
    one.sum().backward()
    other.sum().backward()
    assert x.grad is not None
    assert y.grad is not None
    assert np.array_equal(one.detach().numpy(), other.detach().numpy())
    assert np.array_equal(x.grad.numpy(), y.grad.numpy())


REFUSED: dict[str, Callable[[Tensor], Any]] = {
    "np.sin": np.sin,
    "np.add.reduce": np.add.reduce,
    "np.linalg.norm": np.linalg.norm,
    "np.exp with out": lambda x: np.exp(x, out=np.empty((2, 3))),
    "np.sort": np.sort,
    "np.dot": lambda x: np.dot(x, X.T),
    "np.std": np.std,
}


@pytest.mark.parametrize(("name", "call"), REFUSED.items(), ids=REFUSED)
def test_every_other_numpy_function_says_what_to_call(name: str, call: Callable[[Tensor], Any]) -> None:
    with pytest.raises(TypeError, match=rf"{name.split('.')[-1]}.*\(2, 3\).*\.detach\(\)\.numpy\(\)"):
        call(Tensor(X.copy(), requires_grad=True))


def test_an_array_written_to_with_a_tensor_is_refused() -> None:
    array = np.ones(2)
    with pytest.raises(TypeError, match="np.add with out"):
        array += Tensor(np.ones(2), requires_grad=True)


def test_a_tensor_without_gradient_becomes_an_array_without_a_copy() -> None:
    array = np.ones(2)
    assert np.shares_memory(np.asarray(Tensor(array)), array)
    assert np.asarray(Tensor(array), dtype=np.float32).dtype == np.float32
