"""The experiments of `nn-parity demo`: what they show is so, and the command shows it."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from nn_parity import gradients_over_time, optimizers, weight_decay
from nn_parity.cli import app

from ..harness.judge import compare
from ..harness.reference import Expected
from ..harness.rounding import rounding

DEMOS = {
    "initialization": "Kaiming",
    "optimizers": "Lion",
    "weight-decay": "AdamW",
    "gradients-over-time": "forget bias",
}


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["demo", *arguments], prog_name="nn-parity", env={"COLUMNS": "80"})


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the comparison of optimizers, which trains ninety networks, a part."""
    monkeypatch.setattr(optimizers, "EPOCHS", 1)
    monkeypatch.setattr(optimizers, "RATES", (1e-2, 1e-1))


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_is_a_table_of_eighty_columns_and_a_picture(name: str, tmp_path: Path) -> None:
    file = tmp_path / "curves.svg"
    result = call(name, "--plot", str(file))
    assert result.exit_code == 0, result.output
    assert DEMOS[name] in result.output
    assert max(len(line) for line in result.output.splitlines() if str(file) not in line) <= 80
    assert file.read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.parametrize(("file", "says"), [("curves.txt", ".svg"), ("no/folder/curves.svg", "no folder")])
def test_a_picture_that_cannot_be_written_is_refused_before_the_work(file: str, says: str, tmp_path: Path) -> None:
    result = call("weight-decay", "--plot", str(tmp_path / file))
    assert result.exit_code == 2
    assert says in result.output


def test_the_help_lists_the_demos() -> None:
    assert all(name in call().output for name in DEMOS)


def test_decay_and_penalty_pull_alike_under_sgd_and_not_under_adam() -> None:
    sgd, adam = weight_decay.study()
    once = 100 * rounding(np.ones(len(sgd.decay)), np.dtype(np.float64))  # of a weight of 1, in percent
    truth = np.array(sgd.decay)
    compare(Expected("penalty", truth, truth, weight_decay.STEPS * once), np.array(sgd.penalty), "forward")
    assert 1000 * np.ptp(adam.decay) < np.ptp(adam.penalty), "decay asks no gradient"
    assert adam.penalty == sorted(adam.penalty, reverse=True), "the larger the gradients, the weaker the penalty"
    assert adam.penalty[0] > adam.decay[0] > 5 * adam.penalty[-1]


def test_each_optimizer_is_shown_with_its_best_rate_and_what_diverges_is_never_that() -> None:
    found = optimizers.study(names=("SGD", "Adam"))
    assert optimizers.best(found["SGD"]) == 1e-1, "SGD takes larger steps than Adam"
    assert optimizers.best(found["Adam"]) == 1e-2
    wild = optimizers._train(optimizers.OPTIMIZERS["SGD"], 1e6, optimizers.RECIPES["digits"].task(0), seed=0)
    assert wild.final == np.inf
    assert optimizers.best({**found["SGD"], 1e6: wild}) == 1e-1


def test_gradients_vanish_and_explode_in_a_plain_network_and_pass_an_open_gate() -> None:
    reaches = {reach.network: reach.gradient for reach in gradients_over_time.study()}
    far = {name: gradient[-1] for name, gradient in reaches.items()}
    assert far["RNN, weights × 0.5"] < far["RNN, orthogonal"] < gradients_over_time.VANISHED
    assert far["RNN, weights × 2"] > gradients_over_time.EXPLODED
    assert far["LSTM, forget bias 0"] < far["LSTM, forget bias 1"] < far["LSTM, forget bias 3"]
    for name in ("LSTM, forget bias 3", "GRU, update bias 3"):
        assert gradients_over_time.VANISHED < far[name] < gradients_over_time.EXPLODED
    halved = 0.5 ** np.arange(gradients_over_time.STEPS)
    assert (reaches["RNN, weights × 0.5"] < 10 * halved).all(), "a matrix that halves, and slopes of at most 1"
