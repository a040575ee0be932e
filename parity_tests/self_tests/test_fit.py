"""Trainings as a user writes them: killed and resumed, stopped early on real data, logged."""

import csv
import importlib
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from rich.console import Console

from nn_parity.callbacks import CsvLog, Progress
from nn_parity.recipes import RECIPES

ROOT = Path(__file__).parents[2]
SIDES = pytest.mark.parametrize("package", ["scratch", "reference_torch"])

PROGRAM = """
import sys, time, numpy as np
from scratch import nn
from scratch.optim.adam import Adam
from scratch.optim.schedules.cosine_annealing_lr import CosineAnnealingLR
from scratch.training.callbacks.early_stopping import EarlyStopping
from scratch.training.callbacks.learning_rate import LearningRate
from scratch.training.callbacks.save_checkpoint import SaveCheckpoint
from scratch.training.data_loader import DataLoader, TensorDataset
from scratch.training.fit import Callback, fit

class Pace(Callback):
    def after_step(self, run):
        time.sleep(float(sys.argv[2]))

generator = np.random.default_rng(0)
x = generator.standard_normal((40, 3)).astype(np.float32)
y = x.sum(axis=1, keepdims=True)
layers = nn.Linear(3, 8, generator=generator), nn.BatchNorm1d(8), nn.Dropout(0.3, generator=1)
model = nn.Sequential(*layers, nn.ReLU(), nn.Linear(8, 1, generator=generator))
optimizer = Adam(model.parameters(), lr=0.01)
schedule = LearningRate(CosineAnnealingLR(optimizer, T_max=12))
callbacks = [Pace(), EarlyStopping(patience=3), schedule, SaveCheckpoint(sys.argv[1])]
data = DataLoader(TensorDataset(x, y), 8, shuffle=True, generator=5)
fit(model, data, nn.MSELoss(), optimizer, epochs=12, validation=data, callbacks=callbacks)
"""


def test_a_killed_training_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    """Killed five times at random moments, then left alone: the last checkpoint has the bytes of an undisturbed run."""

    def start(file: str, pace: float) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path / file), str(pace)], cwd=ROOT)

    assert start("through", 0).wait() == 0
    generator, killed = np.random.default_rng(), 0
    for _ in range(5):
        process = start("killed", 0.01)
        deadline = time.monotonic() + 20
        while not (tmp_path / "killed").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(float(generator.uniform(0.0, 0.3)))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
    assert killed, "no training was killed before it was over"
    assert start("killed", 0).wait() == 0
    assert (tmp_path / "killed").read_bytes() == (tmp_path / "through").read_bytes()


def on_breast_cancer(package: str, **options: Any) -> tuple[Any, dict[str, list[float]], float, Any]:
    """A network with dropout, trained with Adam until the loss on held-out patients has stopped falling."""

    def load(name: str) -> Any:
        return importlib.import_module(f"{package}.{name}")

    task = RECIPES["breast_cancer"].task()
    data, nn, losses = load("training.data_loader"), load("nn.linear"), load("nn.losses")
    as_arrays = (lambda array: array) if package == "scratch" else torch.from_numpy
    dataset = data.TensorDataset(as_arrays(task.inputs), as_arrays(task.targets))
    training, validation = load("training.random_split").random_split(dataset, [0.8, 0.2], generator=0)
    model = load("nn.sequential").Sequential(
        nn.Linear(30, 32), load("nn.activations").ReLU(), load("nn.dropout").Dropout(0.3, generator=0), nn.Linear(32, 1)
    )
    first = np.random.default_rng(0)
    state = {"0.weight": (32, 30), "0.bias": (32,), "3.weight": (1, 32), "3.bias": (1,)}
    start = {name: first.uniform(-0.2, 0.2, shape).astype(np.float32) for name, shape in state.items()}
    model.load_state_dict({name: as_arrays(value) for name, value in start.items()})
    stopping = load("training.callbacks.early_stopping").EarlyStopping(patience=10)
    history = load("training.fit").fit(
        model,
        data.DataLoader(training, 32, shuffle=True, generator=0),
        losses.BCEWithLogitsLoss(),
        load("optim.adam").Adam(model.parameters(), lr=0.003),
        epochs=200,
        validation=data.DataLoader(validation, 128),
        callbacks=[stopping, *options.get("callbacks", ())],
    )
    fit = load("training.fit")
    accuracy = fit.evaluate(
        model,
        [(as_arrays(task.test_inputs), as_arrays(task.test_targets))],
        losses.BCEWithLogitsLoss(),
        {"accuracy": lambda logits, targets: ((logits > 0) == (targets > 0.5)).sum() / len(targets)},
    )["accuracy"]
    return model, history, accuracy, stopping


@SIDES
def test_early_stopping_on_breast_cancer(package: str, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as stream:
        log, progress = CsvLog(tmp_path / "log.csv"), Progress(Console(file=stream, width=120))
        _, history, accuracy, stopping = on_breast_cancer(package, callbacks=[log, progress])
    epochs = len(history["loss"])
    assert accuracy >= 0.96
    assert epochs < 200, "it was stopped"
    assert stopping.best_epoch == epochs - 10 == int(np.argmin(history["val_loss"])) + 1
    with (tmp_path / "log.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["val_loss"]) for row in rows] == history["val_loss"]
    assert len((tmp_path / "out").read_text().splitlines()) == epochs


def test_the_two_sides_stop_in_the_same_epoch() -> None:
    ours, theirs = (on_breast_cancer(package)[1]["val_loss"] for package in ("scratch", "reference_torch"))
    assert len(ours) == len(theirs)
    assert np.argmin(ours) == np.argmin(theirs)
