"""How many operations a workload makes, counted while PyTorch runs it, and how many bytes it cannot do without.

Matrix products, convolutions and attention count a multiplication and an addition for each product, as everybody
does; every other operation counts one for each element of its result, or of its largest argument if that is more (a
sum). Both sides are given the same number, that of the reference: it measures the task, not the program.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

MOVES_DATA = {"view", "reshape", "_unsafe_view", "t", "transpose", "permute", "expand", "detach", "alias", "unsqueeze",
              "squeeze", "slice", "select", "split", "as_strided", "clone", "copy_", "empty", "empty_like", "zeros",
              "zeros_like", "new_zeros", "fill_", "zero_", "unbind", "cat", "stack", "index", "_to_copy", "lift_fresh",
              "ones_like", "ones", "full", "full_like", "constant_pad_nd", "narrow"}  # fmt: skip


class OperationCounter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While active, `count` grows with every operation of PyTorch."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run the operation and count it."""
        result = func(*args, **(kwargs or {}))
        packet = func._overloadpacket
        if packet in flop_registry:
            self.count += int(flop_registry[packet](*args, **(kwargs or {}), out_val=result))
        elif packet.__name__ not in MOVES_DATA:
            tensors = [leaf for leaf in tree_leaves((args, result)) if isinstance(leaf, torch.Tensor)]
            self.count += max((tensor.numel() for tensor in tensors), default=0)
        return result


def bytes_of(arrays: Iterable[Any]) -> int:
    """The size of all arrays together: what has to be read or written once, whatever the program."""
    return sum(int(array.nbytes) for array in arrays if array is not None)
