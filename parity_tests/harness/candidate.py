"""The implementation that is judged: found by name, called by the op protocol, watched for impurity."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from .disagreement import Disagreement
from .entry import Case


class NotWritten(Exception):
    """The candidate has no such component yet. Not a failure: a line with ○ in the checklist."""


@dataclass(frozen=True)
class Observed:
    """What a candidate produced for a case."""

    outputs: tuple[Any, ...]
    gradients: tuple[Any, ...]


def package_name(chosen: str) -> str:
    """The importable name of `--candidate`: a dotted name as it is, a folder after putting its parent on the path."""
    folder = Path(chosen).resolve()
    if not folder.is_dir():
        return chosen
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    return folder.name


def folder_of(package: str) -> Path:
    """The folder of a package, found without running it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise NotWritten(f"there is no package {package}")
    return Path(next(iter(spec.submodule_search_locations))).resolve()


def tree_of(module: ModuleType) -> str:
    """The package whose tensors and layers a component uses: its own, or the shipped one where its own has no tape."""
    package = (module.__package__ or "").split(".")[0]
    return package if package and importlib.util.find_spec(f"{package}.autograd") else "scratch"


def load(package: str, name: str) -> ModuleType:
    """The module `package.name`. Raises NotWritten where the file is missing."""
    full = f"{package}.{name}"
    try:
        return importlib.import_module(full)
    except NotImplementedError:  # something that it is built from, used while it is imported
        raise NotWritten(f"{full} uses something that is not written yet") from None
    except ModuleNotFoundError as error:
        if error.name is not None and (full == error.name or full.startswith(f"{error.name}.")):
            raise NotWritten(f"{full} is not written yet") from None
        raise


def source_file(package: str, name: str) -> Path:
    """The file of a component, found without running it."""
    spec = importlib.util.find_spec(f"{package}.{name}")
    if spec is None or spec.origin is None:
        raise NotWritten(f"{package}.{name} is not written yet")
    return Path(spec.origin)


def from_source(source: str, package: str, name: str, *, label: str) -> ModuleType:
    """A module made from edited source, with the package of the original, so that its relative imports work.

    It is never entered into `sys.modules` for longer than its own definition takes (dataclasses look there).
    """
    full = f"{package}.{name}__{label}"
    module = ModuleType(full)
    module.__package__ = f"{package}.{name}".rpartition(".")[0]
    module.__file__ = f"<{package}.{name}: {label}>"
    sys.modules[full] = module
    try:
        exec(compile(source, module.__file__, "exec"), module.__dict__)
    finally:
        del sys.modules[full]
    return module


def location(module: ModuleType, function: str) -> str:
    """`scratch/ops/losses/hinge.py:41`, relative to where we stand when that is shorter."""
    file = Path(module.__file__ or "?")
    try:
        line = inspect.getsourcelines(getattr(module, function))[1]
    except (OSError, TypeError, AttributeError):
        return str(file)
    if file.is_relative_to(Path.cwd()):
        file = file.relative_to(Path.cwd())
    return f"{file.as_posix()}:{line}"


def observe(op: Any, case: Case, upstream: Sequence[Any], names: Sequence[str]) -> Observed:
    """Call `forward` and, with upstream gradients, `backward`. `names` are the argument names for messages.

    Raises Disagreement where the call breaks the protocol: modified inputs, another result the second time, one
    gradient too few, an exception.
    """
    before = [_snapshot(array) for array in case.arrays]
    outputs, cache = _split(_call(op, "forward", *case.arrays, **case.options), op, gradient=bool(upstream))
    _check_unchanged(case.arrays, before, names, "forward")
    kept = [_snapshot(output) for output in outputs]
    again, another_cache = _split(_call(op, "forward", *case.arrays, **case.options), op, gradient=bool(upstream))
    if [_snapshot(output) for output in again] != kept:
        raise Disagreement("forward gives another result when called again: it must have no state", "forward")
    if [_snapshot(output) for output in outputs] != kept:
        raise Disagreement("a second call of forward overwrote the result of the first", "forward")
    gradients: tuple[Any, ...] = ()
    if upstream:
        gradients = _backward(op, case, upstream, cache, names)
        _check_one_at_a_time(op, case, upstream, another_cache, gradients, names)
        _check_unchanged(case.arrays, before, names, "backward")
    return Observed(outputs, gradients)


def _backward(op: Any, case: Case, upstream: Sequence[Any], cache: Any, names: Sequence[str]) -> tuple[Any, ...]:
    before = [_snapshot(gradient) for gradient in upstream]
    result = _call(op, "backward", upstream[0] if len(upstream) == 1 else tuple(upstream), cache)
    gradients = result if isinstance(result, tuple) else (result,)
    _check_unchanged(upstream, before, [f"dy[{i}]" if len(upstream) > 1 else "dy" for i in range(len(upstream))],
                     "backward")  # fmt: skip
    left_out = gradients[len(case.arrays) :]  # optional arguments that this case does not give
    gradients = gradients[: len(case.arrays)]
    wrong_count = len(gradients) != len(case.arrays) or len(gradients) + len(left_out) > len(names)
    expected = ", ".join(names[: len(case.arrays)])
    if wrong_count or any(gradient is not None for gradient in left_out):
        raise Disagreement(
            f"backward must return one gradient per array argument of forward ({expected}), "
            f"in that order; it returned {len(gradients) + len(left_out)}",
            "backward",
        )
    return gradients


def _check_one_at_a_time(
    op: Any, case: Case, upstream: Sequence[Any], cache: Any, gradients: Sequence[Any], names: Sequence[str]
) -> None:
    """A backward that can be told which gradients are needed gives the same when it is: one of them, drawn."""
    there = [i for i, gradient in enumerate(gradients) if gradient is not None]
    if not there or not _has_option(op.backward, "needed"):
        return
    one = there[case.seed % len(there)]
    result = _call(op, "backward", upstream[0] if len(upstream) == 1 else tuple(upstream), cache, needed={one})
    alone = result[one] if isinstance(result, tuple) and one < len(result) else result
    if _snapshot(alone) != _snapshot(gradients[one]):
        raise Disagreement(f"backward gives another gradient of {names[one]} where only that one is needed", "backward")


def _has_option(function: Any, name: str) -> bool:
    try:
        return name in inspect.signature(function).parameters
    except (TypeError, ValueError):  # what is not written in Python need not have a signature
        return False


def _split(result: Any, op: Any, *, gradient: bool) -> tuple[tuple[Any, ...], Any]:
    """The outputs as a tuple, and the cache where the component has a backward."""
    cache = None
    if hasattr(op, "backward"):
        if not isinstance(result, tuple) or len(result) != 2:
            raise Disagreement(f"forward must return (y, cache); it returned {type(result).__name__}", "forward")
        result, cache = result
    elif gradient:
        raise NotWritten(f"{op.__name__} has no backward yet")
    return (result if isinstance(result, tuple) else (result,)), cache


def _call(op: Any, function: str, /, *arguments: Any, **options: Any) -> Any:
    """Call the candidate; floating-point warnings are its own business, other exceptions are disagreements."""
    if not hasattr(op, function):
        raise NotWritten(f"{op.__name__} has no {function} yet")
    try:
        with np.errstate(all="ignore"):
            return getattr(op, function)(*arguments, **options)
    except Disagreement:
        raise
    except NotImplementedError:
        raise NotWritten(f"{function} of {op.__name__} is not written yet") from None
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
        raise Disagreement(
            f"{function} raised {type(error).__name__}: {error} ({place})", function, crash=True
        ) from error


def _snapshot(value: Any) -> Any:
    """Something to compare later: the bytes of an array (NaN equals NaN), a copy of a list."""
    if isinstance(value, (np.ndarray, np.generic)):
        return (value.dtype, value.shape, value.tobytes())
    return repr(value)


def snapshots(observed: Observed) -> Any:
    """All that a candidate produced, to compare later."""
    return [_snapshot(value) for value in (*observed.outputs, *observed.gradients)]


def _check_unchanged(arrays: Sequence[Any], before: Sequence[Any], names: Sequence[str], function: str) -> None:
    for array, snapshot, name in zip(arrays, before, names, strict=False):
        if _snapshot(array) != snapshot:
            raise Disagreement(f"{function} modified its input {name}: work on a copy", function)
