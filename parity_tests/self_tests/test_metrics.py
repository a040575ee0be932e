"""Metrics, with scikit-learn as the judge: drawn cases with ties, missing classes, one class only."""

import math
import warnings
from importlib import import_module
from types import ModuleType

import numpy as np
import pytest

from scratch.ops.metrics import (
    accuracy,
    confusion_matrix,
    f1_score,
    precision,
    r2_score,
    recall,
    roc_auc,
    top_k_accuracy,
)

from .within_noise import agree_but_for

DRAWS = 20

pytestmark = pytest.mark.filterwarnings("ignore:A single label was found")


@pytest.fixture
def judge() -> ModuleType:
    """Loaded when it is asked for: that takes longer than these tests."""
    return import_module("sklearn.metrics")


def drawn(seed: int) -> tuple[np.random.Generator, np.ndarray, np.ndarray, int]:
    generator = np.random.default_rng(seed)
    size, classes = int(generator.integers(1, 15)), int(generator.integers(1, 6))
    limit = int(generator.integers(1, classes + 1))  # some classes may never be the target
    return generator, generator.integers(0, classes, size), generator.integers(0, limit, size), classes


@pytest.mark.parametrize("average", ["micro", "macro", "weighted", "none"])
@pytest.mark.parametrize("metric", [precision, recall, f1_score], ids=["precision", "recall", "f1"])
def test_precision_recall_and_f1(judge, metric, average) -> None:
    theirs = getattr(judge, metric.__name__.rpartition(".")[2].removesuffix("_score") + "_score")
    for seed in range(DRAWS):
        _, predicted, target, classes = drawn(seed)
        for zero_division in (0.0, 1.0):
            for known in (None, classes + 1):
                expected = theirs(
                    target,
                    predicted,
                    average=None if average == "none" else average,
                    labels=None if known is None else range(known),
                    zero_division=zero_division,
                )
                got = metric.forward(predicted, target, average=average, num_classes=known, zero_division=zero_division)
                # Both ways: a quotient for each class, weighted, their sum, and its division.
                agree_but_for(2 * (3 * (classes + 1) + 1), got, expected, size=1.0)


def test_accuracy_and_the_confusion_matrix(judge) -> None:
    for seed in range(DRAWS):
        _, predicted, target, classes = drawn(seed)
        assert float(accuracy.forward(predicted, target)) == judge.accuracy_score(target, predicted)
        table = confusion_matrix.forward(predicted, target, num_classes=classes)
        np.testing.assert_array_equal(table, judge.confusion_matrix(target, predicted, labels=range(classes)))


def test_roc_auc_with_ties_and_with_one_class(judge) -> None:
    alone = 0
    for seed in range(4 * DRAWS):
        generator = np.random.default_rng(seed)
        size = int(generator.integers(1, 12))
        scores, target = generator.integers(0, 5, size).astype(float), generator.integers(0, 2, size)
        got = float(roc_auc.forward(scores, target))
        if len(set(target)) == 1:
            alone += 1
            assert math.isnan(got)
        else:
            # Ours is one quotient of exact counts; theirs a sum of trapezia between `size + 1` points at most: 2 · 2
            # quotients, a difference, a sum, a product, and it is added.
            agree_but_for(1 + 8 * size, got, judge.roc_auc_score(target, scores), size=1.0)
    assert alone > 10


def test_top_k(judge) -> None:
    for seed in range(DRAWS):
        generator = np.random.default_rng(seed)
        classes = int(generator.integers(3, 8))
        scores, target = generator.standard_normal((9, classes)), generator.integers(0, classes, 9)
        k = int(generator.integers(1, classes))
        expected = judge.top_k_accuracy_score(target, scores, k=k, labels=range(classes))
        assert float(top_k_accuracy.forward(scores, target, k=k)) == expected


def test_r2_with_constant_targets(judge) -> None:
    for seed in range(DRAWS):
        generator = np.random.default_rng(seed)
        target = generator.integers(-3, 4, (4, 3)).astype(float)  # means of four, and all squares, are exact
        target[:, 0] = 2  # nothing to explain
        predicted = target + generator.integers(0, 2, target.shape) * (seed % 2)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = judge.r2_score(target, predicted)
        # Both ways: of each column a quotient and what it leaves of 1, their sum, and its division.
        ratios = ((target - predicted) ** 2).sum(0) / np.maximum(((target - target.mean(0)) ** 2).sum(0), 1)
        agree_but_for(2 * (3 * 3 + 1), r2_score.forward(predicted, target), expected, size=1 + ratios.max())
