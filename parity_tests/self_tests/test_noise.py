"""Noise is measured as far as a verdict needs it: never so little that the verdict would be another one."""

from typing import Any

import numpy as np
import pytest
import torch

from ..harness.disagreement import Disagreement
from ..harness.judge import compare, measure
from ..harness.reference import Expected, Unit
from ..harness.rounding import LAST_WORD, SAMPLES, Noise

TRUTH = np.array([1.0, -2.0, 0.5])
LITTLE, MORE = 2.0**-20, 2.0**-17  # sums with these are exact


class Samples:
    """An evaluation that moves by what the test says, and counts how often it was asked."""

    def __init__(self, moves: list[float]) -> None:
        self.moves = moves
        self.asked = 0

    def __call__(self, inputs: list[Any]) -> list[Any]:
        self.asked += 1
        return [TRUTH + self.moves[min(self.asked, len(self.moves)) - 1]]

    def expected(self) -> Expected:
        noise = Noise(self, [torch.ones(3, dtype=torch.float64)], [TRUTH], TRUTH.dtype, seed=0)
        return Expected("y", TRUTH, TRUTH, Unit(noise, 0))


def test_what_is_right_to_the_last_digit_needs_no_sample() -> None:
    samples = Samples([LITTLE])
    assert compare(samples.expected(), TRUTH.copy(), "forward") == 0
    assert samples.asked == 0


def test_a_sample_is_enough_for_what_is_no_news_by_it() -> None:
    samples = Samples([LITTLE, MORE])
    assert compare(samples.expected(), TRUTH + 2 * LITTLE, "forward", known=3.0) == 2
    assert samples.asked == 1


def test_what_is_news_is_measured_by_all_the_usual_samples() -> None:
    samples = Samples([LITTLE, MORE])
    expected = samples.expected()
    found = compare(expected, TRUTH + 2 * MORE, "forward", known=1.0)
    assert samples.asked == SAMPLES
    assert found == np.max(measure(expected, TRUTH + 2 * MORE)) == 2


def test_nobody_is_wrong_by_the_usual_samples_alone() -> None:
    samples = Samples([0.0] * SAMPLES + [LITTLE])
    assert compare(samples.expected(), TRUTH + LITTLE, "forward") == 1
    assert samples.asked == SAMPLES + 1


def test_who_is_wrong_is_told_after_the_last_word() -> None:
    samples = Samples([LITTLE])
    with pytest.raises(Disagreement, match="noise units"):
        compare(samples.expected(), TRUTH + 1000 * LITTLE, "forward")
    assert samples.asked == LAST_WORD * SAMPLES


def test_no_number_of_samples_makes_a_nan_right() -> None:
    samples = Samples([LITTLE])
    with pytest.raises(Disagreement, match="a kind of number"):
        compare(samples.expected(), TRUTH * np.nan, "forward")
    assert samples.asked == SAMPLES
