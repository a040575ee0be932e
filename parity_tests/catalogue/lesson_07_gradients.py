"""Lesson 7: what is done to gradients before a step, and to weights after it."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ones, zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.parameters import averaging, clipping


@cases("smooth", "extreme")
def gradients_and_a_norm(draw: Draw) -> Case:
    arrays = [draw.floats(tuple(draw.size(1, 4) for _ in range(draw.integer(0, 3)))) for _ in range(draw.integer(1, 4))]
    if draw.mode == "extreme":  # besides it, a number whose square float32 cannot hold does not count
        arrays.append(draw.uniform((2,), 0.5, 1.0))
    length = math.sqrt(sum(float((array * array).sum()) for array in arrays))
    max_norm = length * draw.choice([0.1, 0.9, 3.0]) if math.isfinite(length) else 1.0
    if draw.boolean():
        arrays.insert(draw.integer(0, len(arrays)), None)
    return Case(tuple(arrays), {"max_norm": max_norm, "norm_type": draw.choice([2.0, 1.0, math.inf, 3.0])})


@cases("smooth", "integers", "extreme")
def gradients_and_a_bound(draw: Draw) -> Case:
    arrays = [draw.floats(draw.shape(max_rank=3)) for _ in range(draw.integer(1, 3))]
    if draw.boolean():
        arrays.insert(draw.integer(0, len(arrays)), None)
    return Case(tuple(arrays), {"clip_value": draw.choice([1.0, 2.0, 0.0, 50.0])})


@cases("smooth", "extreme")
def weights_over_time(draw: Draw) -> Case:
    steps = draw.integer(1, 8)
    paths = [draw.floats((steps, *draw.shape(max_rank=2))) for _ in range(draw.integer(2, 4))]
    return Case(tuple(paths), {"decay": draw.choice([None, 0.999, 0.5, 0.0, 1.0])})


@cases("smooth")
def batches_in_pieces(draw: Draw) -> Case:
    examples, inputs = draw.size(1, 9), draw.size(0, 3)
    return Case(
        (
            draw.uniform((examples, inputs), -1, 1),
            draw.floats((examples,)),
            draw.floats((inputs,)),
            draw.floats(()),
        ),
        {"batch_size": draw.integer(1, 6), "micro_batch_size": draw.integer(1, 4), "lr": draw.number(0.01, 0.25)},
    )


def pieces(examples: int, inputs: int, batch_size: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        x = generator.standard_normal((examples, inputs)).astype(np.float32)
        y = (x.sum(axis=1) + generator.standard_normal(examples)).astype(np.float32)
        sizes = {"batch_size": batch_size, "micro_batch_size": batch_size // 4, "lr": 0.01}
        return Case((x, y, np.zeros(inputs, np.float32), np.zeros((), np.float32)), sizes)

    return build


def piecewise(**changed: Any) -> Case:
    """Three examples of two numbers; with what makes it wrong."""
    arrays = {"x": zeros((3, 2)), "y": zeros(3), "weight": zeros(2), "bias": zeros(())}
    options = {"batch_size": 2, "micro_batch_size": 1, "lr": 0.1}
    options |= {name: changed.pop(name) for name in tuple(changed) if name in options}
    return Case(tuple((arrays | changed).values()), options)


def lengths(*sizes: int, **options: Any) -> Callable[[np.random.Generator], Case]:
    """Gradients to clip."""
    return lambda generator: Case(tuple(generator.standard_normal((n, n)).astype(np.float32) for n in sizes), options)


def weights(*shape: int) -> Callable[[np.random.Generator], Case]:
    """A path of weights, and of a buffer."""
    return lambda generator: Case(
        (generator.standard_normal(shape).astype(np.float32), np.zeros((shape[0], 1), np.float32)), {"decay": 0.99}
    )


ROWS = (
    Entry(
        "optim.clip_grad_norm",
        lesson=7,
        title="Clipping by norm",
        adapter=clipping("clip_grad_norm_"),
        gradient=False,
        inputs=gradients_and_a_norm,
        refusals=(
            Refusal("a norm below 0", Case((ones(2),), {"max_norm": -1.0}), says=("max_norm", "-1")),
            Refusal("a norm that is no number", Case((ones(2),), {"max_norm": math.nan}), says=("max_norm", "nan")),
            Refusal("order 0", Case((ones(2),), {"max_norm": 1.0, "norm_type": 0.0}), says=("norm_type", "0")),
            Refusal(
                "NaN",
                Case((ones(2), np.array([1.0, math.nan])), {"max_norm": 1.0, "error_if_nonfinite": True}),
                says=("finite", "nan"),
            ),
            Refusal(
                "infinity",
                Case((ones(2), np.array([1.0, -math.inf])), {"max_norm": 1.0, "error_if_nonfinite": True}),
                says=("finite", "inf"),
            ),
        ),
        sizes={
            "small": lengths(16, 16, max_norm=1.0),
            "medium": lengths(256, 128, max_norm=1.0),
            "large": lengths(1024, 512, max_norm=1.0),
        },
        mistakes=(
            Mistake(
                "short gradients are made longer",
                replace="np.minimum(max_norm / (total + 1e-6), 1)",
                by="max_norm / (total + 1e-6)",
            ),
            Mistake(
                "always the 2-norm",
                replace="size.max() if size.size else size.sum()",
                by="np.sqrt((size * size).sum())",
            ),
            Mistake(
                "the 1-norm is the 2-norm",
                replace="        return size.sum()\n",
                by="        return np.sqrt((size * size).sum())\n",
            ),
            Mistake("no root", replace="np.sqrt(flat @ flat)", by="flat @ flat"),
            Mistake("the largest, with its sign", replace="size.max() if", by="x.max() if"),
            Mistake(
                "each gradient by its own norm",
                replace="shrink.astype(gradient.dtype)",
                by="min(1.0, max_norm / (norm(gradient.data, norm_type).item() + 1e-6))",
            ),
            Mistake("the norm after clipping", replace="    return total\n", by="    return total * shrink\n"),
            Mistake("no 1e-6", replace="np.minimum(max_norm / (total + 1e-6)", by="np.minimum(max_norm / total"),
            Mistake(
                "the norms are added",
                replace="return norm(np.stack(norms), norm_type) if",
                by="return np.stack(norms).sum() if",
            ),
            Mistake("a float64 in between", replace="np.stack(norms)", by="np.stack(norms).astype(np.float64)"),
            Mistake("NaN is left alone", replace="np.minimum(", by="np.fmin("),
            Mistake("error_if_nonfinite is ignored", replace="if error_if_nonfinite and", by="if False and"),
            Mistake("only NaN is an error", replace="not np.isfinite(total)", by="np.isnan(total)"),
        ),
    ),
    Entry(
        "optim.clip_grad_value",
        lesson=7,
        title="Clipping by value",
        adapter=clipping("clip_grad_value_"),
        gradient=False,
        inputs=gradients_and_a_bound,
        refusals=(
            Refusal("a bound below 0", Case((ones(2),), {"clip_value": -1.0}), says=("clip_value", "-1")),
            Refusal(
                "a bound that is no number", Case((ones(2),), {"clip_value": math.nan}), says=("clip_value", "nan")
            ),
            Refusal(
                "an infinity",
                Case((ones(2), np.array([math.inf])), {"clip_value": 1.0, "error_if_nonfinite": True}),
                says=("finite", "parameters[1]"),
            ),
        ),
        sizes={
            "small": lengths(16, 16, clip_value=0.5),
            "medium": lengths(256, 128, clip_value=0.5),
            "large": lengths(1024, 512, clip_value=0.5),
        },
        mistakes=(
            Mistake(
                "only from above",
                replace="np.clip(gradient.data, -clip_value, clip_value, out=gradient.data)",
                by="np.minimum(gradient.data, clip_value, out=gradient.data)",
            ),
            Mistake(
                "only from below",
                replace="np.clip(gradient.data, -clip_value, clip_value, out=gradient.data)",
                by="np.maximum(gradient.data, -clip_value, out=gradient.data)",
            ),
            Mistake("the sign is lost", replace="np.clip(gradient.data,", by="np.clip(abs(gradient.data),"),
            Mistake(
                "scaled, not clipped",
                replace="np.clip(gradient.data, -clip_value, clip_value, out=gradient.data)",
                by="gradient.data[...] *= min(1, clip_value / max(abs(gradient.data).max(initial=0), 1e-30))",
            ),
            Mistake(
                "NaN becomes a number", replace="np.clip(gradient.data,", by="np.clip(np.nan_to_num(gradient.data),"
            ),
            Mistake(
                "only the first gradient",
                replace="for _, gradient in gradients:",
                by="for _, gradient in gradients[:1]:",
            ),
            Mistake("error_if_nonfinite is ignored", replace="if error_if_nonfinite and", by="if False and"),
            Mistake("a negative bound", replace='    at_least_zero({"clip_value": clip_value}, "clip_value")\n', by=""),
        ),
    ),
    Entry(
        "optim.averaged_model",
        lesson=7,
        title="Averaged weights: EMA and SWA",
        adapter=averaging(),
        gradient=False,
        inputs=weights_over_time,
        refusals=(
            Refusal("a decay above 1", Case((ones((1, 2)), ones((1, 1))), {"decay": 1.5}), says=("decay", "-0.5")),
            Refusal("a decay below 0", Case((ones((1, 2)), ones((1, 1))), {"decay": -0.5}), says=("decay", "-0.5")),
        ),
        sizes={"small": weights(4, 16, 16), "medium": weights(4, 128, 128), "large": weights(4, 1024, 256)},
        mistakes=(
            Mistake(
                "decay and 1 - decay swapped",
                replace="decay * averaged + (1 - decay) * new",
                by="(1 - decay) * averaged + decay * new",
            ),
            Mistake("the sum is not one", replace="(1 - decay) * new", by="new"),
            Mistake(
                "the first update is averaged with the initial weights",
                replace="if self.n_averaged == 0:",
                by="if False:",
            ),
            Mistake("the equal average counts one too few", replace="(count + 1)", by="max(count, 1)"),
            Mistake("the equal average counts one too many", replace="(count + 1)", by="(count + 2)"),
            Mistake("the models are not counted", replace="self.n_averaged += 1", by="self.n_averaged = 1"),
            Mistake(
                "the average is the model itself",
                replace="averaged[...] = self.avg_fn(averaged.data, new.data, self.n_averaged)",
                by="averaged[...] = new.data",
            ),
            Mistake(
                "buffers are averaged",
                replace="own[...] = new\n",
                by="own[...] = self.avg_fn(own.data, new.data, max(self.n_averaged, 1))\n",
            ),
            Mistake("buffers are forgotten", replace="own[...] = new\n", by="pass\n"),
        ),
    ),
    Entry(
        "optim.gradient_accumulation",
        lesson=7,
        title="Gradient accumulation",
        gradient=False,
        inputs=batches_in_pieces,
        refusals=(
            Refusal("y of another length", piecewise(y=zeros(4)), says=("y (4,)", "x (3, 2)")),
            Refusal("weight of another width", piecewise(weight=zeros(3)), says=("weight (3,)", "x (3, 2)")),
            Refusal("a bias per input", piecewise(bias=zeros(2)), says=("bias (2,)",)),
            Refusal("an empty batch", piecewise(batch_size=0), says=("batch_size", "0")),
            Refusal("an empty piece", piecewise(micro_batch_size=0), says=("micro_batch_size", "0")),
        ),
        sizes={"small": pieces(16, 4, 8), "medium": pieces(256, 16, 64), "large": pieces(4_096, 64, 512)},
        mistakes=(
            Mistake("every piece counts as a whole batch", replace="/ (end - start)", by="/ len(x[micro])"),
            Mistake(
                "divided by the number of pieces, but the last is shorter",
                replace="/ (end - start)",
                by="/ len(x[micro]) / -(-(end - start) // micro_batch_size)",
            ),
            Mistake("the sum, not the mean", replace=" / (end - start)", by=""),
            Mistake(
                "the gradients are never zeroed", replace="        optimizer.zero_grad()\n        for", by="        for"
            ),
            Mistake(
                "the gradients are zeroed for each piece",
                replace="            loss.backward()",
                by="            optimizer.zero_grad()\n            loss.backward()",
            ),
            Mistake(
                "a step for each piece",
                replace="            loss.backward()",
                by="            loss.backward()\n            optimizer.step()\n            optimizer.zero_grad()",
            ),
            Mistake(
                "pieces reach into the next batch",
                replace="min(first + micro_batch_size, end)",
                by="first + micro_batch_size",
            ),
            Mistake(
                "the rest of a batch is dropped",
                replace="range(start, end, micro_batch_size)",
                by="range(start, end - micro_batch_size + 1, micro_batch_size)",
            ),
            Mistake("the weights given are moved", replace="Tensor(weight.copy()", by="Tensor(weight"),
        ),
    ),
)
