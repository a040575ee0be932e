"""What the row of nn.convolution cannot see: how the layers are made, and what they say about themselves."""

import math
from typing import Any

import numpy as np
import pytest
import torch

from scratch import nn
from scratch.autograd.tensor import Tensor

LAYERS = [
    ("Conv1d", (6, 400, 5), {"stride": 2, "groups": 2}),
    ("Conv2d", (6, 400, (3, 2)), {"padding": "same", "dilation": 2}),
    ("Conv2d", (6, 400, 3), {"bias": False}),
    ("ConvTranspose2d", (400, 6, 3), {"stride": 2, "output_padding": 1, "groups": 2}),
]


@pytest.mark.parametrize(("name", "sizes", "options"), LAYERS)
def test_parameters_start_as_those_of_pytorch(name: str, sizes: Any, options: Any) -> None:
    ours = getattr(nn, name)(*sizes, **options, generator=np.random.default_rng(0))
    torch.manual_seed(0)
    theirs = getattr(torch.nn, name)(*sizes, **options)
    assert {key: value.shape for key, value in ours.state_dict().items()} == {
        key: tuple(value.shape) for key, value in theirs.state_dict().items()
    }
    bound = 1 / math.sqrt(math.prod(ours.weight.shape[1:]))
    for key, parameter in theirs.named_parameters():
        for values in (dict(ours.named_parameters())[key].data, parameter.detach().numpy()):
            assert np.abs(values).max() <= bound
            if values.size > 100:  # uniform: as many in each quarter, but for what chance does
                share = np.histogram(values, 4, (-bound, bound))[0] / values.size
                assert np.abs(share - 0.25).max() < 5 * math.sqrt(0.25 * 0.75 / values.size)


@pytest.mark.parametrize(("name", "sizes", "options"), LAYERS)
def test_a_layer_describes_itself(name: str, sizes: Any, options: Any) -> None:
    text = repr(getattr(nn, name)(*sizes, **options))
    assert text.startswith(f"{name}({sizes[0]}, {sizes[1]}, kernel_size=")
    assert all(f"{option}={value!r}" in text for option, value in options.items())


def test_a_generator_gives_the_same_layer_again() -> None:
    first, second = (nn.Conv2d(2, 3, 3, generator=np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first.weight.data, second.weight.data)
    assert nn.Conv2d(2, 3, 3, dtype=np.float64).weight.dtype == np.float64


@pytest.mark.parametrize("up", [False, True])
def test_multiplications_are_counted(up: bool) -> None:
    """From the sizes alone: 2 · 3 · 3 weights of each of 4 channels, used at every place of the smaller image."""
    layer = (nn.ConvTranspose2d if up else nn.Conv2d)(*((4, 2) if up else (2, 4)), 3, stride=2, padding=1)
    x = Tensor(np.zeros((5, 4, 4, 4) if up else (5, 2, 7, 7), np.float32))
    y = layer(x)
    assert y.shape == ((5, 2, 7, 7) if up else (5, 4, 4, 4))
    assert layer.flops(x, y) == 2 * 5 * (4 * 4) * 4 * (2 * 3 * 3)


@pytest.mark.parametrize("kernel_size", [0, (3, 0), (3,), (3, 3, 3)])
def test_an_impossible_kernel_is_refused(kernel_size: Any) -> None:
    with pytest.raises(ValueError, match="kernel_size"):
        nn.Conv2d(2, 3, kernel_size)


def test_a_mirrored_border_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="padding_mode must be 'zeros'.*'reflect'"):
        nn.Conv2d(2, 3, 3, padding_mode="reflect")
