"""The floors of the benchmarks: which loops of NumPy are seen, and how often they go over how much."""

import numpy as np
import pytest

from benchmarks import floors
from nn_parity.recipes import RECIPES

from ..catalogue import ROWS


def computed(x):
    y = np.exp(x) * 2  # 200 elements each
    y += x.sum(axis=1, keepdims=True)  # 200, and a reduction
    z = (y @ np.ones((20, 5), np.float32)).max(axis=0)  # a product and a reduction
    z[1:3] = z[[0, 4]]  # two moves
    assert np.shape(np.swapaxes(np.empty_like(y), 0, 1)) == (20, 10)  # no moves: a number, a view, an allocation
    np.copyto(z[:1], np.concatenate([z[3:], z[3:]])[:1])  # two moves
    np.divide(z, 2, out=z, where=z > 0)  # a loop of five, and one that leaves some out
    return z[::-1].copy()  # a view, and a move


def test_every_loop_counts_its_elements_and_products_stand_by_themselves(monkeypatch):
    monkeypatch.setattr(floors.Recording, "loops", floors.Loops())
    x = np.random.default_rng(0).standard_normal((10, 20)).astype(np.float32)
    found = computed(x.view(floors.Recording))
    loops, floors.Recording.loops = floors.Recording.loops, floors.Loops()
    np.testing.assert_array_equal(found, computed(x))
    assert (loops.passes, len(loops.products), len(loops.moves)) == (605, 4, 5)
    assert min(loops.seconds()) > 0
    assert loops.has_floor


def test_a_training_step_is_seen_down_to_its_updates(monkeypatch):
    monkeypatch.setattr(floors.Recording, "loops", floors.Loops())
    loops, parameters = floors._loops_of_step(RECIPES["mnist_mlp"])
    assert parameters == 109_386
    assert loops.passes > 6 * parameters  # weight decay, momentum, the step: six loops over every parameter
    assert len(loops.products) >= 3 + 2 + 3  # products: forward, back to the inputs, back to the weights


@pytest.mark.parametrize("name", ["ops.neuron.dot_loops", "ops.pooling.flatten"])
def test_what_is_not_the_work_of_numpy_has_no_floor(monkeypatch, name):
    monkeypatch.setattr(floors.Recording, "loops", floors.Loops())
    row = next(row for row in ROWS if row.name == name)
    assert not floors._loops(row, floors._case(row, next(iter(row.sizes))), "forward")[0].has_floor
