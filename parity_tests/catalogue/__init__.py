"""The catalogue: what the components are and what inputs they take. Rows only, one file a lesson."""

from ..harness.entry import Row
from . import (
    lesson_01_neuron,
    lesson_02_layer,
    lesson_03_activations,
    lesson_04_classification_losses,
    lesson_04_regression_losses,
    lesson_05_backpropagation,
    projects,
)

LESSONS = {
    1: "The neuron",
    2: "The layer",
    3: "Activations",
    4: "Losses",
    5: "Backpropagation",
}

ROWS: tuple[Row, ...] = tuple(
    sorted(
        (
            *lesson_01_neuron.ROWS,
            *lesson_02_layer.ROWS,
            *lesson_03_activations.ROWS,
            *lesson_04_regression_losses.ROWS,
            *lesson_04_classification_losses.ROWS,
            *lesson_05_backpropagation.ROWS,
            *projects.ROWS,
        ),
        key=lambda row: row.lesson,
    )
)
