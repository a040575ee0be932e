"""Lesson 4: losses for many classes."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..harness.entry import Case, Divergence, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

REDUCTIONS = ("mean", "mean", "sum", "none")


def zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, np.float32)


def classes(*indices: int) -> np.ndarray:
    return np.array(indices, np.int64)


def rows_and_classes(draw: Draw) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shape of the input, (N, C, d1, …) or (C,), and the shape without its class axis."""
    count = draw.size(1, 6)
    if draw.integer(0, 4) == 0:
        return (count,), ()
    batch, *further = draw.shape(min_rank=1, max_rank=3)
    return (batch, count, *further), (batch, *further)


def class_weight(draw: Draw, count: int) -> Any:
    """No weight, or one for each class; outside the extreme mode one of them may be 0."""
    if draw.boolean():
        return None
    weight = draw.uniform((count,), 0.5, 2.0)
    if draw.mode == "smooth" and draw.boolean():
        weight[0] = 0
    return weight


def some_ignored(draw: Draw, target: Any, count: int) -> tuple[Any, int]:
    """Class indices of which some are ignored, and the index that says so, which may be that of a class."""
    ignore_index = draw.choice((-100, -100, -1, 0, count - 1))
    if draw.boolean():
        target = np.where(draw.booleans(target.shape), ignore_index, target)
    return target, ignore_index


@cases("smooth", "extreme")
def log_probabilities(draw: Draw) -> Case:
    shape, rows = rows_and_classes(draw)
    count = shape[len(rows) > 0]
    target, ignore_index = some_ignored(draw, draw.integers(rows, 0, count), count)
    options = {"reduction": draw.choice(REDUCTIONS), "ignore_index": ignore_index}
    return Case((draw.floats(shape), target, class_weight(draw, count)), options)


@cases("smooth", "extreme")
def class_scores(draw: Draw) -> Case:
    shape, rows = rows_and_classes(draw)
    axis = int(len(rows) > 0)
    count = shape[axis]
    smoothing = (0.0, 0.0, 0.1, 0.3) if draw.mode == "extreme" else (0.0, 0.0, 0.1, 1.0)
    options = {"reduction": draw.choice(REDUCTIONS), "label_smoothing": draw.choice(smoothing)}
    target = draw.integers(rows, 0, count)
    if draw.boolean():
        target, options["ignore_index"] = some_ignored(draw, target, count)
    elif draw.mode == "smooth" and draw.boolean():  # a class index, spelled as probabilities
        target = np.moveaxis(np.eye(count, dtype=draw.dtype)[target], -1, axis)
    else:
        target = draw.simplex(shape, axis)
    return Case((draw.floats(shape), target, class_weight(draw, count)), options)


@cases("smooth", "integers")
def scores_and_classes(draw: Draw) -> Case:
    count = draw.size(1, 6)
    rows = draw.choice(((), (draw.size(1),), (draw.size(1),)))  # no empty batch: see the divergence
    options = {"reduction": draw.choice(REDUCTIONS), "p": draw.choice((1, 2)), "margin": draw.choice((1.0, 0.5, 2.0))}
    weight = None
    if draw.boolean():
        weight = np.asarray(draw.integers((count,), 1, 4), draw.dtype)
    return Case((draw.floats((*rows, count)), draw.integers(rows, 0, count), weight), options)


@cases("smooth", "extreme")
def two_distributions(draw: Draw) -> Case:
    shape = draw.shape(max_rank=3)
    log_target = draw.boolean()
    target = -draw.uniform(shape, 0.01, 10) if log_target else draw.uniform(shape, 0, 1)
    options = {"reduction": draw.choice((*REDUCTIONS, "batchmean", "batchmean")), "log_target": log_target}
    return Case((draw.floats(shape), target), options)


def class_workload(rows: int, count: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        scores = generator.standard_normal((rows, count)).astype(np.float32)
        return Case((scores, generator.integers(0, count, rows), None))

    return build


def distribution_workload(rows: int, count: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        scores = generator.standard_normal((rows, count))
        logs = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
        return Case((logs.astype(np.float32), generator.dirichlet(np.ones(count), rows).astype(np.float32)))

    return build


def sizes(workload: Callable[..., Any], **kind: bool) -> dict[str, Callable[[np.random.Generator], Case]]:
    return {
        "small": workload(32, 10, **kind),
        "medium": workload(512, 1000, **kind),
        "large": workload(4096, 1000, **kind),
    }


def unknown_reduction(*arrays: Any) -> Refusal:
    return Refusal("unknown reduction", Case(arrays, {"reduction": "average"}),
                   says=("reduction", "mean", "sum", "none", "average"))  # fmt: skip


def refused_indices() -> tuple[Refusal, ...]:
    """What every loss with class indices refuses."""
    return (
        Refusal("an index past the last class", Case((zeros(2, 3), classes(0, 3))), says=("target", "0 to 2", "got 3")),
        Refusal("a negative index", Case((zeros(2, 3), classes(0, -1))), says=("target", "0 to 2", "got -1")),
        Refusal("one target for two rows", Case((zeros(2, 3), classes(0))), says=("target", "(2,)", "(1,)", "(2, 3)")),
        Refusal("targets of another type", Case((zeros(2, 3), zeros(2) > 0)), says=("target", "integer", "bool")),
        Refusal("a weight too many", Case((zeros(2, 3), classes(0, 1), zeros(4))), says=("weight", "(3,)", "(4,)")),
        unknown_reduction(zeros(2, 3), classes(0, 1)),
    )


ROWS = (
    Entry(
        "ops.losses.nll_loss",
        lesson=4,
        title="Negative log-likelihood",
        inputs=log_probabilities,
        refusals=refused_indices(),
        sizes=sizes(class_workload),
        mistakes=(
            Mistake("the minus is forgotten", replace="np.where(kept, -share * picked, 0)",
                    by="np.where(kept, share * picked, 0)"),
            Mistake("divides by N, not by the sum of the weights", replace="reduce(losses, reduction, share.sum())",
                    by="reduce(losses, reduction, kept.sum())"),
            Mistake("ignored rows count in the mean", replace="kept.astype(input.dtype) if weight is None",
                    by="np.ones_like(kept, dtype=input.dtype) if weight is None"),
            Mistake("ignored rows are not ignored", replace="kept = target != ignore_index",
                    by="kept = target < input.shape[axis]"),
            Mistake("backward forgets the weight", replace="-share * reduce_backward",
                    by="-(share != 0).astype(share.dtype) * reduce_backward"),
            Mistake("the 1/N is forgotten", replace="reduce_backward(dy, reduction, share.sum())", by="dy"),
            Mistake("the other classes get a gradient", replace="np.zeros_like(input)", by="np.ones_like(input)"),
            Mistake("every row has the weight of the first class", replace="weight[true_class]", by="weight[0]"),
            Mistake("−1 means the last class", replace="    class_indices(input, target, axis, ignore_index)\n", by=""),
        ),
    ),
    Entry(
        "ops.losses.cross_entropy",
        lesson=4,
        title="Cross-entropy",
        inputs=class_scores,
        refusals=(
            *refused_indices(),
            Refusal("probabilities of another shape", Case((zeros(2, 3), zeros(2))), says=("target", "(2, 3)", "(2,)")),
            Refusal("probabilities to ignore", Case((zeros(2, 3), zeros(2, 3)), {"ignore_index": 1}),
                    says=("ignore_index", "probabilities", "1")),
            Refusal("more smoothing than there is", Case((zeros(2, 3), classes(0, 1)), {"label_smoothing": 1.5}),
                    says=("label_smoothing", "[0, 1]", "1.5")),
            Refusal("negative smoothing", Case((zeros(2, 3), classes(0, 1)), {"label_smoothing": -0.1}),
                    says=("label_smoothing", "[0, 1]", "-0.1")),
        ),
        divergences=(
            Divergence(
                "a one-hot target is the class index: an impossible class (logit −inf) that is not asked for costs "
                "nothing. PyTorch agrees for the index, and has 0 · inf = NaN for the one-hot target",
                Case((np.array([[-np.inf, 0, 1]], np.float32), np.array([[0, 1, 0]], np.float32), None)),
            ),
        ),
        sizes=sizes(class_workload),
        mistakes=(
            Mistake("the maximum is not subtracted", replace="log_softmax.forward(input, dim=axis)\n",
                    by="input - np.log(np.exp(input).sum(axis, keepdims=True)), None\n"),
            Mistake("softmax over the last axis", replace="log_softmax.forward(input, dim=axis)\n",
                    by="log_softmax.forward(input, dim=-1)\n"),
            Mistake("softmax without minus one-hot", replace="            dx -= s\n", by=""),
            Mistake("as if the shares always summed to 1", replace="            dx *= over_middle(s)\n", by=""),
            Mistake("divides by N, not by the sum of the weights",
                    replace="int(kept.sum()) if weight is None else (share * class_weights).sum()",
                    by="int(kept.sum())"),
            Mistake("ignored rows count in the mean", replace="int(kept.sum()) if weight", by="kept.size if weight"),
            Mistake("smoothing over the C − 1 other classes", replace="label_smoothing / classes",
                    by="label_smoothing / max(classes - 1, 1)"),
            Mistake("smoothing gives but does not take", replace="(1 - label_smoothing) * share +", by="share +"),
            Mistake("smoothing reaches the ignored rows", replace="np.where(np.expand_dims(kept, axis), smoothed, 0)",
                    by="smoothed"),
            Mistake("an impossible class that is not asked for gives NaN",
                    replace="                np.copyto(surprise, 0, where=s == 0)\n", by=""),
            Mistake("the 1/N is forgotten", replace="reduce_backward(dy, reduction, divisor)", by="dy"),
            Mistake("the target gradient has the wrong sign", replace="target_slope * -log_probability",
                    by="target_slope * log_probability"),
            Mistake("the target gradient forgets the smoothing", replace="(1 - label_smoothing) * class_weights",
                    by="class_weights"),
            Mistake("smoothing may exceed 1", replace="not 0 <= label_smoothing <= 1", by="False"),
        ),
    ),
    Entry(
        "ops.losses.kl_div",
        lesson=4,
        title="Kullback–Leibler divergence",
        inputs=two_distributions,
        refusals=(
            Refusal("shapes that would broadcast", Case((zeros(2, 3), zeros(3))), says=("target", "(2, 3)", "(3,)")),
            Refusal("class indices", Case((zeros(2), classes(0, 1))), says=("target", "float32", "int64")),
            Refusal("unknown reduction", Case((zeros(3), zeros(3)), {"reduction": "average"}),
                    says=("reduction", "mean", "batchmean", "sum", "none", "average")),
        ),
        sizes=sizes(distribution_workload),
        mistakes=(
            Mistake("0 · log 0 is NaN", replace="np.where(target == 0, 0, target * np.log(target))",
                    by="(target * np.log(target))"),
            Mistake("the input is taken for probabilities", replace="- target * input",
                    by="- target * np.log(np.abs(input))"),
            Mistake("the entropy of the target is forgotten",
                    replace="np.where(target == 0, 0, target * np.log(target)) - target * input", by="-target * input"),
            Mistake("batchmean divides by all elements", replace='"mean", input.shape[0] if input.ndim else 1',
                    by='"mean", input.size'),
            Mistake("log_target is not exponentiated", replace="np.exp(target) * (target - input)",
                    by="target * (target - input)"),
            Mistake("the sign of the gradient", replace="return -target * dloss", by="return target * dloss"),
            Mistake("the product rule is half done", replace="(true * (target - input) + true)",
                    by="(true * (target - input))"),
            Mistake("the target gradient misses its 1", replace="+ target / target - input", by="- input"),
            Mistake("the 1/N is forgotten", replace="reduce_backward(dy, reduction, divisor)", by="dy"),
        ),
    ),
    Entry(
        "ops.losses.multi_margin_loss",
        lesson=4,
        title="Multi-class hinge loss",
        inputs=scores_and_classes,
        refusals=(
            *refused_indices(),
            Refusal("a third power", Case((zeros(2, 3), classes(0, 1)), {"p": 3}), says=("p must be 1 or 2", "got 3")),
            Refusal("an image", Case((zeros(2, 3, 4), np.zeros((2, 4), np.int64))), says=("(N, C)", "(2, 3, 4)")),
        ),
        divergences=(
            Divergence(
                "the mean over no rows is NaN, as for every loss; PyTorch returns memory that it has not written",
                Case((zeros(0, 3), classes(), None)),
            ),
        ),
        sizes=sizes(class_workload),
        mistakes=(
            Mistake("the true class is its own rival",
                    replace="    np.put_along_axis(violation, true_class, 0, axis)\n", by=""),
            Mistake("the true class is not pushed up",
                    replace="    np.put_along_axis(dinput, true_class, -dinput.sum(-1, keepdims=True), -1)\n", by=""),
            Mistake("the mean over the classes is forgotten", replace="1 / classes if weight", by="1.0 if weight"),
            Mistake("a gradient at the corner too", replace="np.where(violation > 0, violation, 0)",
                    by="np.where(violation >= 0, np.maximum(violation, 1e-30), 0)"),
            Mistake("the 2 of the square is forgotten", replace="else 2 * violation", by="else violation"),
            Mistake("p = 2 squares the sum",
                    replace="(factor * (violation if p == 1 else violation * violation)).sum(axis)",
                    by="(factor * violation).sum(axis) ** p"),
            Mistake("the margin is always 1", replace="violation = margin - np", by="violation = 1 - np"),
            Mistake("the weight of the rival", replace="weight[true_class] / classes", by="weight / classes"),
            Mistake("the 1/N is forgotten", replace="reduce_backward(dy, reduction, true_class.size)", by="dy"),
            Mistake("the sign of the gradient", replace="dinput = factor * slope", by="dinput = -factor * slope"),
        ),
    ),
)  # fmt: skip
