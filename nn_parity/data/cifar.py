"""CIFAR-10 in its binary version: a row of records, one byte of label and 3 × 32 × 32 bytes of pixels each.

A folder may hold some of the five training batches, and a shorter test batch: then that is the data set, and
`source` says how many batches there were. The number of records is not written in the file, so a batch that
ends early between two records cannot be told from a small one.

Source: Krizhevsky 2009, "Learning multiple layers of features from tiny images".
"""

import os
from pathlib import Path

import numpy as np

from .dataset import DataError, Dataset, Split
from .mirrors import CIFAR_TEST_FILE, CIFAR_TRAIN_FILES

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
IMAGE = (3, 32, 32)
RECORD = 1 + 3 * 32 * 32  # bytes


def cifar10(folder: Path) -> Dataset:
    """Small colour photographs: uint8 (50000, 3, 32, 32) and (10000, 3, 32, 32)."""
    batches = [folder / name for name in CIFAR_TRAIN_FILES if os.path.isfile(folder / name)]
    parts = [read_batch(file) for file in batches]
    images, labels = zip(*parts, strict=True)
    return Dataset(
        "cifar10",
        train=Split(np.concatenate(images), np.concatenate(labels)),
        test=read_batch(folder / CIFAR_TEST_FILE),
        classes=CLASSES,
        source=f"{folder} ({len(batches)} of {len(CIFAR_TRAIN_FILES)} training batches)",
    )


def read_batch(file: Path) -> Split:
    """One batch file: images uint8 (N, 3, 32, 32), labels int64 (N,).

    Raises DataError, with the name of the file, when it is not a whole number of records, or a label
    is not 0 to 9.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror})") from error
    if len(content) == 0 or len(content) % RECORD:
        raise DataError(
            f"{file}: {len(content):,} bytes, expected records of {RECORD:,} bytes: "
            f"{len(content) // RECORD:,} records and {len(content) % RECORD:,} bytes"
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
    labels = records[:, 0].astype(np.int64)
    if labels.max() >= len(CLASSES):
        place = int(np.argmax(labels >= len(CLASSES)))
        raise DataError(f"{file}: label {labels[place]} in record {place}, expected 0 to {len(CLASSES) - 1}")
    return Split(records[:, 1:].reshape(-1, *IMAGE).copy(), labels)
