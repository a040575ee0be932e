"""Data sets that a few lines of NumPy make."""

import numpy as np

from .dataset import Dataset, Split

SOURCE = "generated"


def xor(seed: int = 0) -> Dataset:
    """Exclusive or: four points (4, 2), class 1 where the two inputs differ. No line separates the classes.

    Nothing is random here; every seed gives the same.
    """
    inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float64)
    targets = np.array([0, 1, 1, 0], np.int64)
    return Dataset("xor", Split(inputs, targets), test=None, classes=("0", "1"), source=SOURCE)


def spiral(seed: int = 0, *, arms: int = 3, points: int = 100) -> Dataset:
    """Arms of a spiral, one class each: inputs (arms · points, 2), in the square from −1 to 1.

    Along arm k the radius grows from 0 to 1, and the angle from 4k to 4(k + 1) radians, plus 0.2 · normal
    noise:

        x = (radius · sin angle, radius · cos angle)

    Source: Stanford CS231n, "Putting it together: minimal neural network case study".
    """
    generator = np.random.default_rng(seed)
    radius = np.linspace(0, 1, points)  # (points,)
    start = np.linspace(4 * np.arange(arms), 4 * np.arange(1, arms + 1), points, axis=1)  # (arms, points)
    angle = start + 0.2 * generator.normal(size=start.shape)
    inputs = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1).reshape(-1, 2)
    targets = np.repeat(np.arange(arms, dtype=np.int64), points)
    classes = tuple(f"arm {arm}" for arm in range(arms))
    return Dataset("spiral", Split(inputs, targets), test=None, classes=classes, source=SOURCE)


def celsius(seed: int = 0) -> Dataset:
    """Celsius → Fahrenheit, a line to be learnt: inputs (N, 1) in °C, targets (N, 1) in °F = 1.8 · °C + 32.

    −50 to 150 °C in steps of 5, so that each Fahrenheit value is a whole number, and the line is exact in
    floating point. The seed chooses which 8 of the 41 temperatures are kept for the test.
    """
    temperatures = np.random.default_rng(seed).permutation(np.arange(-50.0, 151.0, 5.0))[:, None]  # (41, 1)
    fahrenheit = 1.8 * temperatures + 32
    train, test = slice(8, None), slice(None, 8)
    return Dataset(
        "celsius",
        train=Split(temperatures[train], fahrenheit[train]),
        test=Split(temperatures[test], fahrenheit[test]),
        classes=(),
        source=SOURCE,
    )
