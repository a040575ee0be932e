"""What the engine does beside numbers: writes in place, errors, memory. PyTorch does the same."""

import copy
import gc
import pickle
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
import torch

from reference_torch import autograd as torch_autograd
from scratch import autograd, nn
from scratch.autograd import Tensor


def leaf(*values: float) -> Tensor:
    return Tensor(np.array(values), requires_grad=True)


def torch_leaf(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


# Writes in place: what is written to, and what is differentiated afterwards.


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


# Memory: the tape keeps no more than PyTorch does.


def bytes_on_the_tape(result: Tensor, parameters: Iterable[Tensor]) -> int:
    """How much memory the rules and caches behind a result hold on to, each piece once; parameters live anyway."""
    kept: list[Any] = []
    for vertex in autograd.tape.topological_order([result.node]):
        kept += autograd.bridge._arrays_in(getattr(vertex, "cache", ()))
        for saved in getattr(vertex, "saved", ()):
            kept += [vertex.output.data if tensor is autograd.tape.OUTPUT else tensor.data for tensor in saved]
    owners = [array if array.base is None else array.base for array in kept]
    alive = {id(parameter.data) for parameter in parameters}
    return sum({id(owner): owner.nbytes for owner in owners if id(owner) not in alive}.values())


def bytes_saved_by_pytorch(compute: Callable[[], Any], parameters: Iterable[torch.Tensor]) -> int:
    saved: dict[int, int] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        saved[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        compute()
    alive = {parameter.untyped_storage().data_ptr() for parameter in parameters}
    return sum(size for place, size in saved.items() if place not in alive)


def of_primitives(ag: Any, x: Any, target: Any, w1: Any, b1: Any, w2: Any, b2: Any, w3: Any, b3: Any) -> Any:
    hidden = ag.tanh(x @ w1.T + b1)
    hidden = ag.maximum(hidden @ w2.T + b2, ag.Tensor(np.zeros(())))
    difference = hidden @ w3.T + b3 - target
    return (difference * difference).mean()


def test_the_tape_of_an_mlp_keeps_no_more_than_pytorch_saves() -> None:
    generator = np.random.default_rng(0)
    x, target = generator.standard_normal((32, 20)), generator.standard_normal((32, 5))
    weights = [generator.standard_normal(shape) for shape in [(40, 20), (40,), (40, 40), (40,), (5, 40), (5,)]]
    ours = [Tensor(x), Tensor(target), *(Tensor(w, requires_grad=True) for w in weights)]
    theirs = [*map(torch.from_numpy, (x, target)), *(torch.tensor(w, requires_grad=True) for w in weights)]
    here = bytes_on_the_tape(of_primitives(autograd, *ours), ours[2:])
    there = bytes_saved_by_pytorch(lambda: of_primitives(torch_autograd, *theirs), theirs[2:])
    print(f"bytes kept: {here} here, {there} in PyTorch")
    assert 0 < here <= there


def test_the_tape_of_an_mlp_of_layers_keeps_no_more_than_pytorch_saves() -> None:
    def network(nn: Any) -> Any:
        return nn.Sequential(nn.Linear(20, 40), nn.Tanh(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 5))

    x, target = np.ones((32, 20), np.float32), np.zeros((32, 5), np.float32)
    ours, theirs = network(nn), network(torch.nn)
    here = bytes_on_the_tape(nn.MSELoss()(ours(Tensor(x)), Tensor(target)), ours.parameters())
    data = torch.from_numpy(x), torch.from_numpy(target)
    there = bytes_saved_by_pytorch(lambda: torch.nn.MSELoss()(theirs(data[0]), data[1]), theirs.parameters())
    print(f"bytes kept: {here} here, {there} in PyTorch")
    assert 0 < here <= there


def test_rules_close_over_constants_only() -> None:
    """What a rule needs is saved, where writes are noticed and backward can free it; never hidden in a closure."""
    x, y = Tensor(np.ones((3, 4)), requires_grad=True), Tensor(np.ones((3, 4)), requires_grad=True)
    z = autograd.stack([x, y]).reshape(2, 12).permute(1, 0)[2:, [0, 1, 1]].cumsum(0)
    z = autograd.where(z > 2, z, z**2) / (1 + z.exp()) + autograd.pad(z.amax(0), (1, 2)).mean() - z.clip(0, 1).abs()
    z = (
        autograd.einsum("ij,ij->i", z, z.sqrt())
        + z.max(1).values
        + z.var(1)
        + autograd.maximum(z.min(), z.log()).sum(1)
    )
    z = (z.expand(2, -1) @ z).tanh()
    for vertex in autograd.tape.topological_order([z.node]):
        for rule in getattr(vertex, "rules", []):
            for cell in getattr(rule, "__closure__", None) or ():
                assert not isinstance(cell.cell_contents, (Tensor, np.ndarray)), f"{vertex}: {cell.cell_contents}"
