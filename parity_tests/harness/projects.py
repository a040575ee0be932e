"""What projects are checked for: the same losses and parameters as PyTorch at every step, and an accuracy.

In lockstep both sides start from the same parameters and take the same steps on the same batches, in float64. The unit
is the noise of the whole run: PyTorch runs it again with every number moved by a rounding, and what becomes of that
after fifty updates is what rounding can do. A wrong gradient shows at step 1 or 2, a forgotten velocity at step 2.
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np
import torch

from nn_parity.lockstep import Side, Training, TrainingError, scratch_side, torch_side
from nn_parity.recipes import RECIPES, Recipe
from nn_parity.tasks import Task

from . import candidate
from .candidate import NotWritten
from .disagreement import Disagreement
from .entry import Mistake, Project
from .evidence import Evidence
from .judge import compare
from .reference import Expected
from .reference import load as load_reference
from .rounding import noise

STEPS = 50
BATCH = 16


def recipe_of(project: Project) -> Recipe:
    """The recipe that both sides follow."""
    return RECIPES[project.name.removeprefix("projects.")]


def lockstep(project: Project, module: ModuleType, evidence: Evidence) -> None:
    """Fifty steps on made-up data: the loss and every parameter, at every step."""
    evidence.draws += 1
    recipe = recipe_of(project)
    start = recipe.parameters(dtype=np.float64)
    given = {name: value.copy() for name, value in start.items()}
    task = _task(recipe)
    expected = _expected(project)
    observed = _run(_network(module, given, recipe), recipe, task.inputs, task.targets)
    if any(not np.array_equal(given[name], value) for name, value in start.items()):
        raise Disagreement("training changed the arrays that Network was made from: it must copy them", "forward")
    for right, got in zip(expected, observed, strict=True):
        evidence.saw(compare(right, got, "forward"), right.working.size)


def target(project: Project, module: ModuleType, evidence: Evidence) -> None:
    """By the recipe, in float32, both sides reach the accuracy on the real data."""
    evidence.draws += 1
    recipe = recipe_of(project)
    task, start = recipe.task(), recipe.parameters()
    _network(module, start, recipe)
    ours = scratch_side(module, start, recipe.settings)
    theirs = torch_side(load_reference(project.name), start, recipe.settings)
    for side in (theirs, ours):
        reached = trained(recipe, task, side)
        if reached < recipe.goal:
            raise Disagreement(
                f"{side.label}: accuracy {reached:.2%}, target {recipe.goal:.2%} ({task.tested_on} data)", "forward"
            )
        evidence.saw(0.0, len(task.test_targets))


def trained(recipe: Recipe, task: Task, side: Side, *, frozen: tuple[str, ...] = ()) -> float:
    """The accuracy after a training by the recipe; `frozen` parameters are put back after each step."""
    training = Training.by(recipe, task, [side])
    kept = {name: value for name, value in side.parameters().items() if name in frozen}
    try:
        for _ in training:
            live = side.network.state_dict()
            for name, value in kept.items():
                np.asarray(live[name])[...] = value
    except TrainingError as error:
        if isinstance(error.__cause__, NotImplementedError):
            raise NotWritten(str(error)) from None
        raise Disagreement(str(error), "forward") from error
    return training.share_right(side)


def rejected_by(project: Project, mistake: Mistake, package: str) -> str | None:
    """`lockstep` where it rejects the wrong version, None where that survives.

    Raises ValueError for a mistake that does not fit its file.
    """
    source = candidate.source_file(package, project.name).read_text(encoding="utf-8")
    module = candidate.from_source(mistake.apply(source), package, project.name, label="mistake")
    try:
        lockstep(project, module, Evidence())
    except Disagreement as disagreement:
        if disagreement.crash:
            raise ValueError(f"mistake {mistake.reason!r} only crashes: {disagreement.message}") from None
        return "lockstep"
    return None


def _task(recipe: Recipe) -> Task:
    return recipe.made_up_task(STEPS * BATCH)


@lru_cache(maxsize=1)  # the mistakes of a project come one after another; MNIST takes a hundred megabytes
def _expected(project: Project) -> tuple[Expected, ...]:
    """What PyTorch has after each step, with the noise of it."""
    recipe = recipe_of(project)
    task, start = _task(recipe), recipe.parameters(dtype=np.float64)
    network = load_reference(project.name).Network

    def evaluate(arrays: list[Any]) -> list[Any]:
        inputs, targets, *parameters = arrays
        return _run(network(dict(zip(start, parameters, strict=True)), **recipe.settings), recipe, inputs, targets)

    arrays = [torch.from_numpy(array) for array in (task.inputs, task.targets, *start.values())]
    truth = evaluate(arrays)
    units = noise(evaluate, arrays, truth, np.dtype(np.float64), seed=0)
    names = ["loss", *recipe.parameter_names]
    return tuple(
        Expected(f"step {index // len(names) + 1}, {names[index % len(names)]}", value, value, unit)
        for index, (value, unit) in enumerate(zip(truth, units, strict=True))
    )


def _network(module: ModuleType, start: dict[str, Any], recipe: Recipe) -> Any:
    if not hasattr(module, "Network"):
        raise NotWritten(f"{module.__name__} has no Network yet")
    try:
        return module.Network(start, **recipe.settings)
    except NotImplementedError:
        raise NotWritten("Network is not written yet") from None


def _run(network: Any, recipe: Recipe, inputs: Any, targets: Any) -> list[Any]:
    """After each step: the loss, then the parameters. As arrays; the data may be arrays or tensors."""
    found: list[Any] = []
    for step in range(STEPS):
        batch = slice(step * BATCH, (step + 1) * BATCH)
        learning_rate = recipe.learning_rate * (1 - step / STEPS)
        try:
            with np.errstate(all="ignore"):
                loss = network.step(inputs[batch], targets[batch], learning_rate)
            state = network.state_dict()
            found += [np.asarray(loss), *(np.asarray(state[name]).copy() for name in recipe.parameter_names)]
        except NotImplementedError:
            raise NotWritten("step or state_dict is not written yet") from None
        except Exception as error:
            message = f"step {step + 1} raised {type(error).__name__}: {error}"
            raise Disagreement(message, "forward", crash=True) from error
    return found
