"""For self tests that compare whole computations: agreement within the noise of the same computation in PyTorch."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from ..harness.judge import compare
from ..harness.reference import Expected
from ..harness.rounding import noise

Computation = Callable[[list[torch.Tensor]], list[Any]]  # tensors → arrays


def agree(ours: Sequence[Any], theirs: Computation, inputs: Sequence[Any]) -> None:
    """Raise Disagreement unless our arrays are what PyTorch computes from the same inputs, within its noise."""
    dtype = next(x.dtype for x in ours if x.dtype.kind == "f")
    tensors = [torch.from_numpy(np.array(x)) for x in inputs]
    precise = [x.double() if x.is_floating_point() else x for x in tensors]
    truth = theirs([x.clone() for x in precise])
    working = theirs([x.clone() for x in tensors])
    units = noise(theirs, precise, truth, dtype, seed=0)
    assert len(ours) == len(truth)
    for i, (found, right, near, unit) in enumerate(zip(ours, truth, working, units, strict=True)):
        compare(Expected(f"result {i}", right, near, unit), found, "forward")
