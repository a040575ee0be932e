"""Drawing boxes: smooth ones, whole-numbered ones, and such that not even a division rounds."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from .entry import Case
from .inputs import Draw

PARTS = {
    "quadrants": [(0, 0, 4, 4), (4, 0, 8, 4), (0, 4, 4, 8), (4, 4, 8, 8)],
    "columns": [(0, 0, 4, 8), (4, 0, 8, 8)],
    "rows": [(0, 0, 8, 4), (0, 4, 8, 8)],
}
WITHOUT_AREA = [(x, y, x, v) for x, y, v in product((0, 4, 8), repeat=3) if y <= v] + [(0, 4, 8, 4), (4, 8, 8, 8)]


def boxes(draw: Draw, *counts: int) -> list[Any]:
    """Lists of boxes in (x1, y1, x2, y2) that often overlap: smooth, or of whole numbers from `divisible`."""
    total = sum(counts)
    drawn = divisible(draw, total) if draw.mode == "integers" else apart(draw, total)
    return np.split(drawn, np.cumsum(counts)[:-1])


def apart(draw: Draw, count: int) -> Any:
    """Boxes with room to move: each side is long beside its distance from 0, and no two edges are the same."""
    corner = draw.uniform((count, 2), -1.0, 1.0)
    size = draw.uniform((count, 2), 0.2, 1.5)
    scale = draw.choice((1e-3, 1.0, 1.0, 100.0))
    return (np.concatenate([corner, corner + size], axis=1) * scale).astype(draw.dtype)


def divisible(draw: Draw, count: int) -> Any:
    """Boxes of which any two have a union and an enclosing box whose areas are powers of two, or 0.

    They are a square, its halves or its quarters, and boxes without area on the same lines. So everything is a fraction
    that floating point holds exactly, while edges coincide, boxes touch, and a union may be empty.
    """
    family = PARTS[draw.choice(list(PARTS))] + [(0, 0, 8, 8)]
    chosen = [draw.choice(family if draw.integer(0, 3) else WITHOUT_AREA) for _ in range(count)]
    corner = np.array([draw.integer(-3, 3), draw.integer(-3, 3)] * 2)
    return np.array(np.reshape(chosen, (count, 4)) + corner, draw.dtype)


def whole(draw: Draw, count: int, *, size: int = 6) -> Any:
    """Boxes of small whole numbers, some the same, some without area."""
    corner = draw.integers((count, 2), 0, size)
    extent = draw.integers((count, 2), 0, size)
    return np.concatenate([corner, corner + extent], axis=1).astype(draw.dtype)


def of_objects(generator: np.random.Generator, count: int) -> tuple[Any, Any]:
    """As a detector says it: ten boxes around each object, and how sure it is. float32."""
    centre = generator.uniform(0, 1000, (max(count // 10, 1), 2))
    size = generator.uniform(20, 100, centre.shape)
    which = generator.integers(0, len(centre), count)
    centre = centre[which] + generator.normal(0, 5, (count, 2))
    half = size[which] * generator.uniform(0.35, 0.7, (count, 2))
    return (
        np.concatenate([centre - half, centre + half], axis=1).astype(np.float32),
        generator.random(count).astype(np.float32),
    )


def workload(count: int, **options: Any) -> Callable[[np.random.Generator], Case]:
    """So many boxes, and options."""
    return lambda generator: Case((of_objects(generator, count)[0],), options)
