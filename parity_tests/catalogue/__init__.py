"""The catalogue: what the components are and what inputs they take. Rows only, one file a lesson or a part of one."""

from ..harness.entry import Row
from . import (
    lesson_01_neuron,
    lesson_02_layer,
    lesson_03_activations,
    lesson_04_classification_losses,
    lesson_04_regression_losses,
    lesson_05_backpropagation,
    lesson_06_arrays,
    lesson_06_autograd,
    lesson_06_elements,
    lesson_07_gradients,
    lesson_07_layers,
    lesson_07_optimizers,
    lesson_07_optimizers_adaptive,
    lesson_07_schedules,
    lesson_08_regularization,
    lesson_09_normalization,
    lesson_11_convolution,
    lesson_11_layers,
    projects,
)

LESSONS = {
    1: "The neuron",
    2: "The layer",
    3: "Activations",
    4: "Losses",
    5: "Backpropagation",
    6: "Automatic differentiation",
    7: "Layers and optimizers",
    8: "Regularization",
    9: "Normalization",
    10: "Training",
    11: "Convolution",
    12: "Object detection",
    13: "Recurrent networks",
    14: "Transfer learning",
    15: "Tokens and embeddings",
    16: "Attention",
    17: "The Transformer",
    18: "Mini GPT",
    19: "Generative models",
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
            *lesson_06_autograd.ROWS,
            *lesson_06_arrays.ROWS,
            *lesson_06_elements.ROWS,
            *lesson_07_layers.ROWS,
            *lesson_07_optimizers.ROWS,
            *lesson_07_optimizers_adaptive.ROWS,
            *lesson_07_schedules.ROWS,
            *lesson_07_gradients.ROWS,
            *lesson_08_regularization.ROWS,
            *lesson_09_normalization.ROWS,
            *lesson_11_convolution.ROWS,
            *lesson_11_layers.ROWS,
            *projects.ROWS,
        ),
        key=lambda row: row.lesson,
    )
)
