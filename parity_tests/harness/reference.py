"""What PyTorch says about a case: the truth in float64, the answer in the dtype at hand, the noise unit of each."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np
import torch

from .entry import Case, Entry
from .rounding import Noise, rounding

# In inference PyTorch replaces whole layers of attention by one kernel, whose intermediate results nobody can move.
torch.backends.mha.set_fastpath_enabled(False)


@dataclass(frozen=True)
class Unit:
    """The noise unit of one of several arrays that are measured together, when it is asked for."""

    noise: Noise
    place: int
    raised: Callable[[Any], Any] = lambda unit: unit  # may make more of it, and the more the larger it is

    def whole(self) -> Any:
        """After all samples."""
        return self.raised(self.noise.whole()[self.place])

    def growing(self, times: int) -> Iterator[Any]:
        """After those taken up to now, then after one more each time, up to so many times the usual number."""
        yield self.raised(self.noise.units[self.place])
        while self.noise.more(times):
            yield self.raised(self.noise.units[self.place])


@dataclass(frozen=True)
class Expected:
    """One array that a candidate must produce: an output (`y`) or a gradient (`dx`)."""

    name: str
    truth: Any  # float64, from PyTorch on the same inputs
    working: Any  # what PyTorch gives in the dtype of the case
    noise: Unit | Any  # one unit of noise for each element, float64, known or still to be measured; None for integers

    @property
    def unit(self) -> Any:
        """One unit of noise for each element, from the usual number of samples."""
        return self.noise.whole() if isinstance(self.noise, Unit) else self.noise

    def growing_unit(self, times: int = 1) -> Iterator[Any]:
        """The unit by the samples that were taken up to now, then by one more each time."""
        if isinstance(self.noise, Unit):
            yield from self.noise.growing(times)
        else:
            yield self.noise


@dataclass(frozen=True)
class Answer:
    """All that PyTorch says about a case. A gradient is None where PyTorch does not differentiate."""

    outputs: tuple[Expected, ...]
    gradients: tuple[Expected | None, ...]
    upstream: tuple[Any, ...]  # the gradient that flows into each output, random, never ones


def load(name: str) -> ModuleType:
    """The reference of a component."""
    return importlib.import_module(f"reference_torch.{name}")


def op(entry: Entry) -> Any:
    """The reference of a row, by the op protocol."""
    own = entry.reference
    return entry.adapter.reference(_module_of(entry.name, own) if own is not None else load(entry.name))


def _module_of(name: str, content: Mapping[str, Any]) -> ModuleType:
    """What a row brings along, as the module that it stands for."""
    module = ModuleType(name)
    vars(module).update(content)
    return module


def argument_names(entry: Entry, count: int) -> list[str]:
    """The names of the positional arguments of `forward`, at least `count`; `parameters[0]` for `*parameters`."""
    reference = op(entry)
    names: list[str] = list(getattr(reference, "argument_names", ()))
    if names:
        return names
    for parameter in inspect.signature(reference.forward).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            names += [f"{parameter.name}[{i}]" for i in range(count - len(names))]
        elif parameter.kind is not parameter.KEYWORD_ONLY:
            names.append(parameter.name)
    return names


@lru_cache(maxsize=256)
def answer(entry: Entry, case: Case, *, gradient: bool, samples: int | None = None) -> Answer:
    """Ask PyTorch, in float64 and in the dtype of the case; the noise is measured on demand. Kept for the next to ask.

    `samples`: of the noise; None as many as the adapter says.
    """
    module = op(entry)
    dtype = case.dtype
    upstream = upstream_of(module, case) if gradient else ()
    count = len(upstream)

    def evaluate(inputs: Sequence[Any]) -> list[Any]:
        return run(module, case, inputs[: len(inputs) - count], inputs[len(inputs) - count :])

    tensors = [None if a is None else torch.from_numpy(np.array(a)) for a in (*case.arrays, *upstream)]
    wide = [t.double() if t is not None and t.is_floating_point() else t for t in tensors]
    working = evaluate(tensors)
    truth = evaluate(wide)
    present = [i for i, value in enumerate(truth) if value is not None]
    floating = [i for i in present if truth[i].dtype.kind == "f"]
    unit_of: dict[int, Any] = {}
    if case.exact:  # without rounding there is no noise to measure
        unit_of = {i: rounding(truth[i], dtype) for i in floating}
    elif floating:
        noise = Noise(
            lambda inputs: [r for i, r in enumerate(evaluate(inputs)) if i in floating],
            wide, [truth[i] for i in floating], dtype, case.seed, samples=samples or entry.adapter.samples,
        )  # fmt: skip
        unit_of = {i: Unit(noise, place) for place, i in enumerate(floating)}
    outputs = len(truth) - (len(case.arrays) if gradient else 0)
    names = [f"y[{i}]" if outputs > 1 else "y" for i in range(outputs)]
    if gradient:
        names += [f"d{name}" for name in argument_names(entry, len(case.arrays))]
    found = [
        Expected(names[i], truth[i], working[i], unit_of.get(i)) if i in present else None for i in range(len(truth))
    ]
    return Answer(tuple(e for e in found[:outputs] if e is not None), tuple(found[outputs:]), upstream)


def upstream_of(module: Any, case: Case) -> tuple[Any, ...]:
    """A random gradient for each floating-point output; whole numbers where the case is exact.

    Zeros for an output that PyTorch does not differentiate, such as running statistics: it is not part of a loss.
    """
    if case.upstream is not None:
        return case.upstream
    generator = np.random.default_rng(case.seed)
    inputs = [None if a is None else torch.from_numpy(np.array(a)) for a in case.arrays]
    inputs = [a.requires_grad_() if a is not None and a.is_floating_point() else a for a in inputs]
    gradients = []
    for output in _as_tuple(module.forward(*inputs, **case.options)):
        shape, dtype = tuple(output.shape), output.detach().numpy().dtype
        if not output.requires_grad:
            values = np.zeros(shape)
        elif case.exact:
            values = generator.integers(1, 4, shape) * generator.choice((-1, 1), shape)
        else:
            values = generator.standard_normal(shape)
        gradients.append(np.asarray(values, dtype))
    return tuple(gradients)


def run(module: Any, case: Case, inputs: Sequence[Any], upstream: Sequence[Any]) -> list[Any]:
    """Outputs, then the gradient of each input where `upstream` is given, as NumPy arrays or None."""
    leaves = [
        t.detach().requires_grad_(bool(upstream)) if t is not None and t.is_floating_point() else t for t in inputs
    ]
    outputs = _as_tuple(module.forward(*leaves, **case.options))
    results: list[Any] = [output.detach().numpy() for output in outputs]
    if not upstream:
        return results
    wanted = [i for i, leaf in enumerate(leaves) if leaf is not None and leaf.requires_grad]
    gradients: list[Any] = [None] * len(leaves)
    pairs = [(o, g.to(o.dtype)) for o, g in zip(outputs, upstream, strict=True) if o.requires_grad]
    if pairs and wanted:
        found = torch.autograd.grad(
            [o for o, _ in pairs], [leaves[i] for i in wanted], [g for _, g in pairs], allow_unused=True
        )
        for i, value in zip(wanted, found, strict=True):
            gradients[i] = None if value is None else value.numpy()
    return results + gradients


def _as_tuple(result: Any) -> tuple[Any, ...]:
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)
