"""What the engine does beside numbers: errors, memory. PyTorch does the same."""

import copy
import gc
import pickle
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scratch import autograd
from scratch.autograd import Tensor

from .leaves import leaf, torch_leaf

# What bad use gets


def freed() -> None:
    y = (leaf(1.0) * leaf(2.0)).sum()
    y.backward()
    y.backward()


ERRORS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "a graph that was freed": (freed, RuntimeError, r"through \w+, .* shape \(.*second time.*retain_graph=True"),
    "no history": (lambda: Tensor(np.ones(2)).backward(), RuntimeError, r"backward.*\(2,\).*requires no gradient"),
    "no gradient to start from": (lambda: (leaf(1.0, 2.0) * 2).backward(), ValueError, r"backward.*shape \(2,\)"),
    "a gradient of another shape": (lambda: (leaf(1.0, 2.0) * 2).backward(np.ones(3)), ValueError, r"\(2,\).*\(3,\)"),
    "shapes that do not broadcast": (
        lambda: leaf(1.0, 2.0) * leaf(1.0, 2.0, 3.0),
        ValueError,
        r"multiply.*\(2,\).*\(3,\)",
    ),
    "inner axes that differ": (lambda: leaf(1.0, 2.0) @ leaf(1.0, 2.0, 3.0), ValueError, r"matmul.*\(2,\).*\(3,\)"),
    "whole numbers": (lambda: Tensor(np.arange(3), requires_grad=True), TypeError, r"\(3,\).*int64"),
    "an equation that is none": (lambda: autograd.einsum(leaf(1.0), [0]), TypeError, "einsum.*Tensor"),
    "letters of another script": (lambda: autograd.einsum("é->é", leaf(1.0)), ValueError, r"einsum.*\(1,\)"),
    "no_grad": (autograd.no_grad()(lambda: leaf(1.0).sum().backward()), RuntimeError, r"inside no_grad\(\)"),
    "a result made a constant": (lambda: setattr(leaf(1.0) * 2, "requires_grad", False), RuntimeError, "detach"),
    "an index out of range": (lambda: leaf(1.0)[3], IndexError, r"getitem.*\(1,\)"),
    "too many indices": (lambda: leaf(1.0)[0, 0], IndexError, r"2 indices.*\(1,\)"),
    "a float as an index": (lambda: leaf(1.0)[0.5], IndexError, "float64"),
    "an array of a gradient": (lambda: np.asarray(leaf(1.0)), RuntimeError, r"\.detach\(\)\.numpy\(\)"),
    "numpy() of a gradient": (lambda: leaf(1.0).numpy(), RuntimeError, r"\.detach\(\)\.numpy\(\)"),
    "the length of a number": (lambda: len(leaf(1.0).sum()), TypeError, "no length"),
    "a loop over a number": (lambda: list(leaf(1.0).sum()), TypeError, "no length"),
    "complex numbers": (lambda: Tensor(np.ones(2) * 1j, requires_grad=True), TypeError, "complex128"),
    "a list as an operand": (lambda: autograd.add(leaf(1.0), [1.0]), TypeError, "add.*list"),
    "an option by NumPy's name": (lambda: np.sum(leaf(1.0), dtype=np.float32), TypeError, "np.sum"),
}


@pytest.mark.parametrize(("call", "kind", "says"), ERRORS.values(), ids=ERRORS.keys())
def test_bad_use_gets_an_error_that_names_it(call: Callable[[], Any], kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        call()


def test_a_number_made_of_a_gradient_warns_as_in_pytorch() -> None:
    with pytest.warns(UserWarning, match="item"):
        float(leaf(2.0).sum())
    assert leaf(2.0).sum().item() == 2.0


# The graph


def test_operations_that_saved_nothing_may_be_walked_twice_as_in_pytorch() -> None:
    for x in (leaf(1.0, 2.0), torch_leaf(1.0, 2.0)):
        y = (x + 1).sum()
        y.backward()
        y.backward()
        assert x.grad is not None
        assert np.asarray(x.grad).tolist() == [2.0, 2.0]


def test_retain_graph_keeps_the_tape() -> None:
    x = leaf(3.0)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [12.0]


def test_two_leaves_never_share_one_gradient() -> None:
    a, b, seed = leaf(1.0, 2.0), leaf(3.0, 4.0), np.array([1.0, 1.0])
    (a + b).backward(seed)
    for given in (a.grad, b.grad):
        assert given is not None
        assert not np.shares_memory(given.numpy(), seed)
        given *= 0
    a.grad += 1
    assert b.grad.numpy().tolist() == [0.0, 0.0]


def test_a_gradient_lies_in_memory_as_its_leaf_does() -> None:
    w = Tensor(np.ones((3, 2)), requires_grad=True)
    (Tensor(np.ones((4, 2))) @ w.T).sum().backward()
    assert w.grad is not None
    assert w.grad.data.flags.c_contiguous
    assert w.grad.data.flags.writeable


def test_a_chain_of_many_operations_needs_no_recursion_to_run_or_to_die() -> None:
    x = leaf(1.0)
    y = x
    for _ in range(100_000):
        y = y + x
    y.sum().backward()
    assert x.grad is not None
    assert x.grad.item() == 100_001
    del y


def test_a_long_chain_of_values_too() -> None:
    x = autograd.Value(1.0)
    y = x
    for _ in range(100_000):
        y = y + x
    y.backward()
    assert x.grad == 100_001
    del y


def test_the_graph_dies_with_its_last_user_without_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        x = leaf(1.0, 2.0)
        middle = x.exp().tanh().sqrt()
        nodes = [weakref.ref(middle), weakref.ref(middle.node.output)]
        end = (middle * middle.amax()).sum()
        del middle, end
        assert [node() for node in nodes] == [None, None]
    finally:
        gc.enable()


def test_nothing_is_recorded_for_constants_or_inside_no_grad() -> None:
    assert (Tensor(np.ones(3)) * 2).node is None
    with autograd.no_grad():
        assert (leaf(1.0) * 2).node is None
        with autograd.enable_grad():
            assert (leaf(1.0) * 2).node is not None
    assert (leaf(1.0) > 0).node is None


def test_the_engine_is_there_whatever_module_is_imported_first() -> None:
    files = ["tape", "tensor", "arithmetic", "shapes", "derivatives", "bridge", "value", "einsum"]
    for name in files:
        code = f"from scratch.autograd.{name} import *; from scratch import autograd; autograd.Tensor([1.0]) * 2"
        subprocess.run([sys.executable, "-c", code], check=True)


def test_leaves_can_be_copied_and_pickled_and_results_cannot() -> None:
    x = leaf(1.0, 2.0)
    (x * x).sum().backward()
    for same in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert same.requires_grad
        assert same.detach().numpy().tolist() == [1.0, 2.0]
        assert same.grad.numpy().tolist() == [2.0, 4.0]
        assert not np.shares_memory(same.data, x.data)
    twice = copy.deepcopy([x, x])
    assert twice[0] is twice[1]
    with pytest.raises(RuntimeError, match="only leaves"):
        copy.deepcopy(x * 2)


def test_a_long_lived_tensor_forgets_its_views() -> None:
    w = Tensor(np.ones((3, 2)), requires_grad=True)
    for _ in range(100):
        (Tensor(np.ones((4, 2))) @ w.T).sum().backward()
    assert len(w.memory.sharers) <= 1


# The scalar engine


def test_a_value_is_drawn_with_its_operations_and_gradients() -> None:
    x = autograd.Value(2.0)
    y = (x * x + 1.0).log()
    y.backward()
    text = autograd.draw_dot(y)
    assert text.startswith("digraph {")
    assert text.count("[label=") == 5 + 3  # 2, 4, 1, 5, log 5 and ×, +, log
    assert 'label="2\\n∇ 0.8"' in text
    assert text.count("->") == 3 + 5


def test_an_svg_needs_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("dot"):
        assert "<svg" in autograd.draw_svg(autograd.Value(1.0) + 2.0)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match="Graphviz is not installed"):
        autograd.draw_svg(autograd.Value(1.0))


def test_the_exponent_of_a_value_is_a_number() -> None:
    with pytest.raises(TypeError, match="number"):
        autograd.Value(2.0) ** autograd.Value(3.0)  # type: ignore[operator]
