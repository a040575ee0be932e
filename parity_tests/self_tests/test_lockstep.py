"""The runner: the same batches for both sides, an honest difference, and the dtype that was asked for."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from nn_parity.lockstep import Side, Training, TrainingError, find_project, scratch_side, sides_of, torch_side
from nn_parity.recipes import RECIPES
from nn_parity.scores import Score, share_right
from nn_parity.tasks import Task

from ..catalogue import ROWS
from ..harness import candidate, projects
from ..harness.disagreement import Disagreement
from ..harness.entry import Project
from ..harness.evidence import Evidence
from ..harness.judge import BUDGET
from .within_noise import agree

ROOT = Path(__file__).parents[2]
ROW = {row.name: row for row in ROWS if isinstance(row, Project)}


class Recorder:
    """A network that learns nothing and writes down what it is shown."""

    def __init__(self, losses=None):
        self.seen, self.rates, self.losses = [], [], iter(losses or [])

    def step(self, x, target, learning_rate):
        self.seen.append(x[:, 0].astype(int).tolist())
        self.rates.append(learning_rate)
        return next(self.losses, 0.0)

    def predict(self, x):
        return np.zeros((len(x), 1))

    def state_dict(self):
        return {"weight": np.zeros(1)}


def side(network, label="scratch"):
    return Side(label, network, lambda array: array)


def numbered_task(count):
    x = np.arange(count, dtype=float)[:, None]
    return Task(x, np.zeros((count, 1)), x, np.zeros((count, 1)), source="test")


def run(training):
    for _ in training:
        pass
    return training


def test_both_sides_see_the_same_batches_and_an_epoch_shows_everything_once():
    first, second = Recorder(), Recorder()
    training = run(Training(numbered_task(10), [side(first), side(second)], epochs=3, batch_size=4, learning_rate=1))
    assert training.steps == training.taken == 9
    assert first.seen == second.seen
    assert [len(batch) for batch in first.seen[:3]] == [4, 4, 2]
    epochs = [[number for batch in first.seen[k : k + 3] for number in batch] for k in (0, 3, 6)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert epochs[0] != epochs[1]


def test_the_seed_decides_the_order_of_the_batches():
    def order(seed):
        network = Recorder()
        run(Training(numbered_task(20), [side(network)], epochs=1, batch_size=5, learning_rate=1, seed=seed))
        return network.seen

    assert order(1) == order(1) != order(2)


def test_the_learning_rate_falls_along_a_line_and_a_limit_ends_the_run():
    network = Recorder()
    training = run(Training(numbered_task(4), [side(network)], epochs=9, batch_size=2, learning_rate=1, limit=4))
    assert training.taken == 4
    assert network.rates == [1, 0.75, 0.5, 0.25]
    assert training.sides[0].scores[-1][0] == 4


def test_the_difference_is_the_largest_so_far_and_remembers_its_step():
    ours, theirs = Recorder([1.0, 1.0, 1.0, 1.0]), Recorder([1.0, 1.5, 0.9, 1.0])
    training = Training(numbered_task(4), [side(ours), side(theirs, "torch")], epochs=1, batch_size=1, learning_rate=1)
    seen = [training.difference.largest for _ in training]
    assert seen == [0, 0.5, 0.5, 0.5]
    assert training.difference.step == 2


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_stops_the_run(bad):
    training = Training(numbered_task(4), [side(Recorder([1.0, bad]))], epochs=1, batch_size=1, learning_rate=0.5)
    with pytest.raises(TrainingError, match=r"scratch: the loss is (nan|inf) at step 2.*smaller learning rate"):
        run(training)


def test_a_step_that_is_not_written_yet_says_so():
    class Empty(Recorder):
        def step(self, x, target, learning_rate):
            raise NotImplementedError("write step")

    with pytest.raises(TrainingError, match="not written yet"):
        run(Training(numbered_task(4), [side(Empty())], epochs=1, batch_size=1, learning_rate=1))


def test_answers_of_another_shape_are_refused_instead_of_broadcast():
    with pytest.raises(ValueError, match="one answer per target"):
        share_right()(np.zeros(3), np.zeros((3, 1)))
    assert share_right(tolerance=0.1)(np.array([1.0, np.nan, 3.05]), np.array([1.0, 2.0, 3.0])) == 2 / 3


def test_a_score_may_fall_and_is_printed_rounded_to_the_bad_side():
    loss = Score("loss", lambda predicted, targets: 0.0, higher_is_better=False)
    assert loss.reached(1.8, 1.9)
    assert not loss.reached(float("nan"), 1.9)
    assert (loss.text(1.89991), loss.text(float("nan"))) == ("1.9000", "nan")
    assert Score("accuracy", share_right(), percent=True).text(0.97799) == "97.79 %"


def test_a_project_that_is_not_there_is_named():
    with pytest.raises(TrainingError, match="no my_nn.projects.xor"):
        find_project("my_nn", "xor")


# Two real sides


def both(name, dtype=np.float64, **changes):
    recipe = RECIPES[name]
    task, start = recipe.made_up_task(160, dtype=dtype), recipe.parameters(dtype=dtype)
    sides = sides_of(recipe, "both", start)
    return Training.by(recipe, task, sides, epochs=10, batch_size=32, **changes)


def test_the_two_sides_stay_together():
    recipe, training = RECIPES["digits"], run(both("digits", limit=20))
    assert training.taken == 20
    start = recipe.parameters(dtype=np.float64)

    def outcome(side):
        return [np.array(side.losses), *side.parameters().values()]

    def by_torch(tensors):
        given = {name: tensor.numpy() for name, tensor in zip(start, tensors, strict=True)}
        (side,) = sides_of(recipe, "torch", given)
        once = Training.by(recipe, training.task, [side], epochs=10, batch_size=32, limit=20)
        run(once)
        return outcome(side)

    agree(outcome(training.sides[0]), by_torch, list(start.values()))
    (losses, *ours), (their_losses, *theirs) = map(outcome, training.sides)
    assert training.difference.largest == np.abs(losses - their_losses).max()
    assert training.parameter_difference() == max(np.abs(a - b).max() for a, b in zip(ours, theirs, strict=True))


def test_a_wrong_learning_rate_on_one_side_shows_as_a_growing_difference():
    recipe, honest = RECIPES["digits"], run(both("digits"))
    right = find_project("scratch", "digits").Network

    class Hasty(right):
        def step(self, x, target, learning_rate):
            return super().step(x, target, 1.01 * learning_rate)

    start = recipe.parameters(dtype=np.float64)
    wrong = [scratch_side(SimpleNamespace(Network=Hasty), start, recipe.settings), *sides_of(recipe, "torch", start)]
    training = Training.by(recipe, honest.task, wrong, epochs=10, batch_size=32)
    reported = [training.difference.largest for _ in training]
    noise = BUDGET * max(honest.difference.largest, np.spacing(honest.sides[0].losses[0]))
    assert reported[0] <= noise  # the first loss is measured before the first update
    assert noise < reported[1] < reported[9] < reported[49]
    assert training.parameter_difference() > honest.parameter_difference()


@pytest.mark.parametrize(
    ("name", "number", "says"),
    [
        ("celsius_to_fahrenheit", 0, "step 1, layer1.weight"),
        ("digits", 0, "step 2, layer1.weight"),
        ("spiral", 0, "step 1, layer1."),
    ],
)
def test_the_judge_rejects_a_wrong_project_and_names_the_step(name, number, says):
    row = ROW[f"projects.{name}"]
    source = candidate.source_file("scratch", row.name).read_text(encoding="utf-8")
    module = candidate.from_source(row.mistakes[number].apply(source), "scratch", row.name, label="mistake")
    with pytest.raises(Disagreement, match=says):
        projects.lockstep(row, module, Evidence())


def test_the_dtype_reaches_both_sides():
    for dtype in (np.float32, np.float64):
        training = run(both("xor", dtype=dtype))
        for one in training.sides:
            assert {value.dtype for value in one.parameters().values()} == {np.dtype(dtype)}


def test_networks_copy_what_they_are_made_from():
    for name, recipe in RECIPES.items():
        start = recipe.parameters()
        kept = {key: value.copy() for key, value in start.items()}
        task = recipe.made_up_task(8, dtype=np.float32)
        nothing = Score("nothing", lambda predicted, targets: 0.0)  # a score may need data that are not here
        run(Training.by(recipe, task, sides_of(recipe, "both", start), epochs=2, measure=nothing))
        assert all(np.array_equal(start[key], kept[key]) for key in kept), name


# Data


def test_celsius_learns_the_formula_on_both_sides():
    recipe = RECIPES["celsius_to_fahrenheit"]
    assert recipe.report is not None
    training = run(Training.by(recipe, recipe.task(), sides_of(recipe, "both", recipe.parameters())))
    for one in training.sides:
        assert recipe.report(training.task, one.parameters(), one.predict) == "°F = 1.8000 · °C + 32.0000"


def test_torch_side_leaves_the_arrays_alone():
    recipe = RECIPES["xor"]
    start = recipe.parameters()
    kept = start["layer1.weight"].copy()
    one = torch_side(find_project("reference_torch", "xor"), start, recipe.settings)
    task = recipe.task()
    one.step(task.inputs, task.targets, 1.0)
    assert np.array_equal(start["layer1.weight"], kept)


def test_torch_is_imported_only_where_it_is_needed():
    code = (
        "import sys; from typer.testing import CliRunner; from nn_parity.cli import app\n"
        "result = CliRunner().invoke(app, ['train', 'xor', '--epochs', '2'])\n"
        "assert result.exit_code == 0, result.output\n"
        "sys.exit(sum(name in sys.modules for name in ('torch', 'sklearn', 'matplotlib')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_without_pytorch_the_other_side_still_trains():
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from typer.testing import CliRunner; from nn_parity.cli import app\n"
        "assert CliRunner().invoke(app, ['train', 'xor', '--steps', '2']).exit_code == 0\n"
        "result = CliRunner().invoke(app, ['train', 'xor', '--side', 'torch'])\n"
        "assert result.exit_code == 1 and 'this side needs PyTorch' in result.output, result.output"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
