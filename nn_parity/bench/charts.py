"""Drawings as SVG, on logarithmic axes, in the colours of the page around them: curves, and a scatter under a roof."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

Point = tuple[float, float]


@dataclass(frozen=True)
class Axes:
    """From numbers to places in the picture."""

    xs: tuple[float, float]
    ys: tuple[float, float]
    width: float = 300
    height: float = 200
    left: float = 44
    bottom: float = 30
    top: float = 8
    right: float = 10

    def place(self, x: float, y: float) -> Point:
        """Where a point is drawn."""
        across = self.width - self.left - self.right
        up = self.height - self.top - self.bottom
        return (
            self.left + across * _share(x, self.xs),
            self.height - self.bottom - up * _share(y, self.ys),
        )


def _share(value: float, ends: tuple[float, float]) -> float:
    low, high = map(math.log10, ends)
    return (math.log10(value) - low) / (high - low)


def around(values: Iterable[float]) -> tuple[float, float]:
    """Whole powers of ten that hold all values between them."""
    exponents = [math.log10(value) for value in values if value > 0] or [0.0]
    low, high = math.floor(min(exponents)), math.ceil(max(exponents))
    return 10.0**low, 10.0 ** max(high, low + 1)


def curves(series: Mapping[str, Sequence[Point]], x_label: str, marks: Sequence[float] = ()) -> str:
    """One line for each name. `marks`: places on the x axis to point out, as dashed lines."""
    points = [point for line in series.values() for point in line]
    axes = Axes(around(x for x, _ in points), around(y for _, y in points))
    parts = [*_frame(axes, x_label, seconds)]
    for mark in marks:
        x, _ = axes.place(mark, axes.ys[0])
        parts.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{axes.top}" y2="{axes.height - axes.bottom}"/>')
    for number, (name, line) in enumerate(series.items()):
        places = [axes.place(x, y) for x, y in sorted(line)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline class="line c{number}" points="{path}"/>')
        parts += [
            f'<circle class="dot c{number}" cx="{x:.1f}" cy="{y:.1f}" r="2.5"><title>{escape(name)}: '
            f"{quantity(at)} → {seconds(took)}</title></circle>"
            for (x, y), (at, took) in zip(places, sorted(line), strict=True)
        ]
    return _svg(axes, parts)


def roof(points: Sequence[tuple[str, int, float, float]], peak: float, bandwidth: float) -> str:
    """Points (name, which side, operations a byte, operations a second) under the line that the machine sets."""
    intensities = [point[2] for point in points] + [peak / bandwidth * 10]
    xs, ys = around(intensities), around([point[3] for point in points] + [peak])
    axes = Axes(xs, ys, width=640, height=360, left=60, bottom=40)
    corner = min(max(peak / bandwidth, xs[0]), xs[1])
    start = max(xs[0], ys[0] / bandwidth)
    line = [axes.place(start, start * bandwidth), axes.place(corner, peak), axes.place(xs[1], peak)]
    parts = [*_frame(axes, "operations a byte", lambda y: f"{quantity(y)}/s")]
    parts.append(f'<polyline class="roof" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in line)}"/>')
    for name, side, x, y in points:
        px, py = axes.place(x, y)
        parts.append(
            f'<circle class="dot c{side}" cx="{px:.1f}" cy="{py:.1f}" r="3.5"><title>{escape(name)}</title></circle>'
        )
    return _svg(axes, parts)


def _frame(axes: Axes, x_label: str, y_text: object) -> Iterable[str]:
    text = y_text if callable(y_text) else str
    bottom = axes.height - axes.bottom
    for x in _ticks(axes.xs):
        px, _ = axes.place(x, axes.ys[0])
        yield f'<line class="grid" x1="{px:.1f}" x2="{px:.1f}" y1="{axes.top}" y2="{bottom}"/>'
        yield f'<text x="{px:.1f}" y="{bottom + 12}" text-anchor="middle">{quantity(x)}</text>'
    for y in _ticks(axes.ys):
        _, py = axes.place(axes.xs[0], y)
        yield f'<line class="grid" x1="{axes.left}" x2="{axes.width - axes.right}" y1="{py:.1f}" y2="{py:.1f}"/>'
        yield f'<text x="{axes.left - 4}" y="{py + 3:.1f}" text-anchor="end">{text(y)}</text>'
    middle = (axes.left + axes.width - axes.right) / 2
    yield f'<text class="label" x="{middle}" y="{axes.height - 4}" text-anchor="middle">{escape(x_label)}</text>'


def _ticks(ends: tuple[float, float]) -> list[float]:
    low, high = (round(math.log10(end)) for end in ends)
    every = max(1, math.ceil((high - low) / 6))
    return [10.0**exponent for exponent in range(low, high + 1, every)]


def _svg(axes: Axes, parts: Iterable[str]) -> str:
    return f'<svg viewBox="0 0 {axes.width:g} {axes.height:g}" role="img">{"".join(parts)}</svg>'


def seconds(value: float) -> str:
    """`12 µs`, with two digits."""
    for factor, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if value >= factor * 0.9995:
            return f"{_two(value / factor)} {unit}"
    return f"{_two(value / 1e-9)} ns"


def quantity(value: float) -> str:
    """`12k`, `3.4M`."""
    for factor, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor * 0.9995:
            return f"{_two(value / factor)}{unit}"
    return _two(value)


def size(value: float) -> str:
    """Bytes as `3.4 MB`."""
    return f"{quantity(value)}B" if value >= 1e3 else f"{value:.0f} B"


def _two(value: float) -> str:
    if value >= 99.5 or value == 0:
        return f"{value:.0f}"
    return f"{value:.2g}" if value >= 0.01 else f"{value:.0e}"
