"""What the tape costs: against PyTorch's on small operations, and against calling a fused op without a tape.

    pytest benchmarks/test_autograd.py         times
    python -m benchmarks.test_autograd         ratios of interleaved runs, with their spread

On a chain of small operations nearly all of the time is overhead: recording, walking back, adding up.
"""

import importlib
import statistics
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits

from nn_parity.bench import garbage, placement, timing
from nn_parity.bench.calm import watch
from scratch.autograd import Tensor, differentiable

OPERATIONS = 1000
SHAPES = [(), (1,), (8,)]
FUSED = {  # name: how its arguments depend on the width, options
    "activations.relu": (lambda n: [(n, n)], {}),
    "activations.silu": (lambda n: [(n, n)], {}),
    "activations.softmax": (lambda n: [(n, n)], {"dim": -1}),
    "normalization.layer_norm": (lambda n: [(n, n), (n,), (n,)], {}),
    "activations.gelu": (lambda n: [(n, n)], {}),
    "linear.linear": (lambda n: [(n, n), (n, n), (n,)], {}),
}
WIDTHS = [256, 512, 1024]
LINKS = 20  # of a chain of fused ops


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield
    torch.set_num_threads(threads)


def chain(x: Any, w: Any) -> Any:
    """1,000 operations with fan-out: x and w are used again and again."""
    y = x
    for _ in range(OPERATIONS // 4):
        y = y * w
        y = y + x
        y = y.tanh()
        y = y - w
    return y.sum() if y.ndim else y


def chain_of_numbers(x: Any, w: Any) -> Any:
    """1,000 operations, most of them with a Python number."""
    y = x
    for _ in range(OPERATIONS // 5):
        y = y * 0.9
        y = y + w
        y = y.exp()
        y = 1.0 / y
        y = y**2
    return y.sum() if y.ndim else y


CHAINS = {"tensors": chain, "numbers": chain_of_numbers}


def record_and_backward(side: str, function: Callable[[Any, Any], Any], shape: tuple[int, ...]) -> Callable[[], None]:
    make = Tensor if side == "scratch" else torch.tensor
    x, w = (make(np.full(shape, value), requires_grad=True) for value in (0.5, 0.9))

    def run() -> None:
        function(x, w).backward()
        x.grad = w.grad = None

    return run


@pytest.mark.parametrize("side", ["scratch", "torch"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", CHAINS)
def test_a_chain_of_small_operations(benchmark: Any, name: str, shape: tuple[int, ...], side: str) -> None:
    benchmark.group = f"1,000 operations on {name} of shape {shape}"
    benchmark(record_and_backward(side, CHAINS[name], shape))


def fused(name: str, width: int, way: str) -> Callable[[], Any]:
    """Forward and backward of an op, bare or through the tape."""
    shapes, options = FUSED[name]
    op = importlib.import_module(f"scratch.ops.{name}")
    generator = np.random.default_rng(0)
    arrays = [generator.standard_normal(shape).astype(np.float32) for shape in shapes(width)]
    dy = generator.standard_normal((width, width)).astype(np.float32)
    if way == "bare":

        def bare() -> None:
            _y, cache = op.forward(*arrays, **options)  # y stays, as where dy is computed from it
            op.backward(dy, cache)

        return bare
    function, leaves = differentiable(op), [Tensor(array, requires_grad=True) for array in arrays]

    def through_the_tape() -> None:
        function(*leaves, **options).backward(dy)
        for leaf in leaves:
            leaf.grad = None

    return through_the_tape


def fused_in_a_row(name: str, width: int, way: str) -> Callable[[], Any]:
    """The same op on its own result, again and again, as in a deep network, and one backward through all of them.

    One op alone also pays for a whole backward: for finding the order, and for the gradient of the leaf.
    """
    shapes, options = FUSED[name]
    op = importlib.import_module(f"scratch.ops.{name}")
    generator = np.random.default_rng(0)
    first, *rest = shapes(width)
    x = generator.standard_normal(first).astype(np.float32)
    others = [[(generator.standard_normal(shape) / width).astype(np.float32) for shape in rest] for _ in range(LINKS)]
    dy = generator.standard_normal((width, width)).astype(np.float32)

    def bare() -> None:
        y, caches = x, []
        for other in others:
            y, cache = op.forward(y, *other, **options)
            caches.append(cache)
        gradient = dy
        for cache in reversed(caches):
            gradients = op.backward(gradient, cache)
            gradient = gradients[0] if isinstance(gradients, tuple) else gradients

    function = differentiable(op)
    leaf, leaves = Tensor(x, requires_grad=True), [[Tensor(a, requires_grad=True) for a in other] for other in others]

    def through_the_tape() -> None:
        y = leaf
        for other in leaves:
            y = function(y, *other, **options)
        y.backward(dy)
        for tensor in (leaf, *(tensor for other in leaves for tensor in other)):
            tensor.grad = None

    return bare if way == "bare" else through_the_tape


def relu_of_pytorch(width: int, way: str) -> Callable[[], Any]:
    """What PyTorch's own tape costs around its own ReLU: the measure of what can be expected of this one."""
    x, dy = torch.randn(width, width, requires_grad=True), torch.randn(width, width)

    def bare() -> None:
        with torch.no_grad():
            torch.ops.aten.threshold_backward(dy, torch.relu(x), 0)

    def through_the_tape() -> None:
        torch.relu(x).backward(dy)
        x.grad = None

    return bare if way == "bare" else through_the_tape


@pytest.mark.parametrize("way", ["bare", "tape"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", FUSED)
def test_a_fused_op(benchmark: Any, name: str, width: int, way: str) -> None:
    benchmark.group = f"{name} · {width} × {width}"
    benchmark(fused(name, width, way))


def ratio(first: Callable[[], Any], second: Callable[[], Any], runs: int = 101) -> str:
    """How much longer the first takes than the second: the median of interleaved runs, and the middle 80 %."""
    calm, found = watch(), []
    with garbage.no_collection():
        for _ in range(runs):
            one, other = (calm.reading(partial(timing.processor_time, call, 1)) for call in (first, second))
            found.append(one / other)
    tenths = statistics.quantiles(found, n=10)
    return f"{statistics.median(found):.2f}  ({tenths[0]:.2f} … {tenths[-1]:.2f})"


def main() -> None:
    """Print all ratios."""
    placement.keep_freed_memory()
    torch.set_num_threads(1)
    with threadpool_limits(1):
        for name, function in CHAINS.items():
            for shape in SHAPES:
                sides = [record_and_backward(side, function, shape) for side in ("scratch", "torch")]
                print(f"1,000 operations on {name} of shape {shape}: {ratio(*sides)} times PyTorch")
        for name in FUSED:
            for width in WIDTHS:
                print(f"{name} at {width}: {ratio(fused(name, width, 'tape'), fused(name, width, 'bare'))} times bare")
                pair = fused_in_a_row(name, width, "tape"), fused_in_a_row(name, width, "bare")
                print(f"{LINKS} × {name} at {width}: {ratio(*pair, runs=31)} times bare")
        for width in WIDTHS:
            pair = relu_of_pytorch(width, "tape"), relu_of_pytorch(width, "bare")
            print(f"PyTorch's ReLU through PyTorch's tape at {width}: {ratio(*pair)} times bare")


if __name__ == "__main__":
    main()
