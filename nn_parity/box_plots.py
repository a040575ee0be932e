"""Pictures of canvases with the boxes that a detector predicts, by Matplotlib."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from .data.dataset import Array

COLUMNS = 4
SURE = 0.5  # what is less confident is not drawn
RIGHT, WRONG, MISSED = "#2a9d3a", "#d62828", "#1d4ed8"


def draw_detections(file: Path, canvases: Array, predicted: Array, targets: Array) -> None:
    """canvases: (N, 1, H, W); predicted: (N, K, 6), class score x1 y1 x2 y2; targets: (N, M, 5), class x1 y1 x2 y2."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    columns = min(COLUMNS, len(canvases))
    rows = math.ceil(len(canvases) / columns)
    figure = Figure(figsize=(2.5 * columns, 2.5 * rows + 0.4), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel in panels[len(canvases) :]:
        panel.set_axis_off()
    for panel, canvas, said, there in zip(panels, canvases[:, 0], predicted, targets, strict=False):
        height, width = canvas.shape
        panel.set(xticks=[], yticks=[])
        panel.spines[:].set_color("lightgrey")
        panel.imshow(canvas, cmap="gray_r", vmin=0, vmax=1, extent=(0, width, height, 0))
        said, there = said[(said[:, 0] >= 0) & (said[:, 1] >= SURE)], there[there[:, 0] >= 0]
        found = _found(said, there)
        for i, (label, score, *box) in enumerate(said.tolist()):
            colour = RIGHT if i in found else WRONG
            _frame(panel, box, colour)
            above = box[1] > 6
            panel.text(box[0], box[1] - 1 if above else box[3] + 1, f"{label:.0f}  {100 * score:.0f}%", color=colour,
                       fontsize=7, fontweight="bold", va="bottom" if above else "top",
                       bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.5})  # fmt: skip
        for i, (_, *box) in enumerate(there.tolist()):
            if i not in found.values():
                _frame(panel, box, MISSED, linestyle="--")
    figure.legend(
        handles=[Patch(color=RIGHT, label="right"), Patch(color=WRONG, label="wrong"),
                 Patch(color=MISSED, label="missed")],
        loc="outside lower center", ncols=3, frameon=False,
    )  # fmt: skip
    figure.savefig(file, dpi=110)


def _found(said: Array, there: Array) -> dict[int, int]:
    """Which answer found which target: the right class, and an IoU of one half at least."""
    from scratch.ops.detection import match_detections

    found: dict[int, int] = {}
    for label in np.unique(said[:, 0]):
        ours, theirs = np.flatnonzero(said[:, 0] == label), np.flatnonzero(there[:, 0] == label)
        matches = match_detections.forward(said[ours, 2:], said[ours, 1], there[theirs, 1:])[0]
        found |= {int(ours[i]): int(theirs[match]) for i, match in enumerate(matches) if match >= 0}
    return found


def _frame(panel: Any, box: list[float], colour: str, **style: Any) -> None:
    from matplotlib.patches import Rectangle

    x1, y1, x2, y2 = box
    panel.add_patch(Rectangle((x1, y1), x2 - x1, y2 - y1, fill=False, edgecolor=colour, linewidth=1.4, **style))
