"""Is this backward right? Compare it with numerical gradients, argument by argument.

    >>> from scratch.ops.linear import linear
    >>> print(gradient_check(linear, x, weight, bias))
    gradient check of linear: all right
      ✓ x       agrees within 2.1e-10
      ✓ weight  agrees within 3.4e-10
      ✓ bias    agrees within 1.7e-10

An op has many outputs, a numerical gradient is of one number. So draw a random upstream gradient dy and look at

    loss(x) = Σ dy · forward(x)        whose gradient backward(dy) claims to be

Random, never ones: the outputs of a softmax sum to one whatever x is, so with dy = 1 a backward that returns zeros
would be right. A wrong gradient survives a random dy only by a coincidence of probability zero.

The arrays are taken to float64 first, since differences are worth nothing in float32. Two numbers agree when

    |backward - numerical| ≤ absolute + relative · |numerical|        absolute = 1e-5, relative = 1e-3

A difference quotient is right to about ten digits, and a wrong formula is rarely right to three. Keep away from kinks
(ReLU at 0, ties of max), where the two sides of a difference lie on different branches, and keep the inputs near 1.

PyTorch: torch.autograd.gradcheck, with the same tolerances (it compares whole Jacobians).
"""

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from ...types import Array
from . import numerical_gradient

ABSOLUTE, RELATIVE = 1e-5, 1e-3


class Finding(NamedTuple):
    argument: str
    agrees: bool
    detail: str


class Report(NamedTuple):
    """What `gradient_check` found. True when everything agrees; `print` it to read it."""

    op: str
    findings: tuple[Finding, ...]

    def __bool__(self) -> bool:
        return all(finding.agrees for finding in self.findings)

    def __str__(self) -> str:
        wrong = [finding.argument for finding in self.findings if not finding.agrees]
        verdict = f"wrong for {', '.join(wrong)}" if wrong else "all right"
        width = max((len(finding.argument) for finding in self.findings), default=0)
        lines = [f"  {'✓' if f.agrees else '✗'} {f.argument:{width}}  {f.detail}" for f in self.findings]
        return "\n".join([f"gradient check of {self.op}: {verdict}", *lines])


def gradient_check(op: Any, *arrays: Array | None, seed: int = 0, epsilon: float = 1e-6, **options: Any) -> Report:
    """Check `op.backward` on these arguments of `op.forward`; integer arrays and None have no gradient to check.

    `seed` draws the upstream gradient, `epsilon` is the step of the differences; options go to `op.forward`.
    Raises ValueError when backward does not return one gradient per array.
    """
    wide = [a.astype(np.float64) if a is not None and a.dtype.kind == "f" else a for a in arrays]
    result, cache = op.forward(*wide, **options)
    outputs = _as_tuple(result)
    generator = np.random.default_rng(seed)
    upstream = [generator.standard_normal(y.shape) for y in outputs]
    gradients = _as_tuple(op.backward(upstream[0] if len(upstream) == 1 else tuple(upstream), cache))
    if len(gradients) < len(arrays):  # more: of optional arguments that are not given here
        raise ValueError(f"backward must return one gradient for each of {len(arrays)} arrays; got {len(gradients)}")

    def loss(position: int) -> Callable[[Array], Any]:
        """The loss as a function of one argument, counted from its value here: what does not move then cancels."""

        def function(moved: Array) -> Any:
            found = _as_tuple(op.forward(*wide[:position], moved, *wide[position + 1 :], **options)[0])
            return sum((dy * (y - start)).sum() for dy, y, start in zip(upstream, found, outputs, strict=True))

        return function

    findings = []
    for position, (name, array, claimed) in enumerate(zip(_names(op, len(arrays)), wide, gradients, strict=False)):
        if array is not None and array.dtype.kind == "f":
            numerical = numerical_gradient.forward(array, function=loss(position), epsilon=epsilon)
            findings.append(_compare(name, claimed, numerical))
    return Report(getattr(op, "__name__", type(op).__name__).rpartition(".")[2], tuple(findings))


def _compare(name: str, claimed: Array | None, numerical: Array) -> Finding:
    if claimed is None:
        return Finding(name, False, "backward returns None for it")
    if np.shape(claimed) != numerical.shape:
        detail = f"the gradient must have the shape of {name}, {numerical.shape}; got {np.shape(claimed)}"
        return Finding(name, False, detail)
    if numerical.size == 0:
        return Finding(name, True, "is empty")
    difference = abs(claimed - numerical)
    agrees = difference <= ABSOLUTE + RELATIVE * abs(numerical)  # False where anything is NaN
    if agrees.all():
        return Finding(name, True, f"agrees within {difference.max():.1e}")
    worst = np.unravel_index(np.argmax(np.where(agrees, -1.0, np.nan_to_num(difference, nan=np.inf))), agrees.shape)
    place = f"d{name}[{', '.join(map(str, worst))}]" if worst else f"d{name}"
    detail = f"{place} is {claimed[worst]:.6g}, numerically {numerical[worst]:.6g}"
    share = f"{agrees.sum()} of {agrees.size} elements agree"
    return Finding(name, False, f"{detail}; {share}{_hint(claimed, numerical)}")


def _hint(claimed: Array, numerical: Array) -> str:
    """What the wrong gradient has in common with the right one, where that is simple."""
    if not np.any(claimed):
        return ": it is zero everywhere"
    factor = float((claimed * numerical).sum() / (numerical * numerical).sum()) if np.any(numerical) else np.nan
    if not np.all(abs(claimed - factor * numerical) <= ABSOLUTE + RELATIVE * abs(claimed)):
        return ""
    return ": the sign is wrong" if round(factor, 3) == -1 else f": it is {factor:.4g} times the right one throughout"


def _names(op: Any, count: int) -> list[str]:
    """The names of the first positional arguments of forward; `parameters[0]` and so on for `*parameters`."""
    names: list[str] = []
    for parameter in inspect.signature(op.forward).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            names += [f"{parameter.name}[{i}]" for i in range(count - len(names))]
        elif parameter.kind is not parameter.KEYWORD_ONLY:
            names.append(parameter.name)
    return names[:count]


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def forward(*arrays: Array, function: Callable[..., Array], derivative: Callable[..., Any]) -> Array:
    """The verdicts alone, one boolean per array, for the op y = function(*arrays) with the backward
    derivative(dy, *arrays).

    Raises TypeError when an array is not float64, as gradcheck demands.
    """
    for position, array in enumerate(arrays):
        if array.dtype != np.float64:
            raise TypeError(f"arrays must be float64, which differences need; got arrays[{position}] {array.dtype}")
    op = SimpleNamespace(
        forward=lambda *inputs: (function(*inputs), inputs), backward=lambda dy, inputs: derivative(dy, *inputs)
    )
    return np.array([finding.agrees for finding in gradient_check(op, *arrays).findings], dtype=bool)
