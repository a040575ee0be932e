"""What projects are checked for: the same losses and parameters as PyTorch step by step, and a score.

In lockstep both sides start from the same parameters and take the same steps on the same batches, in float64. The unit
is the noise of the whole run: PyTorch runs it again with every number moved by a rounding, and what becomes of that
after all updates is what rounding can do. The loss is compared at every step, the parameters after the first steps and
the last: a wrong gradient shows at step 1 or 2, a forgotten velocity at step 2, and nothing wrong is mended by the end.
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
from .confined import apply
from .disagreement import Disagreement
from .entry import Mistake, Project
from .evidence import Evidence
from .judge import compare
from .reference import Expected
from .reference import load as load_reference
from .rounding import Noise

SAMPLES = 3  # of the noise: after an update every parameter depends on thousands of roundings
WATCHED = 3  # the first steps, after which the parameters are compared; they are after the last one too


def recipe_of(project: Project) -> Recipe:
    """The recipe that both sides follow."""
    return RECIPES[project.name.removeprefix("projects.")]


def lockstep(project: Project, module: ModuleType, evidence: Evidence) -> None:
    """Some steps on made-up data: every loss, and every parameter at the beginning and at the end."""
    evidence.draws += 1
    start = _start(project)
    task = _task(project)
    expected = _expected(project)
    observed = apply(module, steps_of, project, start, task.inputs, task.targets)
    for right, got in zip(expected, observed, strict=True):
        evidence.saw(compare(right, got, "forward"), right.working.size)


def steps_of(module: ModuleType, project: Project, start: dict[str, Any], inputs: Any, targets: Any) -> list[Any]:
    """What the candidate has after each step."""
    given = {name: value.copy() for name, value in start.items()}
    observed = _run(_network(module, given, recipe_of(project)), project, inputs, targets)
    if any(not np.array_equal(given[name], value) for name, value in start.items()):
        raise Disagreement("training changed the arrays that Network was made from: it must copy them", "forward")
    return observed


def target(project: Project, module: ModuleType, evidence: Evidence) -> None:
    """By the recipe, in float32, both sides reach the score on the real data."""
    evidence.draws += 1
    recipe = recipe_of(project)
    task, start = recipe.task(), recipe.parameters()
    _network(module, start, recipe)
    ours = scratch_side(module, start, recipe.settings)
    theirs = torch_side(load_reference(project.name), start, recipe.settings)
    for side in (theirs, ours):
        reached = trained(recipe, task, side)
        score = recipe.score
        if not score.reached(reached, recipe.goal):
            raise Disagreement(
                f"{side.label}: {score.name} {score.text(reached)}, target {score.text(recipe.goal)} "
                f"({task.tested_on} data)",
                "forward",
            )
        evidence.saw(0.0, len(task.test_targets))


def trained(recipe: Recipe, task: Task, side: Side, *, frozen: tuple[str, ...] = ()) -> float:
    """The score after a training by the recipe; `frozen` parameters are put back after each step."""
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
    return training.score_of(side)


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


def _task(project: Project) -> Task:
    return recipe_of(project).made_up_task(project.steps * project.batch)


@lru_cache(maxsize=1)  # the mistakes of a project come one after another; MNIST takes a hundred megabytes
def _expected(project: Project) -> tuple[Expected, ...]:
    """What PyTorch has after each step, with the noise of it."""
    recipe = recipe_of(project)
    task, start = _task(project), _start(project)
    network = load_reference(project.name).Network

    # The data are not moved, unlike the parameters: a target may hold a class as a number, which has no neighbours.
    inputs, targets = torch.from_numpy(task.inputs), torch.from_numpy(task.targets)

    def evaluate(parameters: list[Any]) -> list[Any]:
        return _run(network(dict(zip(start, parameters, strict=True)), **recipe.settings), project, inputs, targets)

    arrays = [torch.from_numpy(array) for array in start.values()]
    truth = evaluate(arrays)
    units = Noise(evaluate, arrays, truth, np.dtype(np.float64), seed=0, samples=SAMPLES).whole()
    names = [
        f"step {step + 1}, {name}"
        for step in range(project.steps)
        for name in ("loss", *(start if _watched(project, step) else ()))
    ]
    return tuple(
        Expected(name, value, value, np.maximum(unit, _typical(unit)))
        for name, value, unit in zip(names, truth, units, strict=True)
    )


def _typical(unit: Any) -> float:
    """The root mean square of the units of one array: what any of its elements may move by.

    Adam divides a gradient by its own size, so an element whose gradient nearly cancels may move by anything, and one
    in a hundred thousand does so in none of a few samples. Its neighbours went through the same sums.
    """
    return float(np.sqrt(np.mean(np.square(unit))))


def _start(project: Project) -> dict[str, Any]:
    """Where the lockstep starts: as the recipe says, or in a smaller network of the same kind."""
    if project.small is not None:
        return project.small(np.random.default_rng(0))
    return recipe_of(project).parameters(dtype=np.float64)


def _watched(project: Project, step: int) -> bool:
    return step < WATCHED or step == project.steps - 1


def _network(module: ModuleType, start: dict[str, Any], recipe: Recipe) -> Any:
    if not hasattr(module, "Network"):
        raise NotWritten(f"{module.__name__} has no Network yet")
    try:
        return module.Network(start, **recipe.settings)
    except NotImplementedError:
        raise NotWritten("Network is not written yet") from None


def _run(network: Any, project: Project, inputs: Any, targets: Any) -> list[Any]:
    """After each step: the loss, then the parameters if they are watched. The data may be arrays or tensors."""
    recipe = recipe_of(project)
    names = _start(project)
    found: list[Any] = []
    over = False
    for step in range(project.steps):
        batch = slice(step * project.batch, (step + 1) * project.batch)
        learning_rate = recipe.learning_rate * recipe.schedule(step / project.steps)
        try:
            with np.errstate(all="ignore"):
                loss = network.step(inputs[batch], targets[batch], learning_rate)
            found.append(np.asarray(loss))
            over = over or (
                recipe.set_aside > 0 and network.epoch_end(inputs[: project.batch], targets[: project.batch])
            )
            if _watched(project, step):
                state = network.state_dict()
                found += [np.asarray(state[name]).copy() for name in names]
        except NotImplementedError:
            raise NotWritten("step or state_dict is not written yet") from None
        except Exception as error:
            message = f"step {step + 1} raised {type(error).__name__}: {error}"
            raise Disagreement(message, "forward", crash=True) from error
    return found
