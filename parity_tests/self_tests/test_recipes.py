"""Recipes and their tasks: nothing of the test data is seen beforehand, and both sides get the same numbers."""

from pathlib import Path

import numpy as np
import pytest

from nn_parity import edges
from nn_parity.data import Dataset, Split
from nn_parity.lockstep import Training, sides_of
from nn_parity.recipes import RECIPES
from nn_parity.tasks import as_it_is, per_feature, prepare, whole

from ..catalogue import ROWS
from ..harness.entry import Project
from .within_noise import agree_but_for

ROOT = Path(__file__).parents[2]
ROW = {row.name: row for row in ROWS if isinstance(row, Project)}


def test_every_recipe_is_a_project_on_both_sides_and_a_row():
    for tree in ("scratch", "reference_torch"):
        files = {file.stem for file in (ROOT / tree / "projects").glob("[!_]*.py")}
        assert files == set(RECIPES)
    assert set(ROW) == {f"projects.{name}" for name in RECIPES}


def test_statistics_come_from_the_training_part_alone():
    train = Split(np.array([[0.0, 5.0], [2.0, 5.0]]), np.array([0, 1]))
    test = Split(np.array([[100.0, 7.0]]), np.array([1]))
    task = prepare(Dataset("t", train, test, ("a", "b"), "here"), per_feature, np.float32, outputs=2)
    np.testing.assert_array_equal(task.inputs, np.array([[-1, 0], [1, 0]], np.float32))  # a constant stays 0
    np.testing.assert_array_equal(task.test_inputs, np.array([[99, 2]], np.float32))
    assert task.inputs.dtype == task.test_inputs.dtype == np.float32


@pytest.mark.parametrize("scale", [per_feature, whole, as_it_is])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_images_are_flattened_and_keep_the_dtype(scale, dtype):
    images = np.random.default_rng(0).integers(0, 256, (6, 3, 3)).astype(np.uint8)
    data = Dataset("t", Split(images, np.arange(6)), None, (), "here")
    task = prepare(data, scale, dtype, outputs=6)
    assert task.inputs.shape == (6, 9)
    assert task.inputs.dtype == dtype
    assert task.targets.dtype == np.int64
    assert task.tested_on == "training"
    if scale is whole:
        size, largest = task.inputs.size, np.abs(task.inputs).max()
        agree_but_for(2 * size + 1, task.inputs.mean(), 0.0, size=largest)  # each was rounded, and is added
        assert abs(task.inputs.std(dtype=np.float64) - 1) < size * np.finfo(dtype).eps  # a rounding each


def test_both_dtypes_start_from_the_same_parameters():
    recipe = RECIPES["spiral"]
    wide, narrow = recipe.parameters(dtype=np.float64), recipe.parameters(dtype=np.float32)
    assert all(np.array_equal(wide[name].astype(np.float32), narrow[name]) for name in wide)
    assert not np.array_equal(wide["layer1.weight"], recipe.parameters(seed=1, dtype=np.float64)["layer1.weight"])


def test_the_reference_has_the_parameters_of_the_recipe_in_its_order():
    for name, recipe in RECIPES.items():
        start = recipe.parameters()
        assert tuple(start) == recipe.parameter_names
        (one,) = sides_of(recipe, "torch", start)
        assert tuple(one.network.state_dict()) == recipe.parameter_names, name


def test_made_up_data_have_the_shapes_of_the_real_ones():
    for name, recipe in RECIPES.items():
        if recipe.data in ("mnist", "cifar10", "tinyshakespeare"):
            continue  # may not be here, and nothing is downloaded for a test
        real, made_up = recipe.task(dtype=np.float64), recipe.made_up_task(5)
        assert made_up.inputs.shape[1:] == real.inputs.shape[1:], name
        assert made_up.targets.shape[1:] == real.targets.shape[1:], name
        assert made_up.targets.dtype == real.targets.dtype, name


@pytest.mark.parametrize("which", ["scratch", "torch"])
def test_weights_set_by_hand_find_the_edges(which):
    recipe = RECIPES["edge_detector"]
    training = Training.by(recipe, recipe.task(), sides_of(recipe, which, recipe.parameters()))
    assert training.score_of(training.sides[0]) < recipe.goal
    assert training.by_hand(recipe) >= recipe.goal


def test_the_images_of_the_edge_detector_differ_and_hold_edges():
    data = edges.dataset(0)
    assert data.test is not None
    assert not np.array_equal(data.train.targets, data.test.targets)
    assert 0.02 < data.train.targets.mean() < 0.5
