"""Training, end to end: one step of every project, an epoch of one, and one step beside other libraries.

A step is everything: forward, loss, backward, the update. Both sides start from the same parameters and take the same
batch. The learning rate is a millionth of the recipe's, so that the network stays where it is: a step late in the
measurement is the same work as one early.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from parity_tests.harness.entry import Project
from parity_tests.harness.judge import BUDGET
from parity_tests.harness.rounding import Noise

from ..data import DataError
from ..lockstep import TrainingError, find_project, scratch_side, torch_side
from ..recipes import RECIPES, Recipe
from ..tasks import Task
from . import peers
from .counting import OperationCounter, bytes_of
from .programs import SCRATCH, TORCH, Program
from .workloads import STEP, Prepared, Refused, Workload

PROJECTS = "projects."  # begins the names of their rows
BATCH = 64  # where the recipe takes all examples at once
JUDGED_STEPS = 2  # the second one sees a momentum forgotten in the first
STANDSTILL = 1e-6
EPOCH_OF = "mnist_mlp"
PEERS = "peers.mlp_step"


def of_projects(rows: Sequence[Any]) -> list[Workload]:
    """A training step of every project."""
    return [
        Workload(row.name, row.title, row.lesson, f"batch {_batch(RECIPES[name])}", STEP, partial(step, RECIPES[name]))
        for row in rows
        if isinstance(row, Project) and (name := row.name.removeprefix(PROJECTS)) in RECIPES
    ]


def epoch(rows: Sequence[Any]) -> list[Workload]:
    """All training examples once."""
    return [
        Workload(row.name, f"{row.title}: an epoch", row.lesson, "epoch", STEP, _epoch)
        for row in rows
        if row.name == PROJECTS + EPOCH_OF
    ]


def beside_peers(wanted: Sequence[str]) -> Workload:
    """A step of the same multilayer perceptron by whatever users would pick instead."""
    return Workload(PEERS, "MLP step beside other libraries", 5, "batch 64", STEP, partial(_peers, wanted))


def _batch(recipe: Recipe) -> int:
    return recipe.batch_size or BATCH


def step(recipe: Recipe, sides: Sequence[str], package: str) -> Prepared:
    """A training step, judged. Raises Refused."""
    task = recipe.made_up_task(JUDGED_STEPS * _batch(recipe), dtype=np.float32)
    makers = _makers(recipe, sides, package)
    for label, make in makers.items():
        _judge(label, make, recipe, task)
    return _prepared(recipe, makers, partial(_only_batch, recipe))


def unjudged(component: str, sides: Sequence[str], package: str) -> Mapping[str, Program]:
    """The step of a project that has been judged elsewhere."""
    recipe = RECIPES[component.removeprefix(PROJECTS)]
    return _prepared(recipe, _makers(recipe, sides, package), partial(_only_batch, recipe)).build()


def first_batch(recipe: Recipe) -> tuple[Any, Any]:
    """Inputs and targets, made up."""
    task = recipe.made_up_task(JUDGED_STEPS * _batch(recipe), dtype=np.float32)
    return task.inputs[: _batch(recipe)], task.targets[: _batch(recipe)]


def _only_batch(recipe: Recipe) -> list[tuple[Any, Any]]:
    return [first_batch(recipe)]


def _epoch(sides: Sequence[str], package: str) -> Prepared:
    recipe = RECIPES[EPOCH_OF]
    try:
        recipe.task()
    except DataError as error:
        raise Refused(str(error)) from error
    return _prepared(recipe, _makers(recipe, sides, package), partial(_all_batches, recipe))


def _all_batches(recipe: Recipe) -> list[tuple[Any, Any]]:
    task, size = recipe.task(), _batch(recipe)
    order = np.random.default_rng(0).permutation(len(task.inputs))
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    return [(task.inputs[batch], task.targets[batch]) for batch in batches]


def _peers(wanted: Sequence[str], sides: Sequence[str], package: str) -> Prepared:
    recipe = dataclasses.replace(RECIPES[EPOCH_OF], settings={"momentum": 0.9, "weight_decay": 0.0})
    task = recipe.made_up_task(JUDGED_STEPS * _batch(recipe), dtype=np.float32)
    makers, missing = _makers(recipe, sides, package), {}
    for name in wanted:
        try:
            network = peers.load(name)
        except peers.PeerMissing as error:
            missing[name] = str(error)
            continue
        makers[name] = partial(_peer_side, network, recipe)
        try:
            _judge(name, makers[name], recipe, task)
        except FileNotFoundError as error:  # tinygrad calls a compiler
            missing[name] = f"{name} needs the program {error.filename!r}, which is not on this machine"
            del makers[name]
    for label in set(makers) & {SCRATCH, TORCH}:
        _judge(label, makers[label], recipe, task)
    prepared = _prepared(recipe, makers, partial(_only_batch, recipe))
    return dataclasses.replace(prepared, missing=missing)


def _peer_side(network: Any, recipe: Recipe) -> tuple[Any, Callable[[Any], Any]]:
    return network(recipe.parameters(), momentum=0.9), lambda array: array


def _makers(recipe: Recipe, sides: Sequence[str], package: str) -> dict[str, Callable[[], tuple[Any, Any]]]:
    """For each side what makes a fresh network, and what hands it an array. Raises Refused."""

    def make(label: str) -> tuple[Any, Any]:
        try:
            if label == SCRATCH:
                side = scratch_side(find_project(package, recipe.name), recipe.parameters(), recipe.settings)
            else:
                module = find_project("reference_torch", recipe.name)
                side = torch_side(module, recipe.parameters(), recipe.settings)
        except (TrainingError, NotImplementedError) as error:
            raise Refused(f"{label}: {error}") from error
        return side.network, side.hand_over

    return {label: partial(make, label) for label in sides if label in (SCRATCH, TORCH)}


def _judge(label: str, make: Callable[[], tuple[Any, Any]], recipe: Recipe, task: Task) -> None:
    """Raise Refused where losses or parameters after a few steps are not PyTorch's, but for rounding.

    The error in the mean of each is compared with the noise in the mean, in float32.
    """
    names = list(recipe.parameters())
    network = find_project("reference_torch", recipe.name).Network

    def evaluate(arrays: list[Any]) -> list[Any]:
        inputs, targets, *parameters = arrays
        return _run(network(dict(zip(names, parameters, strict=True)), **recipe.settings), recipe, inputs, targets)

    start = [torch.from_numpy(a) for a in (task.inputs, task.targets, *recipe.parameters().values())]
    wide = [t.double() if t.is_floating_point() else t for t in start]
    truth = evaluate(wide)
    units = Noise(evaluate, wide, truth, np.dtype(np.float32), seed=0, samples=2).whole()
    built, hand_over = make()
    found = _run(built, recipe, hand_over(task.inputs), hand_over(task.targets))
    labels = [f"loss {i + 1}" for i in range(JUDGED_STEPS)] + names
    for name, right, unit, got in zip(labels, truth, units, found, strict=True):
        error, allowed = (float(np.sqrt(np.mean(np.square(v)))) for v in (got.astype(np.float64) - right, unit))
        if got.shape != right.shape or not error <= BUDGET * allowed:
            raise Refused(f"{label}: {name} is {error / allowed:,.0f} noise units off after {JUDGED_STEPS} steps")


def _run(network: Any, recipe: Recipe, inputs: Any, targets: Any) -> list[Any]:
    """The losses, then the parameters at the end."""
    size = _batch(recipe)
    losses = [
        np.asarray(float(network.step(inputs[i * size :][:size], targets[i * size :][:size], recipe.learning_rate)))
        for i in range(JUDGED_STEPS)
    ]
    state = network.state_dict()
    return losses + [np.asarray(state[name]).copy() for name in recipe.parameters()]


def _prepared(
    recipe: Recipe,
    makers: Mapping[str, Callable[[], tuple[Any, Any]]],
    make_batches: Callable[[], Sequence[tuple[Any, Any]]],
) -> Prepared:
    learning_rate = recipe.learning_rate * STANDSTILL

    def program(make: Callable[[], tuple[Any, Any]], batches: Sequence[tuple[Any, Any]]) -> Program:
        network, hand_over = make()
        handed = [(hand_over(x), hand_over(target)) for x, target in batches]

        def run() -> list[Any]:
            return [network.step(x, target, learning_rate) for x, target in handed]

        return Program(run, lambda found: [np.asarray(loss) for loss in found])

    def build() -> dict[str, Program]:
        batches = make_batches()
        return {label: program(make, batches) for label, make in makers.items()}

    batches = make_batches()
    operations = 0
    if TORCH in makers:
        network, hand_over = makers[TORCH]()
        with OperationCounter() as counter:
            network.step(*map(hand_over, batches[0]), learning_rate)
        operations = counter.count * len(batches)
    parameters = recipe.parameters().values()
    moved = bytes_of(batches[0]) + 2 * bytes_of(parameters)  # every parameter is read and written
    count = sum(p.size for p in parameters)
    about = f"{count:,} parameters, {recipe.network}"
    return Prepared(tuple(makers), build, {}, count, moved * len(batches), operations, about)
