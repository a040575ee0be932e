"""Two photographs, what four classic filters make of them, and the question whether the filters can be learned.

A filter is a kernel of 3×3 numbers, laid on every pixel: the weighted sum of the pixel and its eight neighbours takes
its place. The four here were designed by people. Shown a photograph before and after, a convolution finds the same
numbers.

The photographs, a Chinese temple and a flower, come with scikit-learn (in colour, 427×640; here as grey levels 0 to 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .data import DataError
from .data.dataset import Array
from .tasks import Task

SOURCE = "scikit-learn"
TILE = 32  # pixels a side: an example is a piece of a photograph

FILTERS = {
    "blur": np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "Sobel, dark to light": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "Sobel, top to bottom": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
}
KERNELS = np.stack([kernel.astype(np.float64) for kernel in FILTERS.values()])[:, None]  # (4, 1, 3, 3)


def photograph(name: str) -> Array:
    """`china` or `flower`: (427, 640) grey levels between 0 and 1. Raises DataError without scikit-learn and Pillow."""
    try:
        colours = import_module("sklearn.datasets").load_sample_image(f"{name}.jpg")
    except ImportError as error:
        raise DataError(
            f"photographs come with scikit-learn and are read by Pillow ({error}): pip install 'nn-parity[data]'"
        ) from error
    grey: Array = colours @ np.array([0.299, 0.587, 0.114]) / 255  # as the eye weighs red, green and blue
    return grey


def filtered(images: Array, kernels: Array = KERNELS) -> Array:
    """(N, 1, H, W) → (N, filters, H - 2, W - 2): every filter on every pixel that has all its neighbours."""
    windows = np.lib.stride_tricks.sliding_window_view(images[:, 0], kernels.shape[2:], axis=(1, 2))
    y: Array = np.einsum("nhwij,fij->nfhw", windows, kernels[:, 0])
    return y


def tiles(image: Array) -> Array:
    """An image cut into squares, what is left over at the end left out: (N, 1, 32, 32)."""
    rows, columns = (size // TILE for size in image.shape)
    cut = image[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE)
    return cut.swapaxes(1, 2).reshape(-1, 1, TILE, TILE)


def task(seed: int, dtype: npt.DTypeLike) -> Task:
    """Learn from the temple, be tested on the flower. Nothing is drawn, so the seed has no say. Raises DataError."""
    temple, flower = tiles(photograph("china")), tiles(photograph("flower"))
    mean = temple.mean(keepdims=True)[0]
    return _task(temple - mean, flower - mean, dtype, source=SOURCE, mean=mean)


def made_up_task(examples: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> Task:
    """Noise instead of photographs."""
    inputs = generator.standard_normal((examples, 1, 12, 12))
    return _task(inputs, inputs, dtype, source="made up")


def report(task: Task, state: Mapping[str, Array], predict: Callable[[Array], Array]) -> str:
    """Each filter as it was designed, beside the one that was learned."""
    blocks = []
    for name, designed, learned in zip(FILTERS, KERNELS[:, 0], state["filters.weight"][:, 0], strict=True):
        lines = [f"{name:<28}learned"]
        lines += [f"{_numbers(left):<28}{_numbers(right)}" for left, right in zip(designed, learned, strict=True)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def plot(kernels: Array, file: Path) -> None:
    """The flower, and what each filter makes of it; then what the learned ones make of it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    flower = photograph("flower")
    figure = Figure(figsize=(12, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(2, len(FILTERS) + 1)
    for row, (kind, each) in enumerate((("designed", KERNELS), ("learned", kernels))):
        images = [flower, *filtered(flower[None, None], each)[0]]
        for panel, name, image in zip(panels[row], ("photograph", *FILTERS), images, strict=True):
            limit = 1 if name.startswith("Sobel") else None
            panel.imshow(image, cmap="grey", vmin=-limit if limit else 0, vmax=1)
            panel.set(title=name if row == 0 else "", xticks=[], yticks=[])
        panels[row, 0].set_ylabel(kind)
    figure.savefig(file)


def _task(train: Array, test: Array, dtype: npt.DTypeLike, source: str, mean: Array | float = 0.0) -> Task:
    inputs, targets, test_inputs, test_targets = (
        part.astype(dtype) for part in (train, filtered(train), test, filtered(test))
    )
    return Task(inputs, targets, test_inputs, test_targets, source, mean=np.asarray(mean))


def _numbers(row: Array) -> str:
    return " ".join(f"{number:7.3f}" for number in row)
