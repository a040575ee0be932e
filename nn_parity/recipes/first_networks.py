"""Lessons 1 to 5: one neuron, and then networks of a few layers."""

from __future__ import annotations

from collections.abc import Callable

from .. import edges
from ..data.dataset import Array
from ..scores import Score, share_right
from ..tasks import Task, as_it_is, whole
from .multilayer import multilayer_perceptron
from .recipe import Recipe, State

WITHIN_A_TENTH = Score("accuracy", share_right(tolerance=0.1), percent=True)


def _formula(task: Task, state: State, predict: Callable[[Array], Array]) -> str:
    """The straight line, with the standardisation of the input undone."""
    slope = float(state["layer1.weight"][0, 0] / task.deviation[0])
    start = float(state["layer1.bias"][0] - slope * task.mean[0])
    return f"°F = {slope:.4f} · °C + {start:.4f}"


def _picture(task: Task, state: State, predict: Callable[[Array], Array]) -> str:
    """The test image, where light begins in it, where the neuron says so, and the weights that make it say so."""
    middles = task.test_inputs[:, 4]
    image = edges.pictures(image=middles, edges=task.test_targets, neuron=predict(task.test_inputs))
    rows = ["  ".join(f"{weight:6.2f}" for weight in row) for row in state["layer1.weight"].reshape(3, 3)]
    return "\n".join([image, "", f"weights (bias {state['layer1.bias'][0]:.2f}):", *rows])


RECIPES: tuple[Recipe, ...] = (
    multilayer_perceptron(
        "celsius_to_fahrenheit",
        "one neuron learns a formula",
        data="celsius",
        sizes=(1, 1),
        goal=1.0,
        score=WITHIN_A_TENTH,
        epochs=200,
        learning_rate=0.1,
        report=_formula,
    ),
    multilayer_perceptron(
        "edge_detector",
        "one neuron finds edges",
        data="edges",
        sizes=(9, 1),
        goal=0.98,
        epochs=60,
        batch_size=16,
        learning_rate=5.0,
        scale=as_it_is,
        draw=edges.dataset,
        by_hand=edges.BY_HAND,
        report=_picture,
    ),
    multilayer_perceptron(
        "xor",
        "what takes two layers",
        data="xor",
        sizes=(2, 4, 1),
        goal=1.0,
        epochs=500,
        learning_rate=0.5,
    ),
    multilayer_perceptron(
        "spiral",
        "64 neurons unwind 3 arms",
        data="spiral",
        sizes=(2, 64, 3),
        goal=0.96,
        epochs=2000,
        learning_rate=1.0,
    ),
    multilayer_perceptron(
        "breast_cancer",
        "benign or malignant?",
        data="breast_cancer",
        sizes=(30, 16, 1),
        goal=0.96,
        epochs=20,
        batch_size=32,
        learning_rate=0.1,
    ),
    multilayer_perceptron(
        "digits",
        "digits of 8×8 pixels",
        data="digits",
        sizes=(64, 64, 10),
        goal=0.96,
        epochs=30,
        batch_size=32,
        learning_rate=0.1,
        settings={"momentum": 0.9},
    ),
    multilayer_perceptron(
        "mnist_mlp",
        "28×28 digits, three layers",
        data="mnist",
        sizes=(784, 128, 64, 10),
        goal=0.978,
        epochs=10,
        batch_size=64,
        learning_rate=0.05,
        settings={"momentum": 0.9, "weight_decay": 5e-4},
        scale=whole,
    ),
)
