"""`nn-parity picture`: a project looked at: where it errs, how its numbers spread, which learning rate suits it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ._shared import check_picture, followed

if TYPE_CHECKING:
    from ..lockstep import Training
    from ..recipes.recipe import Recipe

app = typer.Typer(no_args_is_help=True)

Project = Annotated[str, typer.Argument(metavar="PROJECT", help="One of `nn-parity projects`.")]
File = Annotated[Path, typer.Argument(metavar="FILE.png", help="The picture (or .svg, .pdf).")]
OnTorch = Annotated[bool, typer.Option("--torch", help="The PyTorch network in the place of the NumPy one.")]
Steps = Annotated[int | None, typer.Option(min=1, help="Stop after so many updates.")]


@app.callback()
def picture() -> None:
    """Look at a project by a picture (with Matplotlib).

    \b
    Examples:
      nn-parity picture confusion digits confusion.png
      nn-parity picture boundary spiral boundary.png
      nn-parity picture histograms digits histograms.png
      nn-parity picture rates digits rates.png
    """  # noqa: D301


@app.command()
def confusion(name: Project, file: File, torch: OnTorch = False, steps: Steps = None) -> None:
    """Train, and show which class is taken for which."""
    from scratch.ops.metrics import confusion_matrix

    from .. import pictures
    from ..data import load

    recipe, training = _prepare(name, file, torch, steps)
    classes = load(recipe.data).classes
    if len(classes) < 2:
        raise typer.BadParameter(f"{name} has no classes to take one for another", param_hint="PROJECT")
    _train(training)
    predicted = training.sides[0].predict(training.task.test_inputs)
    answers, targets = (array.ravel().astype(int) for array in (predicted, training.task.test_targets))
    counts = confusion_matrix.forward(answers, targets, num_classes=len(classes))
    pictures.confusion_matrix(counts, classes, file)
    typer.echo(f"picture: {file}")


@app.command()
def boundary(name: Project, file: File, torch: OnTorch = False, steps: Steps = None) -> None:
    """Train on points of a plane, and show where which class is seen."""
    from .. import pictures

    recipe, training = _prepare(name, file, torch, steps)
    task = training.task
    if task.inputs.shape[1:] != (2,):
        raise typer.BadParameter(f"{name} has inputs of another shape than (N, 2)", param_hint="PROJECT")
    _train(training)
    pictures.decision_boundary(training.sides[0].predict, task.inputs, task.targets, file, title=recipe.title)
    typer.echo(f"picture: {file}")


@app.command()
def histograms(
    name: Project,
    file: File,
    torch: OnTorch = False,
    steps: Steps = None,
    gradients: Annotated[bool, typer.Option("--gradients", help="Those of the last step, not the weights.")] = False,
) -> None:
    """Train, and show how the weights spread, or their gradients."""
    from .. import pictures

    recipe, training = _prepare(name, file, torch, steps)
    side = training.sides[0]
    if gradients and not hasattr(side.network, "named_parameters"):
        raise typer.BadParameter(f"{name} keeps no gradients; diabetes does", param_hint="PROJECT")
    _train(training)
    arrays = {n: array for n, array in side.parameters().items() if array.dtype.kind == "f"}
    if gradients:
        found = {n: parameter.grad for n, parameter in side.network.named_parameters()}
        arrays = {n: grad.numpy() for n, grad in found.items() if grad is not None}
    what = "gradients of the last step" if gradients else "weights"
    pictures.histograms(arrays, file, title=f"{recipe.name}: {what}, after {training.taken} steps")
    typer.echo(f"picture: {file}")


@app.command()
def rates(name: Project, file: File, torch: OnTorch = False) -> None:
    """The learning-rate range test: where the loss falls, and where it explodes."""
    from .. import pictures, rate_test

    recipe, training = _prepare(name, file, torch, None)
    found = rate_test.study(training.sides[0], recipe, training.task)
    pictures.learning_rates(found, file, title=f"{recipe.name}: the loss at rates that grow")
    typer.echo(f"steepest at a learning rate of {found.suggested:.2g}; the recipe has {recipe.learning_rate:g}")
    typer.echo(f"picture: {file}")


def _prepare(name: str, file: Path, torch: bool, steps: int | None) -> tuple[Recipe, Training]:
    """The recipe and its training; wrong usage is told before the work."""
    import numpy as np

    from ..data import DataError
    from ..lockstep import Training, TrainingError, sides_of
    from ..recipes import RECIPES

    check_picture(file, "FILE")
    if name not in RECIPES:
        raise typer.BadParameter(f"no project is called {name!r}; there are {', '.join(RECIPES)}", param_hint="PROJECT")
    recipe = RECIPES[name]
    try:
        task = recipe.task(0, np.float32)
        sides = sides_of(recipe, "torch" if torch else "scratch", recipe.parameters(0))
    except (DataError, TrainingError) as error:
        _fail(str(error))
    return recipe, Training.by(recipe, task, sides, **({} if steps is None else {"limit": steps}))


def _train(training: Training) -> None:
    from ..lockstep import TrainingError

    try:
        for _ in followed(training, "training", training.steps):
            pass
    except TrainingError as error:
        _fail(str(error))
    typer.echo(f"{training.measure.name} {training.measure.text(training.sides[0].scores[-1][1])}")


def _fail(message: str) -> NoReturn:
    typer.echo(f"nn-parity: {message}", err=True)
    raise typer.Exit(1)
