"""What a generative network draws, as a picture: samples, and walks from one of them to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from . import plots
from .data.dataset import Array
from .recognition import Figures

Predict = Callable[[Array], Array]
COLUMNS, ROWS, WALKS = 20, 8, 4


def draw_samples(predict: Predict, noise: Array, title: str, file: Path) -> None:
    """Draw a sheet of samples, and below it walks between two of them.

    noise: (N, latents), as many as are drawn are taken from it. Raises PlotError without Matplotlib or for another
    ending, ValueError for too little noise.
    """
    wanted = COLUMNS * ROWS
    if len(noise) < wanted + 2 * WALKS:
        raise ValueError(f"noise must have at least {wanted + 2 * WALKS} rows; got {noise.shape}")
    ends = noise[wanted : wanted + 2 * WALKS].reshape(2, WALKS, -1)
    steps = np.concatenate([walk(begin, end, COLUMNS) for begin, end in zip(ends[0], ends[1], strict=True)])
    panels = {
        title: predict(noise[:wanted]),
        "walks through the noise, each from one sample to another": predict(steps),
    }
    _save(panels, file)


def draw_reconstructions(predict: Predict, images: Array, title: str, file: Path) -> None:
    """Draw images (N, 784), and below each what the network makes of it. Raises as `draw_samples` does."""
    images = images[: COLUMNS * ROWS // 2]
    made = predict(images)
    pairs = [part[i : i + COLUMNS] for i in range(0, len(images), COLUMNS) for part in (images, made)]
    _save({f"{title}: an image, and below it what came back": np.concatenate(pairs)}, file)


def walk(begin: Array, end: Array, steps: int) -> Array:
    """From one point (latents,) to another along an arc: (steps, latents).

    Points drawn from a normal distribution of many numbers lie near a sphere. A straight line would leave it, through
    the middle, where no sample ever is. (White 2016, arXiv:1609.04468.)
    """
    lengths = np.linalg.norm(begin), np.linalg.norm(end)
    angle = np.arccos(np.clip(np.dot(begin / lengths[0], end / lengths[1]), -1, 1))
    along = np.linspace(0, 1, steps)[:, None]
    if angle < 1e-6:
        path = begin + along * (end - begin)
    else:
        path = (np.sin((1 - along) * angle) * begin + np.sin(along * angle) * end) / np.sin(angle)
    return path.astype(begin.dtype)  # type: ignore[no-any-return]


def sheet(images: Array, columns: int = COLUMNS) -> Array:
    """images: (rows · columns, 784) → side by side: (rows · 28, columns · 28)."""
    if len(images) % columns:
        raise ValueError(f"images must fill whole rows of {columns}; got {len(images)}")
    tiles = images.reshape(-1, columns, 28, 28)
    together: Array = tiles.transpose(0, 2, 1, 3).reshape(len(tiles) * 28, columns * 28)
    return together


def describe(figures: Figures) -> str:
    """The figures in words, at most 80 columns."""
    counts = " ".join(f"{digit}:{count}" for digit, count in enumerate(figures.counts))
    return (
        f"confident  {figures.confident:.1%} of the images are sure to a classifier of real digits\n"
        f"classes    {figures.classes} of 10 ({counts})\n"
        f"Fréchet    {figures.frechet:.1f} from real digits, in the classifier's features"
    )


def _save(panels: dict[str, Array], file: Path) -> None:
    plots.check_format(file)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # draws into files, needs no screen
    from matplotlib.figure import Figure

    sheets = {title: sheet(images) for title, images in panels.items()}
    heights = [len(pixels) for pixels in sheets.values()]
    figure = Figure(figsize=(8, 8 * sum(heights) / (28 * COLUMNS) + 0.35 * len(sheets)), layout="constrained", dpi=120)
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(sheets), 1, squeeze=False, height_ratios=heights)
    for panel, (title, pixels) in zip(axes.flat, sheets.items(), strict=True):
        panel.imshow(pixels, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
        panel.set_title(title, fontsize=9)
        panel.axis("off")
    figure.savefig(file)
