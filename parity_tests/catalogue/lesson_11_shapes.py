"""Lesson 11: images made larger, or flat."""

from numpy import zeros

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from .lesson_11_convolution import per_axis
from .lesson_11_pooling import X, an_image, images


@cases("smooth", "integers", "extreme")
def upsample_inputs(draw: Draw) -> Case:
    return Case((an_image(draw, high=4),), {"scale_factor": per_axis(draw, 2, 1, 3)})


@cases("smooth", "integers", "extreme")
def pad_inputs(draw: Draw) -> Case:
    shape = tuple(draw.integer(1, 5) for _ in range(draw.integer(1, 4)))
    pad: list[int] = []
    for size in reversed(shape[draw.integer(0, len(shape) - 1) :]):
        before = draw.integer(-size // 2, 2)
        pad += [before, draw.integer(max(-2, -size - min(before, 0) + 1), 2)]
    return Case((draw.floats(shape),), {"pad": tuple(pad), "value": draw.choice((0.0, -1.5, 7.0))})


@cases("smooth", "integers", "extreme")
def flatten_inputs(draw: Draw) -> Case:
    shape = draw.shape()
    first = draw.integer(0, max(len(shape) - 1, 0))
    last = draw.integer(first, max(len(shape) - 1, 0))
    rank = max(len(shape), 1)
    options = {"start_dim": draw.choice((first, first - rank)), "end_dim": draw.choice((last, last - rank))}
    return Case((draw.floats(shape),), draw.choice((options, {}, {"start_dim": options["start_dim"]})))


ROWS = (
    Entry(
        "ops.pooling.upsample_nearest",
        lesson=11,
        title="Nearest upsampling",
        inputs=upsample_inputs,
        refusals=(
            Refusal("no channels", Case((zeros((5, 6)),), {"scale_factor": 2}), says=("(N, C, H, W)", "(5, 6)")),
            Refusal("a factor of 0", Case((X,), {"scale_factor": 0}), says=("scale_factor", "at least 1")),
            Refusal("three factors", Case((X,), {"scale_factor": (1, 2, 3)}), says=("scale_factor", "(1, 2, 3)")),
        ),
        sizes={
            "small": images(8, 8, 7, 7, scale_factor=2),
            "medium": images(16, 32, 14, 14, scale_factor=2),
            "large": images(32, 64, 16, 16, scale_factor=2),
        },
        mistakes=(
            Mistake(
                "the image is repeated, not its pixels",
                replace="y[:, :, row::down, column::along] = x",
                by="y[:, :, row * height : (row + 1) * height, column::along] = x",
            ),
            Mistake(
                "height and width are swapped",
                replace="    down, along = scale\n    n",
                by="    along, down = scale\n    n",
            ),
            Mistake(
                "the gradient is a mean",
                replace="dx += dy[:, :, row::down, column::along]",
                by="dx += dy[:, :, row::down, column::along] / (down * along)",
            ),
            Mistake(
                "only the last of a block gets a gradient",
                replace="            dx += dy",
                by="            dx[...] = dy",
            ),
            Mistake(
                "the gradient is cut into images, not blocks",
                replace="dx += dy[:, :, row::down, column::along]",
                by="dx += dy[:, :, row * (height // down) :, column::along][:, :, : height // down]",
            ),
        ),
    ),
    Entry(
        "ops.pooling.pad",
        lesson=11,
        title="Padding with a constant",
        inputs=pad_inputs,
        refusals=(
            Refusal("half a pair", Case((X,), {"pad": (1, 2, 3)}), says=("pair", "(1, 2, 3)")),
            Refusal("more pairs than axes", Case((zeros(4),), {"pad": (1, 2, 3, 4)}), says=("1 at most", "(4,)")),
            Refusal(
                "more is cut off than there is",
                Case((zeros(4),), {"pad": (-3, -2)}),
                says=("cut off", "(-3, -2)", "(4,)"),
            ),
        ),
        sizes={
            "small": images(8, 8, 14, 14, pad=(1, 1, 1, 1)),
            "medium": images(16, 32, 14, 14, pad=(1, 1, 1, 1)),
            "large": images(32, 64, 32, 32, pad=(2, 2, 2, 2)),
        },
        mistakes=(
            Mistake("the first axis comes first", replace="2 * (len(shape) - 1 - axis)", by="2 * axis"),
            Mistake("the pair is turned round", replace="before, after = pad", by="after, before = pad"),
            Mistake("always zeros", replace="np.full_like(x, value,", by="np.full_like(x, 0.0,"),
            Mistake(
                "the gradient of the other end", replace="dx[taken] = dy[into]", by="dx[taken] = dy[into][..., ::-1]"
            ),
            Mistake(
                "what was cut off gets a gradient",
                replace='dx = np.zeros_like(dy, shape=cache.shape, order="C")',
                by='dx = np.ones_like(dy, shape=cache.shape, order="C")',
            ),
        ),
    ),
    Entry(
        "ops.pooling.flatten",
        lesson=11,
        title="Flattening",
        inputs=flatten_inputs,
        refusals=(
            Refusal("the wrong order", Case((X,), {"start_dim": 2, "end_dim": 1}), says=("start_dim 2", "end_dim 1")),
            Refusal("an axis too many", Case((X,), {"end_dim": 4}), says=("end_dim 4", "(2, 3, 5, 6)")),
        ),
        sizes={"small": images(32, 16, 5, 5, start_dim=1), "large": images(64, 64, 16, 16, start_dim=1)},
        mistakes=(
            Mistake("start_dim is ignored", replace="for dim in (start_dim, end_dim))", by="for dim in (0, end_dim))"),
            Mistake("end_dim is ignored", replace="for dim in (start_dim, end_dim))", by="for dim in (start_dim, -1))"),
            Mistake(
                "column by column",
                replace="x.reshape(*shape[:first], merged, *shape[last + 1 :])",
                by='x.reshape(*shape[:first], merged, *shape[last + 1 :], order="F")',
            ),
            Mistake(
                "the gradient is turned round",
                replace="dy.reshape(cache.shape)",
                by="dy[..., ::-1].reshape(cache.shape)",
            ),
        ),
    ),
)
