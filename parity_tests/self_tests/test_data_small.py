"""Generated and embedded data sets, the conversion to floats, and the table of names."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_parity import data
from nn_parity.data import DataError, Split
from nn_parity.data.dataset import Array
from nn_parity.data.embedded import stratified_split
from nn_parity.data.generated import spiral

from ..harness.judge import compare
from ..harness.reference import Expected
from ..harness.rounding import rounding

SEEDS = st.integers(0, 2**32)


def same(one: Split | None, other: Split | None) -> bool:
    assert one is not None
    assert other is not None
    return np.array_equal(one.inputs, other.inputs) and np.array_equal(one.targets, other.targets)


def test_xor() -> None:
    loaded = data.load("xor")
    assert loaded.test is None
    assert loaded.classes == ("0", "1")
    assert loaded.source == "generated"
    assert loaded.train.inputs.shape == (4, 2)
    assert loaded.train.inputs.dtype == np.float64
    assert len({tuple(point) for point in loaded.train.inputs}) == 4
    np.testing.assert_array_equal(loaded.train.targets, loaded.train.inputs[:, 0] != loaded.train.inputs[:, 1])
    assert loaded.train.targets.dtype == np.int64


@given(seed=SEEDS, arms=st.integers(1, 5), points=st.integers(2, 60))
def test_spiral(seed: int, arms: int, points: int) -> None:
    loaded = spiral(seed, arms=arms, points=points)
    inputs = loaded.train.inputs.reshape(arms, points, 2)
    targets = loaded.train.targets.reshape(arms, points)
    assert inputs.dtype == np.float64
    assert targets.dtype == np.int64
    assert loaded.test is None
    assert (targets == np.arange(arms)[:, None]).all()
    assert len(loaded.classes) == arms
    radius = np.hypot(inputs[..., 0], inputs[..., 1])
    expected = np.broadcast_to(np.linspace(0, 1, points), (arms, points))
    # r sin and r cos, squared, added, and the root: each rounded once, at a size of at most 1.
    compare(Expected("radius", expected, expected, rounding(1.0, np.dtype(np.float64))), radius, "forward")
    # The angle, where there is one, is the noiseless one but for 0.2 · normal: seven sigmas never happen.
    angle = np.arctan2(inputs[..., 0], inputs[..., 1])[:, 1:]
    noiseless = (4 * np.arange(arms)[:, None] + 4 * np.linspace(0, 1, points))[:, 1:]
    noise = np.angle(np.exp(1j * (angle - noiseless)))
    assert np.abs(noise).max() < 7 * 0.2


def test_the_noise_of_the_spiral() -> None:
    inputs = spiral(0, arms=1, points=20_000).train.inputs[1:]
    noise = np.angle(np.exp(1j * (np.arctan2(*inputs.T) - 4 * np.linspace(0, 1, 20_000)[1:])))
    # five standard errors of a mean and of a standard deviation
    assert abs(noise.mean()) < 5 * 0.2 / np.sqrt(len(noise))
    assert abs(noise.std() - 0.2) < 5 * 0.2 / np.sqrt(2 * len(noise))


def test_the_default_spiral() -> None:
    assert data.load("spiral").train.inputs.shape == (300, 2)
    assert same(data.load("spiral", seed=3).train, data.load("spiral", seed=3).train)
    assert not same(data.load("spiral", seed=3).train, data.load("spiral", seed=4).train)


@given(seed=SEEDS)
def test_celsius(seed: int) -> None:
    loaded = data.load("celsius", seed=seed)
    assert loaded.test is not None
    assert loaded.classes == ()
    for split in (loaded.train, loaded.test):
        assert split.inputs.shape == split.targets.shape == (len(split.inputs), 1)
        assert split.inputs.dtype == split.targets.dtype == np.float64
        np.testing.assert_array_equal(5 * (split.targets - 32), 9 * split.inputs)  # exactly
        np.testing.assert_array_equal(split.targets, 1.8 * split.inputs + 32)
    assert len(loaded.train.inputs) == 33
    assert len(loaded.test.inputs) == 8
    assert not set(loaded.train.inputs.flat) & set(loaded.test.inputs.flat)
    assert same(loaded.test, data.load("celsius", seed=seed).test)


@given(
    targets=hnp.arrays(np.int64, st.integers(0, 80), elements=st.integers(0, 3)),
    seed=SEEDS,
    share=st.sampled_from([0.0, 0.2, 0.5, 1.0]),
)
def test_stratified_split(targets: Array, seed: int, share: float) -> None:
    rows = np.arange(len(targets))
    train, test = stratified_split(rows, targets, seed=seed, test_share=share)
    assert sorted([*train.inputs, *test.inputs]) == rows.tolist()  # everyone is in one of the two
    for split in (train, test):
        np.testing.assert_array_equal(split.targets, targets[split.inputs])  # with their own label
    for label in range(4):
        assert np.sum(test.targets == label) == round(share * np.sum(targets == label))
    assert same(test, stratified_split(rows, targets, seed=seed, test_share=share)[1])


@pytest.mark.parametrize(
    ("name", "shape", "classes", "low", "high"),
    [("breast_cancer", (569, 30), 2, 0, 4254), ("digits", (1797, 8, 8), 10, 0, 16)],
)
def test_embedded(name: str, shape: tuple[int, ...], classes: int, low: float, high: float) -> None:
    loaded = data.load(name)
    assert loaded.test is not None
    assert loaded.source == "scikit-learn"
    assert len(loaded.classes) == classes
    inputs = np.concatenate([loaded.train.inputs, loaded.test.inputs])
    targets = np.concatenate([loaded.train.targets, loaded.test.targets])
    assert inputs.shape == shape
    assert inputs.dtype == np.float64
    assert targets.dtype == np.int64
    assert (inputs.min(), inputs.max()) == (low, high)
    assert set(targets) == set(range(classes))
    assert abs(len(loaded.test.targets) - 0.2 * len(targets)) <= classes / 2  # each class rounds once
    assert same(loaded.test, data.load(name, seed=0).test)
    assert not same(loaded.test, data.load(name, seed=1).test)


@pytest.mark.parametrize("name", ["breast_cancer", "digits"])
def test_without_scikit_learn(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert not data.available(name)
    assert data.where(name) is None
    with pytest.raises(DataError, match=rf"{name} comes with scikit-learn.*pip install 'nn-parity\[data\]'"):
        data.load(name)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_as_floats(dtype: type) -> None:
    images = np.arange(256, dtype=np.uint8).reshape(4, 1, 8, 8)
    floats = data.as_floats(images, dtype)
    assert floats.dtype == dtype
    assert floats.shape == images.shape
    np.testing.assert_array_equal(floats, (images.astype(np.float64) / 255).astype(dtype), strict=True)
    assert floats.min() == 0
    assert floats.max() == 1
    assert images.max() == 255


def test_as_floats_is_single_precision_unless_asked() -> None:
    assert data.as_floats(np.zeros((0, 28, 28), np.uint8)).dtype == np.float32


def test_as_floats_refuses_what_are_no_pixels() -> None:
    with pytest.raises(TypeError, match=r"images must be uint8.*float64"):
        data.as_floats(np.zeros((2, 8, 8)))
    with pytest.raises(TypeError, match=r"dtype must be a floating type.*int64"):
        data.as_floats(np.zeros((2, 8, 8), np.uint8), np.int64)


def test_every_name_has_one_line() -> None:
    assert set(data.names()) == {
        *("xor", "spiral", "celsius", "breast_cancer", "diabetes", "digits", "sunspots"),
        *("mnist", "fashion_mnist", "cifar10", "tinyshakespeare", "names"),
    }
    for name in data.names():
        assert data.describe(name)
        assert "\n" not in data.describe(name)
        assert data.available(name) == (data.where(name) is not None)
    assert data.where("xor") == "generated"


def test_wrong_names() -> None:
    for function in (data.load, data.load_text, data.available, data.describe, data.where):
        with pytest.raises(DataError, match=r"no data set is called 'mnits'; there are xor, .*mnist"):
            function("mnits")
    with pytest.raises(DataError, match=r"load_text\('names'\)"):
        data.load("names")
    with pytest.raises(DataError, match=r"load\('mnist'\)"):
        data.load_text("mnist")


def test_a_data_set_cannot_be_changed_by_accident() -> None:
    with pytest.raises(AttributeError):
        data.load("xor").name = "or"  # type: ignore[misc]
