"""Every project: step by step like PyTorch, and as good as its recipe says on real data."""

from types import ModuleType

import numpy as np
import pytest

from nn_parity.data import available
from nn_parity.lockstep import find_project, scratch_side, torch_side

from .catalogue import ROWS
from .harness import projects
from .harness.disagreement import Disagreement
from .harness.entry import Project
from .harness.evidence import Evidence
from .harness.failure import Failure

PROJECTS = [row for row in ROWS if isinstance(row, Project)]
QUICK = [pytest.param(row, id=row.name) for row in PROJECTS if not row.slow]
SLOW = [
    pytest.param(row, id=row.name) for row in PROJECTS if row.slow and available(projects.recipe_of(row).data)
]  # nothing is downloaded for a test: without the data there is no such test


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in PROJECTS])
@pytest.mark.check("lockstep")
def test_project_lockstep(row: Project, module: ModuleType, evidence: Evidence) -> None:
    try:
        projects.lockstep(row, module, evidence)
    except Disagreement as disagreement:
        raise Failure(disagreement, module, None) from None


@pytest.mark.parametrize("row", QUICK)
@pytest.mark.check("target")
def test_project_accuracy(row: Project, module: ModuleType, evidence: Evidence) -> None:
    _reach_the_target(row, module, evidence)


@pytest.mark.slow
@pytest.mark.training
@pytest.mark.parametrize("row", SLOW)
@pytest.mark.check("target")
def test_project_accuracy_slow(row: Project, module: ModuleType, evidence: Evidence) -> None:
    _reach_the_target(row, module, evidence)


def _reach_the_target(row: Project, module: ModuleType, evidence: Evidence) -> None:
    try:
        projects.target(row, module, evidence)
    except Disagreement as disagreement:
        raise Failure(disagreement, module, None) from None


SIDES = pytest.mark.parametrize("package", ["scratch", "reference_torch"])


@SIDES
@pytest.mark.parametrize("project", [row for row in PROJECTS if row.head and not row.slow], ids=lambda row: row.name)
def test_the_early_layers_have_to_learn(project: Project, package: str) -> None:
    _miss_the_target_with_early_layers_frozen(project, package)


@pytest.mark.slow
@pytest.mark.training
@SIDES
@pytest.mark.parametrize("project", [p.values[0] for p in SLOW if p.values[0].head], ids=lambda row: row.name)
def test_the_early_layers_have_to_learn_slow(project: Project, package: str) -> None:
    _miss_the_target_with_early_layers_frozen(project, package)


def _miss_the_target_with_early_layers_frozen(project: Project, package: str) -> None:
    """Training the last layer alone misses the target: reaching it took gradients that came through to the others."""
    recipe = projects.recipe_of(project)
    make = scratch_side if package == "scratch" else torch_side
    side = make(find_project(package, recipe.name), recipe.parameters(), recipe.settings)
    before = side.parameters()
    frozen = tuple(name for name in before if not name.startswith(project.head or ""))
    reached = projects.trained(recipe, recipe.task(), side, frozen=frozen)
    assert not recipe.score.reached(reached, recipe.goal)
    after = side.parameters()
    assert all(np.array_equal(before[name], after[name]) == (name in frozen) for name in before)
