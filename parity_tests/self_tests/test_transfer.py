"""Transfer beyond the rows: weights go from side to side, and what a study of few labels says."""

import importlib
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from nn_parity import checkpoints, transfer
from nn_parity.cli import app
from nn_parity.data import load
from nn_parity.lockstep import sides_of
from nn_parity.recipes import RECIPES
from nn_parity.recipes import transfer as recipes
from nn_parity.transfer import METHODS, NO_LABELS, Outcome

from ..harness.judge import compare
from ..harness.reference import Expected
from ..harness.rounding import Noise

PRETRAINING, FINE_TUNING = RECIPES["pretraining"], RECIPES["fine_tuning"]
PRETRAINING_SHAPES = {name: value.shape for name, value in PRETRAINING.parameters().items()}
TREES = {"scratch": "scratch", "torch": "reference_torch"}


def a_side(which, seed=0):
    (side,) = sides_of(PRETRAINING, which, PRETRAINING.parameters(seed, np.float64))
    return side


def logits(side, x):
    """What the network says in inference mode."""
    network = side.network.eval()
    if side.label == "torch":
        return network(torch.from_numpy(x)).detach().numpy()
    return network(importlib.import_module("scratch.autograd.tensor").Tensor(x)).data


@pytest.mark.parametrize(("writer", "reader"), [("torch", "scratch"), ("scratch", "torch")])
def test_weights_saved_by_one_side_load_into_the_other_and_say_the_same(writer, reader, tmp_path: Path):
    one, other = a_side(writer), a_side(reader, seed=1)
    task = PRETRAINING.made_up_task(24)
    for batch in np.split(np.arange(24), 3):  # so that running statistics are not the first ones
        one.step(task.inputs[batch], task.targets[batch], 0.05)
    file = tmp_path / "weights.safetensors"
    for tree, side, function in ((TREES[writer], one, "save"), (TREES[reader], other, "load")):
        checkpoint = importlib.import_module(f"{tree}.training.checkpoint")
        getattr(checkpoint, function)(file, model=side.network, **({"epoch": 3} if function == "save" else {}))
    assert all(np.array_equal(value, other.parameters()[name]) for name, value in one.parameters().items())
    assert np.array_equal(one.predict(task.inputs), other.predict(task.inputs))

    names, x = list(one.parameters()), torch.from_numpy(task.inputs)

    def evaluate(arrays):
        network = type(a_side("torch").network)(dict(zip(names, arrays, strict=True)), **PRETRAINING.settings)
        return [network.eval()(x).detach().numpy()]

    arrays = [torch.from_numpy(value) for value in one.parameters().values()]
    (truth,) = evaluate(arrays)
    (unit,) = Noise(evaluate, arrays, [truth], np.dtype(np.float64), seed=0, samples=3).whole()
    compare(Expected("logits", truth, truth, unit), logits(other, task.inputs), "forward")


def test_the_shipped_weights_know_other_digits_a_little_on_both_sides():
    task = recipes.few_digits(None)(0, np.float32)
    scores = [
        np.mean(side.predict(task.test_inputs) == task.test_targets)
        for side in sides_of(PRETRAINING, "both", recipes.pretrained())
    ]
    assert scores[0] == scores[1] > 0.5  # by chance it would be 0.1


def test_a_new_head_stands_on_the_pretrained_body():
    start, shipped = FINE_TUNING.parameters(), recipes.pretrained()
    assert not start["output.weight"].any()
    assert not start["output.bias"].any()
    body = [name for name in start if name.startswith("body.")]
    assert len(body) == 18
    assert all(np.array_equal(start[name], shipped[name]) for name in body)


def test_a_saved_count_has_no_axes(tmp_path: Path):
    file = tmp_path / "weights.safetensors"
    checkpoints.save(file, "pretraining", recipes.pretrained())
    again = checkpoints.load(file, "pretraining")
    assert {name: value.shape for name, value in again.items()} == PRETRAINING_SHAPES


def test_what_is_frozen_is_the_same_after_a_training():
    task, start = FINE_TUNING.task(), FINE_TUNING.parameters()
    for side in sides_of(FINE_TUNING, "both", start):
        for begin in (0, 20, 40):
            side.step(task.inputs[begin : begin + 20], task.targets[begin : begin + 20], 0.05)
        after = side.parameters()
        frozen = [name for name in start if name.startswith(("body.0.", "body.1."))]
        assert len(frozen) == 6
        assert all(np.array_equal(start[name], after[name]) == (name in frozen) for name in start)


def test_small_images_are_means_of_the_middle():
    images = np.arange(2 * 28 * 28, dtype=np.float64).reshape(2, 28, 28)
    small = recipes.shrunk(images)
    assert small.shape == (2, 1, 8, 8)
    assert small[1, 0, 2, 7] == images[1, 8:11, 23:26].mean()


def test_few_labels_are_as_many_of_each_digit_and_none_of_them_is_tested():
    whole = load("digits", seed=3)
    task = recipes.few_digits(7)(3, np.float64)
    assert np.bincount(task.targets).tolist() == [7] * 10
    assert np.array_equal(task.test_inputs[:, 0] * 16, whole.test.inputs)
    known = {image.tobytes() for image in whole.train.inputs}
    assert all((image * 16).tobytes() in known for image in task.inputs[:, 0])
    assert len(recipes.few_digits(None)(3, np.float64).inputs) == len(whole.train.inputs)
    assert not np.array_equal(task.inputs, recipes.few_digits(7)(4, np.float64).inputs)


def test_the_table_has_means_and_deviations():
    shares = {"from scratch": (0.8, 0.9), "features": (0.7, 0.7), "fine-tuned": (0.9, 1.0), "adapted": (0.5, 0.6)}
    outcomes = [Outcome(name, 10, seed, s) for name, both in shares.items() for seed, s in enumerate(both)]
    outcomes += [Outcome(NO_LABELS, None, seed, share) for seed, share in enumerate((0.25, 0.75))]
    lines = transfer.table(outcomes).splitlines()
    assert "2 seeds" in lines[0]
    assert lines[3].split() == ["0", "–", "–", "–", "50.0", "±", "35.4"]
    assert lines[4].split()[:7] == ["10", "85.0", "±", "7.1", "70.0", "±", "0.0"]


def test_the_command_prints_a_table_and_draws_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transfer, "PLANS", {2: 1, None: 1})
    monkeypatch.setattr(transfer, "METHODS", {name: METHODS[name] for name in ("features", "adapted")})
    file = tmp_path / "transfer.svg"
    result = CliRunner().invoke(app, ["demo", "transfer", "--seeds", "1", "--side", "torch", "--plot", str(file)])
    assert result.exit_code == 0, result.output
    assert "all (~144)" in result.output
    assert max(len(line) for line in result.output.splitlines() if str(file) not in line) <= 80
    assert file.read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.slow
@pytest.mark.training
def test_fine_tuning_beats_training_from_scratch_where_labels_are_few():
    outcomes = list(transfer.study(5, "scratch", {10: transfer.PLANS[10]}))
    found = {name: [o.accuracy for o in outcomes if o.method == name] for name in METHODS}
    for name in ("features", "fine-tuned", "adapted"):
        gained = np.subtract(found[name], found["from scratch"])  # of the same labels, on the same images
        assert gained.mean() > gained.std(ddof=1) / np.sqrt(len(gained)), (name, gained)
