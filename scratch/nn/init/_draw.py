"""Random numbers for a tensor, and how they get into it.

Every initializer takes `generator=np.random.default_rng(seed)`; without one, the numbers are different each time.
"""

from typing import Any

import numpy as np

from ...autograd.tape import no_grad
from ...autograd.tensor import Tensor
from ...types import Array

Generator = np.random.Generator | None


def uniform_numbers(tensor: Tensor, generator: Generator) -> Array | Any:
    """Numbers from [0, 1), in the shape and dtype of the tensor."""
    return _or_new(generator).random(tensor.shape, tensor.dtype)


def normal_numbers(tensor: Tensor, generator: Generator) -> Array | Any:
    """Numbers with mean 0 and standard deviation 1, in the shape and dtype of the tensor."""
    return _or_new(generator).standard_normal(tensor.shape, tensor.dtype)


def _or_new(generator: Generator) -> Any:
    return np.random.default_rng() if generator is None else generator


def fill(tensor: Tensor, values: Any) -> Tensor:
    """Write the values into the tensor. It is a leaf that needs gradients, so this must not be recorded."""
    with no_grad():
        tensor[...] = values
    return tensor
