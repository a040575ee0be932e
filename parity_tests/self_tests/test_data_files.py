"""Stored data sets: where they are looked for, and what is refused."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_parity import data
from nn_parity.data import DataError, cifar, locate, mnist
from nn_parity.data.dataset import Array
from nn_parity.data.idx import encode
from nn_parity.data.mirrors import IDX_FILES

TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = IDX_FILES


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, no environment variable."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(locate, "cache_folder", lambda: folder)
    monkeypatch.delenv("NN_PARITY_DATA", raising=False)
    return folder


@pytest.fixture
def root(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the environment variable names."""
    folder = tmp_path / "root"
    monkeypatch.setenv("NN_PARITY_DATA", str(folder))
    return folder


def images(count: int) -> Array:
    return np.random.default_rng(count).integers(0, 256, (count, 28, 28), np.uint8)


def labels(count: int) -> Array:
    return (np.arange(count) % 10).astype(np.uint8)


def fill_mnist(folder: Path, *, zipped: bool = False, train: int = 11, test: int = 4) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    arrays = (images(train), labels(train), images(test), labels(test))
    for name, array in zip(IDX_FILES, arrays, strict=True):
        if zipped:
            (folder / f"{name}.gz").write_bytes(gzip.compress(encode(array)))
        else:
            (folder / name).write_bytes(encode(array))


def cifar_records(count: int, seed: int = 0) -> Array:
    records = np.random.default_rng(seed).integers(0, 256, (count, 3073), np.uint8)
    records[:, 0] = labels(count)
    return records


def fill_cifar(folder: Path, batches: tuple[int, ...] = (1,), *, train: int = 3, test: int = 2) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in batches:
        (folder / f"data_batch_{number}.bin").write_bytes(cifar_records(train, seed=number).tobytes())
    (folder / "test_batch.bin").write_bytes(cifar_records(test).tobytes())


def refused(read: Callable[[], object], *says: object) -> None:
    with pytest.raises(DataError) as caught:
        read()
    for what in says:
        assert str(what) in str(caught.value)


# Where they are looked for


def test_nothing_anywhere(cache: Path) -> None:
    assert not data.available("mnist")
    assert data.where("mnist") is None
    refused(
        lambda: data.load("mnist", download=False),
        cache / "mnist",
        "no such folder",
        TRAIN_IMAGES,
        "NN_PARITY_DATA",
    )
    assert not cache.exists()


def test_the_variable_comes_before_the_cache(root: Path, cache: Path) -> None:
    fill_mnist(cache / "mnist")
    assert data.where("mnist") == str(cache / "mnist") == data.load("mnist", download=False).source
    fill_mnist(root / "mnist", train=5)
    assert data.where("mnist") == str(root / "mnist") == data.load("mnist", download=False).source
    assert data.available("mnist")


def test_an_incomplete_folder_is_passed_over_and_named(root: Path, cache: Path) -> None:
    fill_mnist(root / "mnist")
    (root / "mnist" / TEST_LABELS).unlink()
    assert not data.available("mnist")
    refused(
        lambda: data.load("mnist", download=False),
        f"{root / 'mnist'}: lacks {TEST_LABELS} or {TEST_LABELS}.gz",
        f"{cache / 'mnist'}: no such folder",
    )
    fill_mnist(cache / "mnist")
    assert data.load("mnist", download=False).source == str(cache / "mnist")


def test_a_folder_in_the_place_of_a_file_is_no_file(root: Path) -> None:
    fill_mnist(root / "mnist")
    (root / "mnist" / TEST_LABELS).unlink()
    (root / "mnist" / TEST_LABELS).mkdir()
    assert not data.available("mnist")


@pytest.mark.parametrize("value", ["", "/no/such/folder", __file__])
def test_a_useless_variable_raises_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("NN_PARITY_DATA", value)
    assert not any(data.available(name) for name in ("mnist", "fashion_mnist", "cifar10", "names"))
    fill_mnist(cache / "mnist")
    assert data.available("mnist")


def test_the_home_folder_may_be_a_tilde(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("NN_PARITY_DATA", "~/here")
    fill_mnist(tmp_path / "here" / "mnist")
    assert data.where("mnist") == str(tmp_path / "here" / "mnist")


def test_the_cache_is_the_users_own() -> None:
    assert data.cache_folder().is_absolute()
    assert "nn-parity" in data.cache_folder().parts


# MNIST


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_mnist(root: Path, name: str, zipped: bool) -> None:
    fill_mnist(root / name, zipped=zipped)
    loaded = data.load(name)
    assert loaded.name == name
    assert len(loaded.classes) == 10
    assert loaded.test is not None
    np.testing.assert_array_equal(loaded.train.inputs, images(11), strict=True)
    np.testing.assert_array_equal(loaded.train.targets, labels(11).astype(np.int64), strict=True)
    np.testing.assert_array_equal(loaded.test.inputs, images(4), strict=True)
    np.testing.assert_array_equal(loaded.test.targets, labels(4).astype(np.int64), strict=True)
    assert loaded.train.inputs.flags.writeable


@pytest.fixture(scope="module")
def mnist_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mnist")
    fill_mnist(folder)
    return folder


@given(name=st.sampled_from(IDX_FILES), place=st.integers(0, 3), change=st.integers(1, 255))
def test_any_other_magic_number_is_refused(mnist_folder: Path, name: str, place: int, change: int) -> None:
    file = mnist_folder / name
    whole = file.read_bytes()
    broken = bytearray(whole)
    broken[place] ^= change
    file.write_bytes(broken)
    try:
        refused(lambda: mnist.mnist(mnist_folder), file)
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize(
    ("file", "array", "says"),
    [
        (TRAIN_IMAGES, labels(11), "expected images"),
        (TRAIN_LABELS, images(11), "expected labels"),
        (TRAIN_IMAGES, images(4), "11 labels for the 4 images"),  # the images of the test part
        (TEST_LABELS, labels(11), "11 labels for the 4 images"),  # the labels of the training part
        (TRAIN_LABELS, labels(10), "10 labels for the 11 images"),
        (TEST_LABELS, np.array([0, 9, 10, 9], np.uint8), "label 10 at index 2, expected 0 to 9"),
        (TRAIN_IMAGES, images(11).astype(np.int32), "int32 (11, 28, 28)"),
        (TRAIN_IMAGES, np.zeros((11, 32, 32), np.uint8), "(11, 32, 32)"),
        (TRAIN_IMAGES, np.array(0, np.uint8), "()"),
        (TRAIN_LABELS, np.array(0, np.uint8), "()"),
        (TEST_IMAGES, images(0), "empty"),
        (TEST_LABELS, labels(0), "empty"),
    ],
)
def test_wrong_files_of_mnist(root: Path, file: str, array: Array, says: str) -> None:
    fill_mnist(root / "mnist")
    path = root / "mnist" / file
    path.write_bytes(encode(array))
    refused(lambda: data.load("mnist"), path, says)


def test_a_count_mismatch_names_both_files(root: Path) -> None:
    fill_mnist(root / "mnist", zipped=True)
    folder = root / "mnist"
    (folder / f"{TRAIN_LABELS}.gz").write_bytes((folder / f"{TEST_LABELS}.gz").read_bytes())
    refused(lambda: data.load("mnist"), folder / f"{TRAIN_LABELS}.gz", folder / f"{TRAIN_IMAGES}.gz")


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", b"\x1f\x8bgarbage", b"\x1f\x8b\x08\0" * 9])
def test_garbage_named_gz(root: Path, content: bytes) -> None:
    fill_mnist(root / "mnist", zipped=True)
    path = root / "mnist" / f"{TEST_IMAGES}.gz"
    path.write_bytes(content)
    refused(lambda: data.load("mnist"), path, "gzip")


# CIFAR-10


@pytest.mark.parametrize("folder", ["cifar10/cifar-10-batches-bin", "cifar10"])
@pytest.mark.parametrize("batches", [(1,), (2, 5), (1, 2, 3, 4, 5)])
def test_cifar(root: Path, folder: str, batches: tuple[int, ...]) -> None:
    fill_cifar(root / folder, batches)
    loaded = data.load("cifar10")
    records = np.concatenate([cifar_records(3, seed=number) for number in batches])
    np.testing.assert_array_equal(loaded.train.inputs, records[:, 1:].reshape(-1, 3, 32, 32), strict=True)
    np.testing.assert_array_equal(loaded.train.targets, records[:, 0].astype(np.int64), strict=True)
    assert loaded.test is not None
    assert loaded.test.inputs.shape == (2, 3, 32, 32)
    assert loaded.train.inputs.flags.writeable
    assert loaded.test.inputs.flags.writeable
    assert loaded.source == f"{root / folder} ({len(batches)} of 5 training batches)"
    assert loaded.classes[6] == "frog"


def test_the_layout_of_a_cifar_record(tmp_path: Path) -> None:
    """A byte of label, then 1,024 of red, of green, of blue, each row by row."""
    record = np.zeros(3073, np.uint8)
    record[0], record[1 + 1024 + 32 * 3 + 5] = 7, 99
    (tmp_path / "data_batch_1.bin").write_bytes(record.tobytes())
    split = cifar.read_batch(tmp_path / "data_batch_1.bin")
    assert split.targets.tolist() == [7]
    assert split.inputs[0, 1, 3, 5] == 99
    assert split.inputs.sum() == 99


def test_cifar_without_a_test_batch_or_without_training_batches(root: Path) -> None:
    fill_cifar(root / "cifar10")
    (root / "cifar10" / "test_batch.bin").unlink()
    refused(lambda: data.load("cifar10", download=False), root / "cifar10", "lacks test_batch.bin")
    fill_cifar(root / "cifar10", ())
    (root / "cifar10" / "data_batch_1.bin").unlink()
    refused(lambda: data.load("cifar10", download=False), "lacks data_batch_1.bin or data_batch_2.bin")


@pytest.mark.parametrize("kept", [0, 1, 3072, 3074, 3 * 3073 - 1])
@pytest.mark.parametrize("file", ["data_batch_1.bin", "test_batch.bin"])
def test_cifar_of_a_wrong_size(root: Path, file: str, kept: int) -> None:
    fill_cifar(root / "cifar10", test=3)
    path = root / "cifar10" / file
    path.write_bytes(path.read_bytes()[:kept])
    refused(lambda: data.load("cifar10"), path, f"{kept:,} bytes", "3,073")


@pytest.mark.parametrize("file", ["data_batch_1.bin", "test_batch.bin"])
def test_cifar_with_a_label_out_of_range(root: Path, file: str) -> None:
    fill_cifar(root / "cifar10")
    records = cifar_records(3)
    records[2, 0] = 10
    (root / "cifar10" / file).write_bytes(records.tobytes())
    refused(lambda: data.load("cifar10"), root / "cifar10" / file, "label 10 in record 2")


# Texts


@pytest.mark.parametrize("name", ["tinyshakespeare", "names"])
def test_text(root: Path, name: str) -> None:
    (root / "text").mkdir(parents=True)
    assert not data.available(name)
    path = root / "text" / f"{name}.txt"
    path.write_bytes("Ödön\r\n\nEnd".encode())
    assert data.available(name)
    assert data.load_text(name) == (name, "Ödön\r\n\nEnd", str(path))


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"abc\xff", "byte 3"), (gzip.compress(b"a"), "UTF-8")],
    ids=["empty", "latin-1", "zipped"],
)
def test_a_file_that_is_no_text(root: Path, content: bytes, says: str) -> None:
    (root / "text").mkdir(parents=True)
    (root / "text" / "names.txt").write_bytes(content)
    refused(lambda: data.load_text("names"), root / "text" / "names.txt", says)
