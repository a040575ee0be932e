"""What a network consists of: layers, shapes, parameters and the work of one forward, as a table.

    print(summary(Sequential(Linear(2, 8), ReLU(), Linear(8, 1)), (64, 2)))

    layer                              output shape             parameters     FLOPs
    Sequential                         (64, 1)
      0: Linear                        (64, 8)                          24     2.0 k
      1: ReLU                          (64, 8)
      2: Linear                        (64, 1)                           9     1.0 k
    33 parameters                                                              3.1 k

The network is run once on zeros, in inference and without a tape, and hooks write down what comes out of every module.
FLOPs are those of matrix products, two per multiply-add; elementwise work is small beside them and is not counted, as
in torch.utils.flop_counter. A module that is called several times, or a parameter that two share, has one line and
counts once as parameters; its work counts every time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from .module import Module, Parameter

UNITS = "kMGTP"


@dataclass
class Line:
    """One module of the network. Of its children's parameters and FLOPs none are counted here."""

    name: str
    kind: str
    depth: int
    output_shape: tuple[int, ...] | None = None
    calls: int = 0
    parameters: int = 0
    flops: int = 0


@dataclass
class Summary:
    """The table. `str()` gives it as text of at most 80 columns."""

    lines: list[Line] = field(default_factory=list)
    frozen: int = 0

    @property
    def parameters(self) -> int:
        """How many numbers the network holds, learned or frozen."""
        return sum(line.parameters for line in self.lines)

    @property
    def flops(self) -> int:
        """Floating-point operations of one forward."""
        return sum(line.flops for line in self.lines)

    def __str__(self) -> str:
        rows = [("layer", "output shape", "parameters", "FLOPs")]
        for line in self.lines:
            title = "  " * line.depth + (f"{line.name.rpartition('.')[2]}: " if line.name else "") + line.kind
            shape = "not called" if line.output_shape is None else str(line.output_shape)
            shape += f" ×{line.calls}" if line.calls > 1 else ""
            rows.append((title, shape, f"{line.parameters:,}" if line.parameters else "", short(line.flops)))
        frozen = f", {self.frozen:,} of them frozen" if self.frozen else ""
        total = f"{self.parameters:,} parameters{frozen}"
        return "\n".join([*(_row(*row) for row in rows), f"{total:<70}{short(self.flops):>10}".rstrip()])


def summary(model: Module, input_shape: tuple[int, ...], dtype: npt.DTypeLike | None = None) -> Summary:
    """Run the model on zeros of this shape, batch axis included, and say what its modules are and do.

    dtype: of the input; by default that of the first parameter. Raises ValueError where the model does not take it.
    """
    lines: dict[Module, Line] = {}
    seen: set[Parameter] = set()
    result = Summary()
    for name, module in model.named_modules():
        line = lines[module] = Line(name, type(module).__name__, name.count(".") + bool(name))
        result.lines.append(line)
        for parameter in vars(module).values():
            if isinstance(parameter, Parameter) and parameter not in seen:
                seen.add(parameter)
                line.parameters += parameter.size
                result.frozen += 0 if parameter.requires_grad else parameter.size

    def note(module: Module, inputs: tuple[Any, ...], output: Any) -> None:
        line = lines[module]
        line.calls += 1
        line.output_shape = output.shape
        line.flops += module.flops(inputs[0], output)

    first = next(model.parameters(), None)
    x = Tensor(np.zeros(input_shape, dtype or (np.float32 if first is None else first.dtype)))
    modes = {module: module.training for module in lines}
    hooks = [module.register_forward_hook(note) for module in lines]
    try:
        with no_grad():
            model.eval()(x)
    finally:
        for hook in hooks:
            hook.remove()
        for module, mode in modes.items():
            module.training = mode
    return result


def short(count: int) -> str:
    """1234567 → "1.2 M"."""
    if count < 1000:
        return str(count) if count else ""
    thousands = min(len(f"{count:,}".split(",")) - 1, len(UNITS))
    return f"{count / 1000**thousands:.1f} {UNITS[thousands - 1]}"


def _row(title: str, shape: str, parameters: str, flops: str) -> str:
    """Four columns; what is too long for its column is cut, and the whole never wider than the page."""
    return f"{_cut(title, 34):<34} {_cut(shape, 22):<22}{parameters:>13}{flops:>10}".rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
