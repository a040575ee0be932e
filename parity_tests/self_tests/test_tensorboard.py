"""The log for TensorBoard, of either side, read back by TensorBoard itself."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from nn_parity.callbacks import TensorBoardLog, tensorboard_log


def train(package: str, folder: Path, epochs: int, begin: int = 0) -> tuple[dict[str, list[float]], Any]:
    """A training; with `begin`, it goes on as if resumed after that epoch."""

    def load(name: str) -> Any:
        return importlib.import_module(f"{package}.{name}")

    class Resume(load("training.fit").Callback):  # type: ignore[misc]
        def begin(self, run: Any) -> None:
            run.epoch = begin

    x = np.random.default_rng(0).standard_normal((6, 2)).astype(np.float32)
    model = load("nn.linear").Linear(2, 1)
    history = load("training.fit").fit(
        model,
        batches(package, x),
        load("nn.losses").MSELoss(),
        load("optim.sgd").SGD(model.parameters(), lr=0.1),
        epochs=epochs,
        validation=batches(package, x),
        callbacks=[TensorBoardLog(folder, histograms=True), Resume()],
    )
    return history, model


def batches(package: str, x: Any) -> list[tuple[Any, Any]]:
    given = torch.from_numpy(x) if package == "reference_torch" else x
    return [(given[i : i + 3], given[i : i + 3, :1] + 1) for i in (0, 3)]


def read(folder: Path) -> Any:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    return EventAccumulator(str(folder), size_guidance={"histograms": 0}).Reload()


@pytest.mark.parametrize("package", ["scratch", "reference_torch"])
def test_the_history_is_read_back(package: str, tmp_path: Path) -> None:
    history, model = train(package, tmp_path, 3)
    found = read(tmp_path)
    assert sorted(found.Tags()["scalars"]) == ["loss", "lr", "val_loss"]
    for name, values in history.items():
        events = found.Scalars(name)
        assert [event.step for event in events] == [1, 2, 3]
        assert [event.value for event in events] == np.float32(values).tolist()
    last = found.Histograms("weight")[-1].histogram_value
    weight = model.weight.detach().numpy()
    assert (last.num, last.min, last.max) == (2, weight.min(), weight.max())


def test_a_resumed_training_replaces_what_came_after(tmp_path: Path) -> None:
    train("scratch", tmp_path, 4)
    history, _ = train("scratch", tmp_path, 3, begin=1)  # goes on after epoch 1: epochs 2 and 3 are new, 4 is gone
    events = read(tmp_path).Scalars("loss")
    assert [event.step for event in events] == [1, 2, 3]
    assert [event.value for event in events[1:]] == np.float32(history["loss"]).tolist()


def test_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorboard_log, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"pip install 'nn-parity\[tensorboard\]'"):
        TensorBoardLog(tmp_path)
