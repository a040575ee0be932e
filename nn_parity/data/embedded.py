"""Data sets that come inside scikit-learn, an optional package: imported only when one of them is loaded."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from .dataset import Array, DataError, Dataset, Split

SOURCE = "scikit-learn"


def installed() -> bool:
    """Whether scikit-learn is there, found without importing it."""
    return find_spec("sklearn") is not None


def breast_cancer(seed: int = 0) -> Dataset:
    """Wisconsin breast cancer: (569, 30) measurements of cell nuclei as they are, of very different scales.

    Source: Street, Wolberg & Mangasarian 1993.
    """
    bunch = _scikit_learn("breast_cancer").load_breast_cancer()
    classes = tuple(str(name) for name in bunch.target_names)
    return _dataset("breast_cancer", bunch.data, bunch.target, classes, seed)


def digits(seed: int = 0) -> Dataset:
    """Handwritten digits: (1797, 8, 8), grey levels 0 to 16.

    Source: Alpaydin & Kaynak 1998, the test part of "Optical recognition of handwritten digits".
    """
    bunch = _scikit_learn("digits").load_digits()
    return _dataset("digits", bunch.images, bunch.target, tuple("0123456789"), seed)


def diabetes(seed: int = 0) -> Dataset:
    """Diabetes: (442, 10) measurements of patients, centred, and how far the disease had gone a year later: 25 to 346.

    Source: Efron, Hastie, Johnstone & Tibshirani 2004, "Least angle regression".
    """
    bunch = _scikit_learn("diabetes").load_diabetes()
    inputs, targets = bunch.data.astype(np.float64), bunch.target.astype(np.float64)
    order = np.random.default_rng(seed).permutation(len(targets))
    test, train = np.split(order, [round(0.2 * len(order))])
    return Dataset("diabetes", Split(inputs[train], targets[train]), Split(inputs[test], targets[test]), (), SOURCE)


def stratified_split(inputs: Array, targets: Array, *, seed: int, test_share: float = 0.2) -> tuple[Split, Split]:
    """A training and a test part, in which every class has the same share; the seed chooses who goes where.

    Within a part the examples keep their order.
    """
    generator = np.random.default_rng(seed)
    for_test = np.zeros(len(targets), bool)
    for label in np.unique(targets):
        members = np.flatnonzero(targets == label)
        for_test[generator.permutation(members)[: round(test_share * len(members))]] = True
    return Split(inputs[~for_test], targets[~for_test]), Split(inputs[for_test], targets[for_test])


def _dataset(name: str, inputs: Array, targets: Array, classes: tuple[str, ...], seed: int) -> Dataset:
    train, test = stratified_split(inputs.astype(np.float64), targets.astype(np.int64), seed=seed)
    return Dataset(name, train, test, classes, SOURCE)


def _scikit_learn(name: str) -> Any:
    try:
        return import_module("sklearn.datasets")
    except ImportError as error:
        raise DataError(
            f"{name} comes with scikit-learn, which cannot be imported ({error}): pip install 'nn-parity[data]'"
        ) from error
