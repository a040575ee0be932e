"""Lesson 10: callbacks that keep what they see of a training, or all of it."""

import contextlib
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.trainings import Side, training
from .lesson_10_callbacks import ARRAYS, arrays, fitted, model_and_optimizer


def looked_inside(side: Side, x: Any, y: Any, hidden: Any, out: Any, curve: Any, *, every: int = 1) -> tuple[Any, ...]:
    model, optimizer = model_and_optimizer(side, hidden, out, p=0.0)
    statistics = side.load("training.callbacks.statistics").Statistics(every)
    fitted(side, model, optimizer, x, y, curve, callbacks=[statistics])
    model(side.tensor(x) * 100)  # after the training nobody looks
    found = [*statistics.activations.items(), *statistics.gradients.items()]
    seen = [[figure for look in looks for figure in look] for _, looks in sorted(found)]
    return (*seen, *([ord(letter) for letter in name] for name, _ in sorted(found)))


class Killed(Exception):
    """Stands for a kill."""


def interrupted(
    side: Side, x: Any, y: Any, hidden: Any, out: Any, curve: Any, *, after: int = 1, every: int = 1, patience: int = 2,
    last: bool = True, resume: bool = True,
) -> tuple[Any, ...]:  # fmt: skip
    """The same training once in one go, and once killed after some batches and started again."""
    fit = side.load("training.fit")

    class Kill(fit.Callback):  # type: ignore[misc, name-defined]
        def __init__(self, armed: bool) -> None:
            self.armed = armed
            self.steps = 0

        def after_step(self, run: Any) -> None:
            self.steps += 1
            if self.armed and run.step == after:
                raise Killed

    def run(file: Path, *, killed: bool) -> tuple[int, tuple[Any, ...]]:
        """How many steps were taken, and what came of it."""
        model, optimizer = model_and_optimizer(side, hidden, out)
        schedule = side.load("optim.schedules.exponential_lr").ExponentialLR(optimizer, gamma=0.75)
        kill = Kill(killed)
        callbacks = [
            kill,
            side.load("training.callbacks.early_stopping").EarlyStopping("val_figure", patience),
            side.load("training.callbacks.learning_rate").LearningRate(schedule),
            side.load("training.callbacks.save_checkpoint").SaveCheckpoint(file, every=every, resume=resume),
        ]
        loader = side.load("training.data_loader")
        data = loader.DataLoader(loader.TensorDataset(x, y), 2, True, generator=1)
        callbacks = callbacks if last else callbacks[::-1]
        history = fitted(side, model, optimizer, x, y, curve, callbacks=callbacks, data=data)
        return kill.steps, (*history.values(), *(parameter.detach() for parameter in model.parameters()))

    with tempfile.TemporaryDirectory() as folder, mock.patch("os.fsync"):
        all_steps, through = run(Path(folder, "through"), killed=False)
        with contextlib.suppress(Killed):
            run(Path(folder, "killed"), killed=True)
        saved = Path(folder, "killed").exists()
        steps, resumed = run(Path(folder, "killed"), killed=False)
        files = len(list(Path(folder).iterdir()))
    same = [bool(np.array_equal(np.asarray(a), np.asarray(b))) for a, b in zip(through, resumed, strict=True)]
    return same, [all_steps, steps, saved, files]


@cases("smooth")
def looks(draw: Draw) -> Case:
    return Case(arrays(draw, draw.integer(1, 2)), {"every": draw.integer(1, 3)})


@cases("smooth")
def kills(draw: Draw) -> Case:
    epochs = draw.integer(1, 3)
    options = {
        "after": draw.integer(1, 2 * epochs),
        "every": draw.integer(1, 2),
        "patience": draw.integer(1, 3),
        "resume": draw.choice((True, True, True, False)),
    }
    return Case(arrays(draw, epochs), options)


ROWS = (
    Entry(
        "training.callbacks.statistics",
        lesson=10,
        title="Statistics of outputs and gradients",
        inputs=looks,
        adapter=training("training.callbacks.statistics", looked_inside),
        share=0.5,
        gradient=False,
        refusals=(Refusal("never", Case(ARRAYS, {"every": 0}), says=("every", "0")),),
        mistakes=(
            Mistake("the share of what is not zero", replace="(y == 0)", by="(y != 0)"),
            Mistake("the share of what is not positive", replace="(y == 0)", by="(y <= 0)"),
            Mistake("the variance of outputs", replace="float(y.std())", by="float(y.var())"),
            Mistake(
                "the norm of gradients is not rooted",
                replace="math.sqrt(float((g * g).sum()))",
                by="float((g * g).sum())",
            ),
            Mistake("the mean square of gradients", replace="(g * g).sum()", by="(g * g).mean()"),
            Mistake("at every step", replace="        if run.step % self.every:\n            return\n", by=""),
            Mistake(
                "the whole network is a layer too",
                replace="if not any(True for _ in module.children()):",
                by="if True:",
            ),
            Mistake("parameters in the place of gradients", replace="parameter.grad.data", by="parameter.data"),
            Mistake("unbiased", replace="float(g.std())", by="float(g.std(ddof=1 if g.size > 1 else 0))"),
        ),
    ),
    Entry(
        "training.callbacks.save_checkpoint",
        lesson=10,
        title="Checkpoints in a training",
        inputs=kills,
        adapter=training("training.callbacks.save_checkpoint", interrupted),
        share=0.4,
        gradient=False,
        refusals=(
            Refusal("never", Case(ARRAYS, {"every": 0}), says=("every", "0")),
            Refusal("not the last callback", Case(ARRAYS, {"last": False}), says=("SaveCheckpoint", "last")),
        ),
        mistakes=(
            Mistake("it starts from the beginning", replace="self.resume and self.file.exists()", by="False"),
            Mistake("it goes on where it should not", replace="self.resume and self.file", by="self.file"),
            Mistake("after every epoch", replace="run.epoch % self.every == 0 or", by="True or"),
            Mistake("the optimizer is forgotten", replace='"optimizer": run.optimizer, ', by=""),
            Mistake("the model is forgotten", replace='"model": run.model, ', by=""),
            Mistake("how far it was is forgotten", replace='"run": run, ', by=""),
            Mistake("the other callbacks are forgotten", replace=', "callbacks": _Together(run.callbacks)}', by="}"),
            Mistake("the order of the data is forgotten", replace='hasattr(run.data, "state_dict")', by="False"),
            Mistake("it need not be the last", replace="if run.callbacks[-1] is not self:", by="if False:"),
            Mistake("every is not checked", replace="if every < 1:", by="if False:"),
        ),
    ),
)
