"""Lesson 10: callbacks that steer a training."""

from collections.abc import Mapping
from typing import Any

from numpy import arange, ones

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.trainings import Side, training


def fitted(
    side: Side,
    model: Any,
    optimizer: Any,
    x: Any,
    y: Any,
    curve: Any,
    *,
    callbacks: list[Any],
    data: Any = None,
) -> dict[str, list[float]]:
    """A training whose `val_figure` follows a given curve, so that it has all the ties and turns that are wanted."""
    return side.load(
        "training.fit"
    ).fit(  # type: ignore[no-any-return]
        model,
        [(x[:2], y[:2]), (x[2:], y[2:])] if data is None else data,
        side.load("nn.losses").MSELoss(),
        optimizer,
        epochs=len(curve),
        validation=[(x, y)],
        metrics={"figure": Curve(curve, callbacks)},
        callbacks=callbacks,
    )


class Curve:
    """A metric that does not look at anything but the number of the epoch."""

    def __init__(self, values: Any, callbacks: list[Any]) -> None:
        self.values = [int(value) / 2 for value in values]
        self.epoch = 0
        callbacks.insert(0, self)

    def __call__(self, outputs: Any, targets: Any) -> float:
        return self.values[self.epoch]

    def epoch_begin(self, run: Any) -> None:
        self.epoch = run.epoch

    def nothing(self, *_: Any) -> dict[str, Any]:
        return {}

    begin = before_step = after_step = epoch_end = end = state_dict = load_state_dict = nothing


def model_and_optimizer(side: Side, hidden: Any, out: Any, lr: float = 0.25, p: float = 0.5) -> tuple[Any, Any]:
    model = side.network(hidden, out, p=p)
    return model, side.load("optim.sgd").SGD(model.parameters(), lr=lr, momentum=0.5)


def stopped_early(
    side: Side, x: Any, y: Any, hidden: Any, out: Any, curve: Any, *, monitor: str = "val_figure", **options: Any
) -> tuple[Any, ...]:
    model, optimizer = model_and_optimizer(side, hidden, out)
    stopping = side.load("training.callbacks.early_stopping").EarlyStopping(monitor, **options)
    history = fitted(side, model, optimizer, x, y, curve, callbacks=[stopping])
    return len(history["loss"]), stopping.best_epoch, *model.parameters()


def scheduled(
    side: Side,
    x: Any,
    y: Any,
    hidden: Any,
    out: Any,
    curve: Any,
    *,
    schedule: str = "step_lr",
    options: Mapping[str, Any] | None = None,
    every: str = "epoch",
    monitor: str | None = None,
) -> tuple[Any, ...]:
    model, optimizer = model_and_optimizer(side, hidden, out, lr=1.0)
    names = {"step_lr": "StepLR", "exponential_lr": "ExponentialLR", "reduce_lr_on_plateau": "ReduceLROnPlateau"}
    chosen = getattr(side.load(f"optim.schedules.{schedule}"), names[schedule])(
        optimizer, **options or {"gamma": 0.5, "step_size": 2}
    )
    callback = side.load("training.callbacks.learning_rate").LearningRate(chosen, every=every, monitor=monitor)
    history = fitted(side, model, optimizer, x, y, curve, callbacks=[callback])
    return history["lr"], *model.parameters()


def arrays(draw: Draw, epochs: int) -> tuple[Any, ...]:
    """Data, weights, and the curve that the watched figure follows: whole numbers, which nothing perturbs."""
    inputs, width = draw.integer(1, 3), draw.integer(2, 4)
    floats = [draw.uniform(shape, -1, 1) for shape in ((4, inputs), (4, 1), (width, inputs), (1, width))]
    return (*floats, draw.integers((epochs,), -3, 4))


@cases("smooth")
def stops(draw: Draw) -> Case:
    options = {
        "patience": draw.integer(1, 3),
        "min_delta": draw.choice((0.0, 0.5, 1.0)),
        "mode": draw.choice(("min", "max")),
        "restore_best": draw.choice((True, True, False)),
    }
    return Case(arrays(draw, draw.integer(1, 5)), options)


@cases("smooth")
def schedules(draw: Draw) -> Case:
    name, options = draw.choice((
        ("step_lr", {"step_size": 2, "gamma": 0.5}),
        ("exponential_lr", {"gamma": 0.5}),
        ("reduce_lr_on_plateau", {"factor": 0.5, "patience": 1}),
    ))  # fmt: skip
    plateau = name == "reduce_lr_on_plateau"
    every = "epoch" if plateau else draw.choice(("epoch", "step"))
    monitor = "val_figure" if plateau else None
    chosen = {"schedule": name, "options": options, "every": every, "monitor": monitor}
    return Case(arrays(draw, draw.integer(2, 4)), chosen)


ARRAYS = (ones((4, 2)), ones((4, 1)), ones((3, 2)), ones((1, 3)), arange(4))
RATE = "training.callbacks.learning_rate"

ROWS = (
    Entry(
        "training.callbacks.early_stopping",
        lesson=10,
        title="Early stopping, best weights restored",
        inputs=stops,
        adapter=training("training.callbacks.early_stopping", stopped_early),
        share=0.5,
        gradient=False,
        refusals=(
            Refusal("another mode", Case(ARRAYS, {"mode": "up"}), says=("mode", "'up'")),
            Refusal("no patience", Case(ARRAYS, {"patience": 0}), says=("patience", "0")),
            Refusal("nothing to watch", Case(ARRAYS, {"monitor": "val_x"}), says=("monitor", "val_loss", "val_x")),
        ),
        mistakes=(
            Mistake("always downwards", replace='1 if mode == "min" else -1', by="1"),
            Mistake("upside down", replace='if mode == "min"', by='if mode == "max"'),
            Mistake(
                "the last weights are kept",
                replace="            self.stopping.restore(run.model)\n",
                by="            pass\n",
            ),
            Mistake(
                "restored where nobody wants it", replace="run.model if self.restore_best else None", by="run.model"
            ),
            Mistake("it never stops", replace="run.stop = True", by="run.stop = False"),
            Mistake("min_delta is ignored", replace="(patience, min_delta)", by="(patience)"),
            Mistake("epochs from 0", replace="best_epoch + 1", by="best_epoch"),
            Mistake("another figure", replace="run.history[self.monitor][-1]", by='run.history["loss"][-1]'),
            Mistake("the first figure", replace="run.history[self.monitor][-1]", by="run.history[self.monitor][0]"),
            Mistake("any mode", replace='if mode not in ("min", "max"):', by="if False:"),
        ),
    ),
    Entry(
        RATE,
        lesson=10,
        title="Learning-rate schedule in a training",
        inputs=schedules,
        adapter=training(RATE, scheduled),
        share=0.4,
        gradient=False,
        refusals=(
            Refusal("another moment", Case(ARRAYS, {"every": "batch"}), says=("every", "'batch'")),
            Refusal("nothing to watch", Case(ARRAYS, {"monitor": "val_x"}), says=("monitor", "val_loss", "val_x")),
            Refusal(
                "watched too often",
                Case(ARRAYS, {"every": "step", "monitor": "val_loss"}),
                says=("every", "step", "val_loss"),
            ),
        ),
        mistakes=(
            Mistake("after every batch", replace='if self.every == "step":', by="if self.monitor is None:"),
            Mistake("never after a batch", replace='if self.every == "step":', by="if False:"),
            Mistake(
                "in both moments",
                replace='        if self.every != "epoch":\n            return\n',
                by="",
            ),
            Mistake(
                "twice",
                replace="        if self.monitor is None:\n            self.schedule.step()\n",
                by="        if self.monitor is None:\n            self.schedule.step()\n            self.schedule.step()\n",
            ),
            Mistake(
                "another figure is watched",
                replace="(run.history[self.monitor][-1])",
                by='(run.history["val_loss"][-1])',
            ),
            Mistake("the figure of the first epoch", replace="[self.monitor][-1]", by="[self.monitor][0]"),
            Mistake("any moment", replace='if every not in ("epoch", "step"):', by="if False:"),
        ),
    ),
)
