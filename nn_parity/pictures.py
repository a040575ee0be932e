"""Pictures of a network and of a training, by Matplotlib: what the numbers of a table do not show.

Each function draws into a file (.png, .svg or .pdf) and needs no screen. They take arrays, so they serve either side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .data.dataset import Array
from .plots import check_format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .rate_test import Rates

POINTS = 200  # of the plane, in each direction


@contextmanager
def _figure(file: Path, width: float, height: float) -> Iterator[Any]:
    """A figure that is written at the end. Raises PlotError without Matplotlib, or for another ending."""
    check_format(file)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # draws into files
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    yield figure
    figure.savefig(file)


def confusion_matrix(counts: Array, classes: Sequence[str], file: Path) -> None:
    """Which class was taken for which. counts: (true classes, predicted classes), as ops.metrics.confusion_matrix.

    Colours are shares of a true class, so that a rare class is seen like a frequent one.
    """
    if counts.shape != (len(classes), len(classes)):
        raise ValueError(f"counts must be ({len(classes)}, {len(classes)}), a row a class; got {counts.shape}")
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = max(4.0, 1.5 + 0.55 * len(classes))
    with _figure(file, size + 1, size) as figure:
        panel = figure.subplots()
        image = panel.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        ticks = range(len(classes))
        panel.set_xticks(ticks, classes, rotation=45 if max(map(len, classes)) > 3 else 0)
        panel.set_yticks(ticks, classes)
        panel.set(xlabel="predicted", ylabel="true", title=f"{np.trace(counts)} of {counts.sum()} right")
        for true, predicted in np.ndindex(counts.shape):
            colour = "white" if shares[true, predicted] > 0.5 else "black"
            panel.text(predicted, true, str(counts[true, predicted]), ha="center", va="center", color=colour)
        figure.colorbar(image, label="share of the true class")


def decision_boundary(
    predict: Callable[[Array], Array], inputs: Array, targets: Array, file: Path, *, title: str = ""
) -> None:
    """What a network answers everywhere in the plane, and the examples. inputs: (N, 2), targets: (N,) or (N, 1).

    predict: (M, 2) → a class number for each point.
    """
    if inputs.ndim != 2 or inputs.shape[1] != 2:
        raise ValueError(f"inputs must be (N, 2), points of a plane; got {inputs.shape}")
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    margin = 0.1 * (high - low)
    axes = [np.linspace(a, b, POINTS, dtype=inputs.dtype) for a, b in zip(low - margin, high + margin, strict=True)]
    x, y = np.meshgrid(*axes)
    answers = np.asarray(predict(np.stack([x.ravel(), y.ravel()], axis=1))).reshape(x.shape).astype(int)
    labels = targets.ravel().astype(int)
    count = int(max(answers.max(), labels.max())) + 1
    with _figure(file, 6, 5.5) as figure:
        panel = figure.subplots()
        levels = np.arange(count + 1) - 0.5
        colours = [f"C{number}" for number in range(count)]
        panel.contourf(x, y, answers, levels=levels, colors=colours, alpha=0.25)
        for number, colour in enumerate(colours):
            mine = inputs[labels == number]
            panel.scatter(mine[:, 0], mine[:, 1], s=14, color=colour, edgecolors="black", linewidths=0.3,
                          label=f"class {number}")  # fmt: skip
        panel.set(title=title, xlabel="x₁", ylabel="x₂")
        panel.legend(loc="upper right")


def histograms(arrays: Mapping[str, Array], file: Path, *, title: str = "") -> None:
    """How the numbers of each array spread: weights, or gradients. One panel an array."""
    if not arrays:
        raise ValueError("arrays must hold at least one array; got none")
    columns = min(3, len(arrays))
    rows = math.ceil(len(arrays) / columns)
    with _figure(file, 3.6 * columns, 2.4 * rows + 0.5) as figure:
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
        figure.suptitle(title)
        for panel, (name, array) in zip(panels, arrays.items(), strict=False):
            panel.hist(array.ravel(), bins=40)
            size = float(np.sqrt(np.mean(np.square(array, dtype=np.float64))))
            panel.set_title(f"{name} {array.shape}\nroot mean square {size:.2g}", fontsize=9)
        for panel in panels[len(arrays) :]:  # what is left of the last row
            panel.set_axis_off()


def learning_rates(found: Rates, file: Path, *, title: str = "") -> None:
    """The loss over learning rates that grow at every step, and the rate that the curve suggests."""
    with _figure(file, 7, 4.5) as figure:
        panel = figure.subplots()
        panel.plot(found.rates, found.losses, color="lightgrey", label="loss of a batch")
        panel.plot(found.rates, found.smooth, label="running mean")
        panel.axvline(found.suggested, color="C1", linestyle="--", label=f"steepest at {found.suggested:.2g}")
        low, begin = min(found.smooth), found.smooth[0]
        panel.set(xscale="log", xlabel="learning rate", ylabel="training loss", title=title,
                  ylim=(low - 0.1 * abs(begin - low), begin + abs(begin - low)))  # fmt: skip
        panel.legend()
