"""Lesson 10: data in batches, and the training loop."""

from typing import Any

import numpy as np
from numpy import ones, zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.trainings import Side, training


def batches(
    side: Side,
    x: Any,
    y: Any,
    *,
    batch_size: int,
    shuffle: bool = False,
    drop_last: bool = False,
    seed: int = 0,
    examples: str = "tuples",
) -> tuple[Any, ...]:
    """Two epochs, and a third from a second loader that was given the state of the first."""
    found = side.load("training.data_loader")
    dataset = found.TensorDataset(x, y)
    options: dict[str, Any] = {"drop_last": drop_last}
    if examples == "dicts":
        dataset = [{"x": x[i], "pair": (float(i), i)} for i in range(len(x))]
    elif examples == "own":
        options["collate_fn"] = lambda chosen: (found.collate([first for first, _ in chosen]),)
    loader = found.DataLoader(dataset, batch_size, shuffle, generator=seed, **options)
    seen = [*loader, *loader]
    resumed = found.DataLoader(dataset, batch_size, shuffle, generator=seed + 1, **options)
    resumed.load_state_dict(loader.state_dict())
    seen += [*resumed]
    if examples == "dicts":
        seen = [(batch["x"], *batch["pair"]) for batch in seen]
    return (len(loader), *(part for batch in seen for part in batch))


@cases("smooth")
def loading(draw: Draw) -> Case:
    size = draw.size(0, 9)
    options = {
        "batch_size": draw.integer(1, 4),
        "shuffle": draw.boolean(),
        "drop_last": draw.boolean(),
        "seed": draw.integer(0, 99),
        "examples": draw.choice(("tuples", "tuples", "dicts", "own")),
    }
    return Case((draw.floats((size, *draw.shape(0, 2))), draw.integers((size,), 0, 5)), options)


def parts(side: Side, x: Any, *, lengths: list[float], seed: int = 0) -> tuple[Any, ...]:
    """Which examples are in which part."""
    dataset = side.load("training.data_loader").TensorDataset(x)
    found = side.load("training.random_split").random_split(dataset, lengths, generator=seed)
    return tuple([len(part), *(int(part[i][0]) for i in range(len(part)))] for part in found)


@cases("smooth")
def splitting(draw: Draw) -> Case:
    size = draw.size(1, 12)
    shares = draw.choice(([0.8, 0.2], [0.5, 0.25, 0.25], [1.0], [1 / 3, 1 / 3, 1 / 3], [0.0, 1.0]))
    first = draw.integer(0, size)
    lengths = draw.choice((shares, shares, [first, size - first], [0, first, size - first]))
    return Case((np.arange(size),), {"lengths": lengths, "seed": draw.integer(0, 99)})


MOMENTS = ("begin", "epoch_begin", "before_step", "after_step", "epoch_end", "end")


def whole_training(
    side: Side,
    x: Any,
    y: Any,
    hidden: Any,
    out: Any,
    *,
    epochs: int = 2,
    batch_size: int = 3,
    p: float = 0.0,
    stop_after: int = 99,
    validate: bool = True,
) -> tuple[Any, ...]:
    """The history, the weights at the end, and what two callbacks saw."""
    fit = side.load("training.fit")
    model = side.network(hidden, out, p=p).eval()
    weight = next(iter(model.parameters()))
    moments: list[int] = []
    seen: list[float] = []

    class Watch(fit.Callback):  # type: ignore[misc, name-defined]
        def __init__(self, number: int) -> None:
            self.number = number

        def before_step(self, run: Any) -> None:
            seen.extend([float(weight.detach().sum()), float(weight.grad.sum())])

        def after_step(self, run: Any) -> None:
            seen.extend([float(weight.detach().sum()), run.batch_loss])

        def epoch_end(self, run: Any) -> None:
            run.stop = run.epoch >= stop_after

    def noting(moment: str) -> Any:
        watched = getattr(Watch, moment)

        def note(self: Any, run: Any) -> None:
            moments.extend([self.number, MOMENTS.index(moment), run.epoch, run.step, run.model.training])
            watched(self, run)

        return note

    for moment in MOMENTS:
        setattr(Watch, moment, noting(moment))
    history = fit.fit(
        model,
        [(x[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(x), batch_size)],
        side.load("nn.losses").MSELoss(),
        side.load("optim.sgd").SGD(model.parameters(), lr=0.125, momentum=0.5),
        epochs=epochs,
        validation=[(x[i : i + 2], y[i : i + 2]) for i in range(0, len(x), 2)] if validate else None,
        metrics={"farthest": lambda outputs, targets: abs(outputs - targets).max()},
        callbacks=[Watch(0), Watch(1)],
    )
    return (*history.values(), len(history), moments, seen, *model.parameters())


@cases("smooth")
def trainings(draw: Draw) -> Case:
    size, inputs, width, outputs = draw.integer(1, 5), draw.integer(1, 3), draw.integer(1, 4), draw.integer(1, 2)
    arrays = (
        draw.uniform((size, inputs), -1, 1),
        draw.uniform((size, outputs), -1, 1),
        draw.uniform((width, inputs), -1, 1),
        draw.uniform((outputs, width), -1, 1),
    )
    options = {
        "epochs": draw.integer(1, 3),
        "batch_size": draw.integer(2, 4),
        "p": draw.choice((0.5, 0.5, 0.0)),
        "stop_after": draw.choice((99, 99, 1, 2)),
        "validate": draw.choice((True, True, False)),
    }
    return Case(arrays, options)


ARRAYS = (ones((3, 2)), ones((3, 1)), ones((4, 2)), ones((1, 4)))

ROWS = (
    Entry(
        "training.data_loader",
        lesson=10,
        title="Data loader",
        inputs=loading,
        adapter=training("training.data_loader", batches),
        gradient=False,
        refusals=(
            Refusal("no batch", Case((zeros(3), zeros(3)), {"batch_size": 0}), says=("batch_size", "0")),
            Refusal(
                "arrays of two lengths", Case((zeros(3), zeros(4)), {"batch_size": 1}), says=("one length", "(4,)")
            ),
        ),
        mistakes=(
            Mistake("never shuffles", replace="if self.shuffle else", by="if False else"),
            Mistake("always shuffles", replace="if self.shuffle else", by="if True else"),
            Mistake(
                "the same order in every epoch",
                replace="self.generator.permutation(size)",
                by="np.random.default_rng(0).permutation(size)",
            ),
            Mistake("the small batch at the end is always there", replace=" and not self.drop_last)", by=")"),
            Mistake(
                "the small batch at the end is never there",
                replace="rest > 0 and not self.drop_last",
                by="rest > 0 and False",
            ),
            Mistake(
                "with replacement: some examples twice, others not at all",
                replace="self.generator.permutation(size)",
                by="self.generator.integers(0, size, size)",
            ),
            Mistake(
                "the state is not restored",
                replace='self.generator.bit_generator.state = state_dict["generator"]',
                by="pass",
            ),
            Mistake("collate_fn is ignored", replace="yield self.collate_fn(", by="yield collate("),
            Mistake("batch_size is not checked", replace="if batch_size < 1:", by="if False:"),
            Mistake("arrays of any length", replace="or len(array) != len(arrays[0])", by=""),
        ),
    ),
    Entry(
        "training.random_split",
        lesson=10,
        title="Random split",
        inputs=splitting,
        adapter=training("training.random_split", parts),
        gradient=False,
        refusals=(
            Refusal("too many", Case((np.arange(5),), {"lengths": [3, 3]}), says=("lengths", "5", "[3, 3]")),
            Refusal("shares above the whole", Case((np.arange(5),), {"lengths": [0.8, 0.8]}), says=("lengths", "0.8")),
            Refusal("less than none", Case((np.arange(5),), {"lengths": [6, -1]}), says=("lengths", "-1")),
        ),
        mistakes=(
            Mistake(
                "not random", replace="permutation(size).tolist()", by="permutation(size).tolist() and range(size)"
            ),
            Mistake("the seed is ignored", replace="default_rng(generator)", by="default_rng(0)"),
            Mistake("the parts overlap", replace="order[end - count : end]", by="order[:count]"),
            Mistake(
                "the parts in another order", replace="order[end - count : end]", by="order[::-1][end - count : end]"
            ),
            Mistake("what is left over goes to the first part", replace="counts[i % len(counts)]", by="counts[0]"),
            Mistake("what is left over goes to the last part", replace="counts[i % len(counts)]", by="counts[-1]"),
            Mistake("shares are rounded to the nearest", replace="math.floor(size * share)", by="round(size * share)"),
            Mistake("sums are not checked", replace="if sum(counts) != size:", by="if False:"),
        ),
    ),
    Entry(
        "training.fit",
        lesson=10,
        title="Training loop",
        share=0.5,
        inputs=trainings,
        adapter=training("training.fit", whole_training),
        gradient=False,
        refusals=(
            Refusal("no epoch", Case(ARRAYS, {"epochs": 0}), says=("epochs", "0")),
            Refusal("no data", Case((zeros((0, 2)), zeros((0, 1)), *ARRAYS[2:])), says=("data", "batch")),
        ),
        mistakes=(
            Mistake("gradients of all batches add up", replace="        run.optimizer.zero_grad()\n", by=""),
            Mistake("validation in training mode", replace="    model.eval()\n", by=""),
            Mistake("training in the mode it finds", replace="        run.model.train()\n", by=""),
            Mistake("it stays in inference mode", replace="module.training = mode", by="module.training = False"),
            Mistake(
                "the mean of batch means",
                replace="run.batch_loss * len(target)\n        count += len(target)",
                by="run.batch_loss\n        count += 1",
            ),
            Mistake(
                "the loss of the last batch is called that of the epoch",
                replace="return total / _at_least_one(count)",
                by="return _at_least_one(count) and run.batch_loss",
            ),
            Mistake(
                "the validation loss weights all batches alike",
                replace=".item() * len(target)\n            outputs.append(output.data)\n            targets.append(target)\n",
                by=".item() * 2\n            outputs.append(output.data)\n            targets.append(target)\n",
            ),
            Mistake(
                "moved before the callbacks have seen the gradients",
                replace='        run.tell("before_step")\n        run.optimizer.step()\n',
                by='        run.optimizer.step()\n        run.tell("before_step")\n',
            ),
            Mistake("one epoch too many", replace="run.epoch < epochs and", by="run.epoch <= epochs and"),
            Mistake("nobody can stop it", replace=" and not run.stop:", by=":"),
            Mistake(
                "the metrics of the last batch",
                replace="np.concatenate(outputs), np.concatenate(targets)",
                by="outputs[-1], targets[-1]",
            ),
            Mistake("the last callback first", replace="in self.callbacks:", by="in reversed(self.callbacks):"),
            Mistake("steps are not counted", replace="run.step += 1", by="pass"),
            Mistake("epochs are not checked", replace="if epochs < 1:", by="if False:"),
        ),
    ),
)
