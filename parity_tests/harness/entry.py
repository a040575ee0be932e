"""What a row of the catalogue is: data about one component, and nothing that runs a check."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis.strategies import SearchStrategy

from .adapter import ARRAYS, Adapter

# All checks, the ones first whose failures say the most.
CHECKS = ("forward", "gradient", "layout", "accuracy", "refusals", "divergences", "programs", "lockstep", "target",
          "mistakes")  # fmt: skip

Argument = Any  # a NumPy array, or None for an optional array that is left out


@dataclass(frozen=True, eq=False)  # compared by identity: arrays have no single answer to ==
class Case:
    """One call of a component: its positional arrays and its keyword options.

    `exact` marks arrays of small integers, on which arithmetic does not round: they sit on kinks and ties, so
    nothing may be perturbed to find out how much rounding matters. `tame` marks smooth numbers without injected
    extremes, on which a finite difference means something. `seed` fixes the random upstream gradients,
    unless `upstream` gives them.
    """

    arrays: tuple[Argument, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    exact: bool = False
    tame: bool = False
    seed: int = 0
    upstream: tuple[Any, ...] | None = None

    @property
    def dtype(self) -> np.dtype[Any]:
        """The floating-point type of the case: the widest among its arrays (float64 where none floats)."""
        found = [a.dtype for a in self.arrays if a is not None and a.dtype.kind == "f"]
        return np.result_type(*found) if found else np.dtype(np.float64)

    @property
    def elements(self) -> int:
        """How many numbers the arrays hold together."""
        return sum(a.size for a in self.arrays if a is not None)

    def __repr__(self) -> str:
        parts = [describe(array) for array in self.arrays]
        parts += [f"{name}={value!r}" for name, value in self.options.items()]
        return f"({', '.join(parts)})"


def describe(array: Argument) -> str:
    """`float32 (2, 3)`: what a message needs to say about an array."""
    if array is None:
        return "None"
    return f"{array.dtype} {array.shape}"


@dataclass(frozen=True)
class Refusal:
    """Input that both sides must refuse. `says`: what the message of the scratch side must contain."""

    reason: str
    case: Case
    says: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.says:
            raise ValueError(f"refusal {self.reason!r}: name at least one thing that the message must say")


@dataclass(frozen=True)
class Divergence:
    """An input on which the two sides differ on purpose, and why. It must keep differing."""

    reason: str
    case: Case


@dataclass(frozen=True)
class Mistake:
    """A classic wrong version, as an edit of the scratch file. `replace` must occur there exactly once."""

    reason: str
    replace: str
    by: str

    def apply(self, source: str) -> str:
        """The source of the wrong version. Raises ValueError where the edit does not fit exactly once."""
        found = source.count(self.replace)
        if found != 1:
            raise ValueError(f"mistake {self.reason!r}: {self.replace!r} occurs {found} times, must be once")
        edited = source.replace(self.replace, self.by)
        if _code(edited) == _code_before(source):
            raise ValueError(f"mistake {self.reason!r}: the edit changes a docstring or a comment, not the code")
        return edited


@lru_cache(maxsize=1)  # the mistakes of a row come one after another
def _code_before(source: str) -> str:
    return _code(source)


def _code(source: str) -> str:
    """The program without its docstrings and comments."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = None
    return ast.dump(tree)


@dataclass(frozen=True)
class Sweep:
    """What the time of a component grows with, while all else stays: `over` names it, "T" say."""

    over: str
    values: tuple[int, ...]
    case: Callable[[int, np.random.Generator], Case]


@dataclass(frozen=True, eq=False)
class Entry:
    """A component with arrays in and arrays out: `ops.family.name` is its file in both trees."""

    name: str
    lesson: int
    title: str
    inputs: SearchStrategy[Case]
    mistakes: tuple[Mistake, ...]
    refusals: tuple[Refusal, ...] = ()
    sizes: Mapping[str, Callable[[np.random.Generator], Case]] = field(default_factory=dict)
    sweeps: tuple[Sweep, ...] = ()  # benchmarks beyond the sizes, and those that lie between them
    divergences: tuple[Divergence, ...] = ()
    gradient: bool = True  # False: there is nothing to differentiate, so forward returns the result alone
    adapter: Adapter = ARRAYS
    reference: Mapping[str, Any] | None = None  # what its file in reference_torch would define, where it has none there
    # Of the usual number of draws: less where a case is many steps, or many layers that were each judged before.
    share: float = 1.0

    @property
    def checks(self) -> tuple[str, ...]:
        """The names of the checks that must run before the row may be ticked."""
        names = ["forward"]
        names += ["gradient"] if self.gradient else []
        names += ["layout"] if self.adapter.any_layout else []
        names += ["accuracy"] if self.sizes else []
        names += ["refusals"] if self.refusals else []
        names += ["divergences"] if self.divergences else []
        return tuple(names)


@dataclass(frozen=True)
class Project:
    """An end-to-end training: the two sides must lose the same, step by step, and reach the target.

    `head`: how the names of the last layer's parameters begin. With all others frozen the target must be missed, or it
    would say nothing about gradients that come through to the early layers. None: the data are too easy for that.
    """

    name: str
    lesson: int
    title: str
    mistakes: tuple[Mistake, ...]
    head: str | None = None
    slow: bool = False  # its accuracy takes minutes: run with `pytest -m slow`
    steps: int = 20  # in lockstep
    batch: int = 16
    small: Callable[[np.random.Generator], dict[str, Any]] | None = None  # draws a smaller network for the lockstep

    @property
    def checks(self) -> tuple[str, ...]:
        """The names of the checks that must run before the row may be ticked."""
        return ("lockstep",) if self.slow else ("lockstep", "target")


Row = Entry | Project
