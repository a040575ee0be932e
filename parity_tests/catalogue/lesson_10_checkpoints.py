"""Lesson 10: checkpoints."""

import math

import numpy as np

from ..harness.checkpoints import DAMAGES, MISMATCHES, checkpoint
from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases

STATE = {"lr": 0.1, "betas": (0.9, 0.99)}


@cases("smooth", "extreme")
def states(draw: Draw) -> Case:
    """Floats and whole numbers of all shapes; of plain state whatever an optimizer or a schedule may keep."""
    arrays = [draw.floats(draw.shape(0, 3)) for _ in range(draw.integer(1, 3))]
    arrays += [draw.integers(draw.shape(0, 2), -9, 9) for _ in range(draw.integer(0, 1))]
    state = {
        "lr": draw.choice((0.1, 1 / 3, 5e-324, math.inf, math.nan, -0.0)),
        "betas": draw.choice(((0.9, 0.999), (), (1,))),
        "milestones": draw.choice(({}, {3: 1, 30: 2}, {"3": 1})),
        "groups": draw.choice(([], [{"params": [0, 1], "nesterov": True}], [None, "sum", [2**100]])),
    }
    return Case(tuple(arrays), {"state": state, "interrupted": draw.boolean()})


def damaged(reason: str, *says: str) -> Refusal:
    case = Case((np.arange(6.0).reshape(2, 3), np.ones(2, np.float32)), {"state": STATE, "damage": reason})
    return Refusal(reason, case, says=says)


WHY = {
    "empty": ("cut off", "0 bytes"),
    "text": ("cut off", "no checkpoint"),
    "pickle": ("cut off", "no checkpoint"),
    "header cut off": ("cut off", "40 bytes"),
    "cut off": ("cut off", " of "),
    "too long": ("1 bytes too long",),
    "first length": ("cut off",),
    "bit of the data": ("damaged", "checksum"),
    "bit of a name": ("damaged", "checksum"),
    "bit of a state": ("damaged", "checksum"),
    "another shape": ("model", "(2, 3)", "(9, 9)"),
    "another dtype": ("model", "float64", "float16"),
    "no generator": ("model", "generator"),
    "another class": ("state", "Numbers", "Module"),
    "a part too many": ("schedule", "model, generator, state"),
}
assert WHY.keys() == DAMAGES.keys() | MISMATCHES.keys()

ROWS = (
    Entry(
        "training.checkpoint",
        lesson=10,
        title="Checkpoint",
        inputs=states,
        adapter=checkpoint(),
        gradient=False,
        refusals=tuple(damaged(reason, *says) for reason, says in WHY.items()),
        mistakes=(
            Mistake(
                "written over the old file",
                replace="write_atomically(Path(file), content",
                by="Path(file).write_bytes(content",
            ),
            Mistake(
                "the checksum is not compared",
                replace="hexdigest().encode() != digest:",
                by="hexdigest().encode() == b'':",
            ),
            Mistake("what follows the end is ignored", replace="if size != end:", by="if size < end:"),
            Mistake(
                "the generators inside the network are forgotten",
                replace="modules = part.named_modules() if isinstance(part, Module) else ()",
                by="modules: Any = ()",
            ),
            Mistake("any dtype will do", replace="if now[path].dtype != arrays[path].dtype and", by="if False and"),
            Mistake("any class will do", replace='if here["class"] != saved["class"]:', by="if False:"),
            Mistake(
                "half of it is loaded when the other half does not fit",
                replace="                _restore(parts[each], before[each], now)\n",
                by="                pass\n",
            ),
            Mistake("the epoch is one too late", replace="return epoch\n", by="return epoch + 1\n"),
            Mistake("the epoch is forgotten", replace='return saved["epoch"], saved', by="return 0, saved"),
        ),
    ),
)
