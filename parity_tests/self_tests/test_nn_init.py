"""First values: in law, and each layer's default; and what bad ones do."""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
import torch

from nn_parity import initialization
from scratch import nn
from scratch.autograd.tensor import Tensor
from scratch.nn.init._quantile import quantile

from ..harness.judge import compare
from ..harness.reference import Expected
from ..harness.rounding import rounding
from .within_noise import agree

SHAPES = ((40, 60), (60, 40), (20, 10, 3, 3), (30, 10, 7))
NORMAL = NormalDist()
KOLMOGOROV = 1.95  # √n · D is larger than this once in a thousand samples of the right law

Law = Callable[[float], float]


def tensor(*shape: int, dtype: Any = np.float32) -> Tensor:
    return Tensor(np.full(shape, np.nan, dtype), requires_grad=True)


def generator() -> np.random.Generator:
    return np.random.default_rng(0)


def follows(values: Any, law: Law) -> bool:
    """Kolmogorov and Smirnov: how far the share of values below x is from what the law says, at its farthest."""
    ordered = np.sort(np.asarray(values, np.float64).ravel())
    expected = np.array([law(x) for x in ordered])
    steps = np.arange(len(ordered) + 1) / len(ordered)
    distance = max(np.max(steps[1:] - expected), np.max(expected - steps[:-1]))
    return bool(distance * math.sqrt(len(ordered)) < KOLMOGOROV)


def uniform(a: float, b: float) -> Law:
    return lambda x: min(max((x - a) / (b - a), 0.0), 1.0)


def normal(mean: float, std: float) -> Law:
    return NormalDist(mean, std).cdf


def truncated(mean: float, std: float, a: float, b: float) -> Law:
    low, high = NORMAL.cdf((a - mean) / std), NORMAL.cdf((b - mean) / std)
    return lambda x: (NORMAL.cdf((x - mean) / std) - low) / (high - low) if a <= x <= b else float(x > b)


# The fans and gains of PyTorch


@pytest.mark.parametrize("shape", SHAPES)
def test_fans_are_those_of_pytorch(shape: tuple[int, ...]) -> None:
    from scratch.nn.init._fans import fans

    assert fans(tensor(*shape)) == torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


@pytest.mark.parametrize(
    "name", ["linear", "conv2d", "conv_transpose3d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]
)
@pytest.mark.parametrize("param", [None, 0.2, math.sqrt(5)])
def test_gains_are_those_of_pytorch(name: Any, param: float | None) -> None:
    assert nn.init.calculate_gain(name, param) == torch.nn.init.calculate_gain(name, param)


# The laws


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_initializer_follows_its_law(shape: tuple[int, ...], dtype: Any) -> None:
    fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
    xavier, kaiming = math.sqrt(2 / (fan_in + fan_out)), math.sqrt(2 / fan_in)
    leaky = math.sqrt(2 / (1 + 0.2**2) / fan_out)
    root3 = math.sqrt(3)
    laws: list[tuple[Callable[..., Tensor], dict[str, Any], Law]] = [
        (nn.init.uniform_, {"a": -1.0, "b": 3.0}, uniform(-1, 3)),
        (nn.init.normal_, {"mean": 2.0, "std": 0.5}, normal(2, 0.5)),
        (nn.init.trunc_normal_, {}, truncated(0, 1, -2, 2)),
        (nn.init.trunc_normal_, {"mean": 0.5, "std": 0.4, "a": 0.0, "b": 2.0}, truncated(0.5, 0.4, 0, 2)),
        (nn.init.trunc_normal_, {"a": 1.0, "b": 9.0}, truncated(0, 1, 1, 9)),
        (nn.init.trunc_normal_, {"a": -math.inf, "b": 0.5}, truncated(0, 1, -math.inf, 0.5)),
        (nn.init.xavier_uniform_, {"gain": 2.0}, uniform(-2 * root3 * xavier, 2 * root3 * xavier)),
        (nn.init.xavier_normal_, {}, normal(0, xavier)),
        (nn.init.kaiming_uniform_, {"nonlinearity": "relu"}, uniform(-root3 * kaiming, root3 * kaiming)),
        (nn.init.kaiming_normal_, {"a": 0.2, "mode": "fan_out"}, normal(0, leaky)),
    ]
    for initialize, options, law in laws:
        x = tensor(*shape, dtype=dtype)
        assert initialize(x, generator=generator(), **options) is x
        assert x.dtype == dtype
        assert x.requires_grad and x.is_leaf
        assert follows(x.data, law), initialize.__name__


def test_the_test_of_the_law_notices_another_law() -> None:
    values = generator().standard_normal(2400)
    assert follows(values, normal(0, 1))
    assert not follows(values * 1.25, normal(0, 1))
    assert not follows(values + 0.15, normal(0, 1))
    assert not follows(np.clip(values, -1, 1), truncated(0, 1, -1, 1))
    assert not follows(generator().uniform(-2, 2, 2400), uniform(-1.7, 1.7))


def test_pytorch_truncates_with_the_same_law() -> None:
    """Ours inverts the distribution function, PyTorch's draws again: the row compares with a reference that inverts."""
    torch.manual_seed(0)
    for options in ({}, {"mean": 0.5, "std": 0.4, "a": 0.0, "b": 2.0}, {"a": 1.0, "b": 9.0}):
        values = torch.nn.init.trunc_normal_(torch.empty(2400), **options).numpy()
        assert follows(values, truncated(**{"mean": 0.0, "std": 1.0, "a": -2.0, "b": 2.0, **options}))


def test_truncated_numbers_stay_between_the_ends_and_finite() -> None:
    ends = tensor(100_000)
    nn.init.trunc_normal_(ends, mean=3.0, a=-2.0, b=2.0, generator=generator())
    assert -2 <= ends.data.min() <= ends.data.max() <= 2

    class Extremes:
        def random(self, shape: Any, dtype: Any) -> Any:
            return np.array([0.0, 1 - 2**-24], dtype)

    nn.init.trunc_normal_(two := tensor(2), a=-math.inf, b=math.inf, generator=Extremes())  # type: ignore[arg-type]
    assert np.isfinite(two.data).all()


@pytest.mark.parametrize("shape", [*SHAPES, (5, 5), (1, 7)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_orthogonal_weights_turn_and_do_not_stretch(shape: tuple[int, ...], dtype: Any) -> None:
    x = nn.init.orthogonal_(tensor(*shape, dtype=dtype), gain=2.0, generator=generator()).data.reshape(shape[0], -1)
    product = x @ x.T if x.shape[0] <= x.shape[1] else x.T @ x
    rounded = np.finfo(dtype).eps * max(x.shape) * np.abs(x).max() ** 2  # a sum of products, each rounded once
    assert np.max(np.abs(product - 4 * np.eye(len(product)))) < rounded


def test_orthogonal_matrices_have_no_preferred_direction() -> None:
    """Mezzadri: without the signs of R, the first entry would hardly ever be positive."""
    g = generator()
    first = [nn.init.orthogonal_(tensor(3, 3), generator=g).data[0, 0] for _ in range(2000)]
    assert follows(first, uniform(-1, 1))  # Archimedes: a coordinate of a random point on a sphere is uniform


# Layers


def test_the_default_of_every_layer_is_that_of_pytorch() -> None:
    dense = nn.Linear(50, 80, generator=generator())
    bound = 1 / math.sqrt(50)
    assert follows(dense.weight.data, uniform(-bound, bound))
    assert follows(nn.Linear(50, 2000, generator=generator()).bias.data, uniform(-bound, bound))  # type: ignore[union-attr]
    torch.manual_seed(0)
    assert follows(torch.nn.Linear(50, 80).weight.detach().numpy(), uniform(-bound, bound))
    for name, arguments in (("BatchNorm1d", (3,)), ("BatchNorm2d", (3,)), ("LayerNorm", (3,)), ("RMSNorm", ((2, 3),)),
                            ("GroupNorm", (1, 3))):  # fmt: skip
        ours, theirs = getattr(nn, name)(*arguments).state_dict(), getattr(torch.nn, name)(*arguments).state_dict()
        assert list(ours) == list(theirs)
        for key, value in theirs.items():
            assert np.array_equal(ours[key], value.numpy()), (name, key)


def test_a_generator_repeats_itself_and_no_generator_does_not() -> None:
    first, second = (nn.Linear(3, 4, generator=generator()) for _ in range(2))
    assert np.array_equal(first.weight.data, second.weight.data)
    assert not np.array_equal(nn.Linear(3, 4).weight.data, nn.Linear(3, 4).weight.data)
    first.reset_parameters(generator())
    assert np.array_equal(first.weight.data, second.weight.data)
    assert nn.Linear(3, 4, dtype=np.float64).weight.dtype == np.float64


def test_layers_without_inputs_or_outputs() -> None:
    for inputs, outputs in ((0, 3), (3, 0)):
        y = nn.Linear(inputs, outputs)(Tensor(np.ones((2, inputs), np.float32)))
        assert y.shape == (2, outputs)


# What bad first values do


def test_the_demonstration_shows_what_it_says() -> None:
    tanh = {each.initializer: each for each in initialization.study("tanh")}
    relu = {each.initializer: each for each in initialization.study("ReLU")}
    for depths in (tanh, relu):
        assert set(depths["zeros"].signal) == set(depths["zeros"].gradient) == {0.0}
        assert depths["too small"].signal[-1] < 1e-20 * depths["too small"].signal[0]
        assert 0.1 < depths["Kaiming"].signal[-1] / depths["Kaiming"].signal[0] < 10
    assert relu["too large"].signal[-1] > 1e20
    assert tanh["too large"].dead[-1] > 0.5 > tanh["Xavier"].dead[-1]
    assert tanh["Xavier"].signal[-1] / tanh["Xavier"].signal[0] > 0.1
    # The same random numbers, smaller by √2 in each layer: the same network but for one rounding of each weight.
    expected = np.array(relu["Kaiming"].signal) * 0.5 ** (np.arange(1, 31) / 2)
    roundings = np.arange(1, 31) * rounding(expected, np.dtype(np.float32))
    compare(Expected("signal", expected, expected, roundings), np.array(relu["Xavier"].signal), "forward")
    verdicts = {name: initialization.verdict(each) for name, each in relu.items()}
    assert {name for name, text in verdicts.items() if "can be trained" in text} == {"Kaiming"}
    assert "can be trained" in initialization.verdict(tanh["Xavier"])


def test_the_quantile_function_has_all_digits_in_the_middle_and_in_the_tails() -> None:
    shares = np.concatenate([np.linspace(0.001, 0.999, 999), [1e-300, 1e-12, 1e-4, 0.0046, 0.0047, 1 - 1e-4]])
    agree([quantile(shares)], lambda inputs: [torch.special.ndtri(inputs[0]).numpy()], [shares])
