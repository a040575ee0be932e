"""The unit of error: how far the true answer moves when everything is rounded once.

No tolerance is picked by hand. For each element of each output we ask how much of a difference rounding can make
*there*: evaluate PyTorch in float64 a few times, and each time move every input, and the result of every PyTorch
operation on the way, forward and backward, by about one rounding of the dtype that is judged, up or down. The
largest move seen, and never less than one rounding of the element itself, is one unit of noise.

Moving the inputs alone would say how well conditioned the *problem* is. Moving the intermediate results too says how
well the usual *algorithm* can solve it: the loss of a confident classifier is log(1 + tiny), perfectly conditioned,
yet no program that stores 1 + tiny gets its last digits right. (Random rounding of every operation is Monte Carlo
arithmetic: Parker 1997, "Monte Carlo arithmetic: exploiting randomness in floating-point arithmetic".)

Some PyTorch operations hide such an intermediate result inside one kernel. `STEPS` spells them out.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from . import attention_steps, normalization_steps

aten = torch.ops.aten
Evaluate = Callable[[list[Any]], list[Any]]

# With fewer, an element whose moves all happen to be tiny gets a unit that few correct programs can keep.
SAMPLES = 6
# Nothing is wrong by the usual samples alone: where a true 0 is the difference of two equal numbers, each moved up or
# down by one rounding, all six may have moved alike. Then so many times as many are asked.
LAST_WORD = 4

# What a rounding is multiplied by to give a move: 1 to 3/2, up or down. Drawing them anew for every move would take
# most of the time.
POOL_BITS = 20
POOL = np.random.default_rng(0).uniform(-0.5, 0.5, 1 << POOL_BITS)
POOL += np.sign(POOL)


class Noise:
    """The noise units of several arrays, measured as far as somebody asks.

    Every sample can only make a unit larger. So what is within the budget after a few of them is within it after all,
    and most right answers need few: an answer that is as near as its own rounding needs none.
    """

    def __init__(
        self,
        evaluate: Evaluate,
        inputs: list[Any],
        truth: list[Any],
        dtype: np.dtype[Any],
        seed: int,
        samples: int = SAMPLES,
    ) -> None:
        """`evaluate` takes float64 tensors (and integer ones, which are never moved) and returns float64 arrays.

        Fewer `samples` do where every element depends on thousands of roundings, as at the end of a training.
        """
        self.samples, self.taken = samples, 0
        self.units = [np.asarray(rounding(value, dtype)) for value in truth]  # float64, shaped like `truth`
        self._sampling = self._sample(evaluate, inputs, truth, Jitter(dtype, random.Random(seed)))

    def _sample(self, evaluate: Evaluate, inputs: list[Any], truth: list[Any], jitter: Jitter) -> Iterator[None]:
        while True:
            moved = [None if value is None else jitter.move(value.clone()) for value in inputs]
            with jitter, np.errstate(all="ignore"):
                results = evaluate(moved)
            for unit, result, value in zip(self.units, results, truth, strict=True):
                with np.errstate(invalid="ignore"):
                    difference = np.abs(result - value)
                np.fmax(unit, np.where(np.isfinite(difference), difference, 0.0), out=unit)
            self.taken += 1
            yield

    def more(self, times: int = 1) -> bool:
        """Take one more sample; False where all are taken, `times` the usual number."""
        if self.taken >= times * self.samples:
            return False
        next(self._sampling)
        return True

    def whole(self) -> list[Any]:
        """The units after the usual number of samples, or more if somebody wanted more."""
        while self.more():
            pass
        return self.units


def rounding(value: Any, dtype: np.dtype[Any]) -> Any:
    """One rounding of each element: the gap between neighbouring numbers of `dtype` at its size.

    Below the smallest normal number hardware may flush to zero, so differences of that size are no error.
    """
    largest = np.finfo(dtype).max / 2  # above, the next number may be infinite
    with np.errstate(invalid="ignore"):
        magnitude = np.where(np.isfinite(value), np.minimum(np.abs(value), largest), 0.0)
    return np.maximum(np.spacing(magnitude.astype(dtype)).astype(np.float64), np.finfo(dtype).smallest_normal)


class Jitter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While active, every floating-point result of a PyTorch operation is moved by up to one rounding of `dtype`.

    Most of the time of all tests is spent here, on a few numbers at a time: what looks longer than it need be is quick.
    """

    def __init__(self, dtype: np.dtype[Any], generator: random.Random) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.factors, self.smallest = _moves_of(dtype)
        self.generator = generator

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here: asking at every operation whether it is would double the time of the small ones."""
        return False

    def move(self, value: torch.Tensor) -> torch.Tensor:
        """Move each finite element of `value`, in place, by one rounding or a little more, up or down.

        Never by less: float64 can only move in whole roundings, and an element that happens to stay where it is in
        all samples would look as if rounding could not touch it. Not by the same amount each: equal moves cancel.
        Zeros stay: a tiny number in place of the 0 of a silent ReLU would let its gradient through.
        """
        if not value.is_floating_point():
            return value
        # The same memory; NumPy is the faster one for few numbers.
        array = (value.detach() if value.requires_grad else value).numpy()
        count, shape = array.size, array.shape
        zeros = None if np.count_nonzero(array) == count else array == 0
        stretch = self._stretch(count)
        np.multiply(array, self.factors[stretch].reshape(shape), array)
        np.add(array, self.smallest[stretch].reshape(shape), array)
        if zeros is not None:
            array[zeros] = 0
        return value

    def _stretch(self, count: int) -> Any:
        """Where in the pool to take `count` moves from."""
        begin = self.generator.getrandbits(POOL_BITS)
        if begin + count > len(POOL):
            if count > len(POOL) // 2:
                return (np.arange(count) + begin) % len(POOL)
            begin -= count
        return slice(begin, begin + count)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        steps, computes = _treatment(func)
        if steps is not None:
            with self:
                return steps(*args, **(kwargs or {}))
        result = func(*args, **kwargs) if kwargs else func(*args)
        if computes:
            for value in result if isinstance(result, (tuple, list)) else (result,):
                if isinstance(value, torch.Tensor):
                    self.move(value)
        return result


@cache
def _moves_of(dtype: np.dtype[Any]) -> tuple[Any, Any]:
    """The pool as factors of about one rounding, and as the smallest numbers that hardware need not flush to zero."""
    return 1 + float(np.finfo(dtype).eps) * POOL, float(np.finfo(dtype).smallest_normal) * POOL


@cache
def _treatment(func: Any) -> tuple[Callable[..., Any] | None, bool]:
    """Its steps, where an operation has some, and whether it computes, in memory of its own or in place.

    A view computes nothing, and some other operations are exact.
    """
    schema = func._schema
    views = any(result.alias_info is not None and not result.alias_info.is_write for result in schema.returns)
    return STEPS.get(func), not views and schema.name not in EXACT


# Constants, copies, whole numbers and extremes. An extreme must stay what it was: its gradient goes to the elements
# equal to it. A whole number just below itself would be another cell or class as soon as it is made an index.
EXACT = {
    f"aten::{name}"
    for name in (
        "empty_like", "zeros_like", "ones_like", "full_like", "zeros", "ones", "full", "arange", "scalar_tensor",
        "new_zeros", "new_full", "new_empty", "empty", "empty_strided", "new_empty_strided", "clone", "_to_copy",
        "sign", "floor", "ceil", "round", "trunc", "maximum", "minimum", "amax", "amin", "max", "min", "sort", "topk",
        "median", "kthvalue", "cummax", "cummin",
    )
}  # fmt: skip


# What fused kernels do inside, step by step, so that each step can be moved.


def _log_softmax(x: Any, dim: int, half_to_float: bool) -> Any:
    shifted = x - x.amax(dim, keepdim=True) if x.numel() else x
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


def _log_softmax_backward(dy: Any, y: Any, dim: int, input_dtype: Any) -> Any:
    return dy - y.exp() * dy.sum(dim, keepdim=True)


def _softmax_backward(dy: Any, y: Any, dim: int, input_dtype: Any) -> Any:
    return y * (dy - (dy * y).sum(dim, keepdim=True))


def _gelu(x: Any, *, approximate: str = "none") -> Any:
    return x * _gelu_gate(x, approximate)[0]


def _gelu_backward(dy: Any, x: Any, *, approximate: str = "none") -> Any:
    gate, slope = _gelu_gate(x, approximate)
    return dy * (gate + x * slope)


def _gelu_gate(x: Any, approximate: str) -> tuple[Any, Any]:
    """The share of x that passes, and its derivative."""
    if approximate == "none":
        density = (x * x * -0.5).exp() * (1 / math.sqrt(2 * math.pi))
        return ((x * math.sqrt(0.5)).erf() + 1) * 0.5, density
    t = ((x + x * x * x * 0.044715) * math.sqrt(2 / math.pi)).tanh()
    inner = (x * x * (3 * 0.044715) + 1) * math.sqrt(2 / math.pi)
    return (t + 1) * 0.5, (1 - t * t) * inner * 0.5


def _silu_backward(dy: Any, x: Any) -> Any:
    s = x.sigmoid()
    return dy * s * (1 + x * (1 - s))


def _logits_loss(x: Any, target: Any, weight: Any = None, pos_weight: Any = None, reduction: int = 1) -> Any:
    """Binary cross-entropy with logits; reduction 0 is "none", 1 "mean", 2 "sum"."""
    log_sigmoid = x.clamp(max=0) - ((-x.abs()).exp() + 1).log()
    if pos_weight is not None:
        log_sigmoid = log_sigmoid * ((pos_weight - 1) * target + 1)
    losses = (1 - target) * x - log_sigmoid
    losses = losses if weight is None else losses * weight
    return (losses, losses.mean(), losses.sum())[reduction]


def _zeros(size: Any, *, dtype: Any = None, **_: Any) -> Any:
    """PyTorch's gradient of what nothing depends on is a tensor without memory, which cannot be moved."""
    return torch.zeros(size, dtype=dtype)


STEPS: dict[Any, Callable[..., Any]] = {
    aten._efficientzerotensor.default: _zeros,
    aten._log_softmax.default: _log_softmax,
    aten._log_softmax_backward_data.default: _log_softmax_backward,
    aten._softmax_backward_data.default: _softmax_backward,
    aten.gelu.default: _gelu,
    aten.gelu_backward.default: _gelu_backward,
    aten.silu_backward.default: _silu_backward,
    aten.binary_cross_entropy_with_logits.default: _logits_loss,
    **attention_steps.STEPS,
    **normalization_steps.STEPS,
}
