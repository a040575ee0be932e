"""For self tests that compare figures: within the noise of PyTorch, or up to roundings that were counted."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from ..harness.judge import compare
from ..harness.reference import Expected
from ..harness.rounding import Noise, rounding

Computation = Callable[[list[torch.Tensor]], list[Any]]  # tensors → arrays


def agree(ours: Sequence[Any], theirs: Computation, inputs: Sequence[Any]) -> None:
    """Raise Disagreement unless our arrays are what PyTorch computes from the same inputs, within its noise."""
    dtype = next(x.dtype for x in ours if x.dtype.kind == "f")
    tensors = [torch.from_numpy(np.array(x)) for x in inputs]
    precise = [x.double() if x.is_floating_point() else x for x in tensors]
    truth = theirs([x.clone() for x in precise])
    working = theirs([x.clone() for x in tensors])
    units = Noise(theirs, precise, truth, dtype, seed=0).whole()
    assert len(ours) == len(truth)
    for i, (found, right, near, unit) in enumerate(zip(ours, truth, working, units, strict=True)):
        compare(Expected(f"result {i}", right, near, unit), found, "forward")


def agree_but_for(roundings: int, found: Any, wanted: Any, size: Any = 0.0) -> None:
    """Raise AssertionError unless two figures differ by so many roundings at most: those of both ways, counted.

    size: of the numbers that were rounded on the way, where they are larger than the result. A rounding moves a number
    by half of the gap between its neighbours; the other half of a gap is for what becomes of earlier roundings.
    """
    found = np.asarray(found)
    gap = rounding(np.maximum(np.abs(wanted), np.abs(size)), found.dtype)
    apart = np.abs(found.astype(np.float64) - wanted) / gap
    assert np.all(apart <= roundings), f"{np.max(apart)} roundings apart: {found}, wanted {wanted}"
