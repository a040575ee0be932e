"""MNIST and Fashion-MNIST: four IDX files, images and labels of the training and of the test part.

Source: LeCun, Bottou, Bengio & Haffner 1998; Xiao, Rasul & Vollgraf 2017, arXiv:1708.07747.
"""

import os
from pathlib import Path

import numpy as np

from . import idx
from .dataset import Array, DataError, Dataset, Split
from .mirrors import IDX_FILES

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)


def mnist(folder: Path) -> Dataset:
    """Handwritten digits: uint8 (60000, 28, 28) and (10000, 28, 28)."""
    return _read("mnist", folder, DIGITS)


def fashion_mnist(folder: Path) -> Dataset:
    """Clothes, in the format of MNIST: uint8 (60000, 28, 28) and (10000, 28, 28)."""
    return _read("fashion_mnist", folder, CLOTHES)


def _read(name: str, folder: Path, classes: tuple[str, ...]) -> Dataset:
    train_images, train_labels, test_images, test_labels = (_plain_or_gzip(folder, file) for file in IDX_FILES)
    train = _read_split(train_images, train_labels, len(classes))
    test = _read_split(test_images, test_labels, len(classes))
    return Dataset(name, train, test, classes, source=str(folder))


def _plain_or_gzip(folder: Path, file: str) -> Path:
    return folder / file if os.path.isfile(folder / file) else folder / f"{file}.gz"


def _read_split(images_file: Path, labels_file: Path, classes: int) -> Split:
    images = _expect(images_file, idx.read(images_file), "images, uint8 (N, 28, 28)", (28, 28))
    labels = _expect(labels_file, idx.read(labels_file), "labels, uint8 (N,)", ())
    if len(images) != len(labels):
        raise DataError(
            f"{labels_file}: {len(labels):,} labels for the {len(images):,} images of {images_file}; "
            "is one of the two from another part?"
        )
    if labels.max() >= classes:
        place = int(np.argmax(labels >= classes))
        raise DataError(f"{labels_file}: label {labels[place]} at index {place}, expected 0 to {classes - 1}")
    return Split(images, labels.astype(np.int64))


def _expect(file: Path, array: Array, what: str, item_shape: tuple[int, ...]) -> Array:
    if array.dtype != np.uint8 or array.ndim == 0 or array.shape[1:] != item_shape:
        raise DataError(f"{file}: expected {what}; it holds {array.dtype} {array.shape}")
    if len(array) == 0:
        raise DataError(f"{file}: expected {what}; it is empty")
    return array
