"""What every row is checked for. Each check takes one case, compares, and leaves evidence or raises Disagreement."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
import torch

from . import differences
from .candidate import NotWritten, Observed, observe, snapshots
from .confined import apply
from .disagreement import Disagreement
from .entry import Case, Entry, Refusal
from .evidence import Evidence
from .inputs import LAYOUTS, lay_out
from .judge import BUDGET, compare, measure
from .reference import Answer, Expected, answer, argument_names, op, upstream_of
from .rounding import rounding

# The mean error that is unremarkable: an eighth of what a single element is allowed.
TYPICAL = BUDGET / 8
# A finite difference has decided something where it is certain to three digits: no classic mistake is smaller.
TELLING = 1e-3
# Larger workloads show no more about accuracy and take seconds a row.
ACCURACY_ELEMENTS = 300_000
REFUSED_BY_TORCH = (RuntimeError, ValueError, TypeError, IndexError, AssertionError, NotImplementedError)


def forward(entry: Entry, module: ModuleType, case: Case, evidence: Evidence) -> None:
    """Outputs agree with PyTorch; shapes and dtypes are the same; inputs stay as they were."""
    evidence.draws += 1
    expected = answer(entry, case, gradient=False)
    observed = observation(entry, module, case, ())
    _compare_outputs(expected, observed, evidence)


def gradient(entry: Entry, module: ModuleType, case: Case, evidence: Evidence) -> None:
    """Gradients agree with PyTorch under a random upstream gradient, and with the slope of the candidate's forward."""
    evidence.draws += 1
    expected = answer(entry, case, gradient=True)
    observed = observation(entry, module, case, expected.upstream)
    for right in expected.gradients:
        if right is not None:
            evidence.saw_gradient(right.name, right.truth)
    try:
        _compare_gradients(entry, expected, observed, evidence)
    except Disagreement as wrong:
        raise _name_the_outlier(entry, module, case, expected, observed, wrong) from None
    something = any(right is not None and right.truth.size for right in expected.gradients)
    something = something and all(np.isfinite(right.truth).all() for right in expected.outputs)
    if case.tame and case.dtype == np.float64 and something:
        _check_slope(entry, module, case, expected, observed, evidence)


def layout(entry: Entry, module: ModuleType, case: Case, evidence: Evidence) -> None:
    """The candidate gives the same answer, right or wrong, however the arrays lie in memory."""
    upstream = upstream_of(op(entry), case) if entry.gradient else ()
    plain = observation(entry, module, case, upstream)
    for name in LAYOUTS[1:]:
        evidence.draws += 1
        moved = dataclasses.replace(case, arrays=tuple(lay_out(array, name) for array in case.arrays))
        try:
            observed = observation(entry, module, moved, tuple(lay_out(array, name) for array in upstream))
            if snapshots(observed) == snapshots(plain):  # mostly: no need to ask how much rounding may do
                evidence.saw(0.0, sum(array.size for array in observed.outputs))
                continue
            if _near(observed, plain):
                evidence.saw(1.0, sum(array.size for array in observed.outputs))
                continue
            expected = _as_expected(answer(entry, case, gradient=entry.gradient), plain)
            _compare_outputs(expected, observed, evidence)
            if entry.gradient:
                _compare_gradients(entry, expected, observed, evidence)
        except Disagreement as wrong:
            raise Disagreement(
                f"with {name} arrays, against contiguous ones: {wrong.message}", wrong.part, wrong.detail
            ) from None


def _near(observed: Observed, plain: Observed) -> bool:
    """Whether nothing differs by more than one rounding: no need to ask either, as no noise unit is less than that."""
    ours, theirs = (*observed.outputs, *observed.gradients), (*plain.outputs, *plain.gradients)
    return len(ours) == len(theirs) and all(map(_within_a_rounding, ours, theirs))


def _within_a_rounding(got: Any, other: Any) -> bool:
    if not isinstance(got, (np.ndarray, np.generic)) or not isinstance(other, (np.ndarray, np.generic)):
        return got is None and other is None
    if got.dtype != other.dtype or got.shape != other.shape:
        return False
    if got.dtype.kind != "f" or not (np.isfinite(got).all() and np.isfinite(other).all()):
        return got.tobytes() == other.tobytes()
    wide = other.astype(np.float64)
    return bool(np.all(np.abs(np.subtract(got, wide)) <= rounding(wide, other.dtype)))


def _as_expected(expected: Answer, observed: Observed) -> Answer:
    """The candidate's own answer in the place of PyTorch's, with the same noise units."""

    def swap(right: Expected | None, got: Any) -> Expected | None:
        if right is None or got is None or np.shape(got) != right.working.shape:
            return right
        return dataclasses.replace(right, truth=np.asarray(got, right.truth.dtype), working=got)

    outputs = [swap(right, got) for right, got in zip(expected.outputs, observed.outputs, strict=False)]
    gradients = [swap(right, got) for right, got in zip(expected.gradients, observed.gradients, strict=False)]
    return dataclasses.replace(
        expected, outputs=tuple(right for right in outputs if right is not None), gradients=tuple(gradients)
    )


def accuracy(entry: Entry, module: ModuleType, case: Case, evidence: Evidence) -> None:
    """On a workload of real size, the mean error (RMS) is unremarkable, or no larger than PyTorch's in float32."""
    evidence.draws += 1
    expected = answer(entry, case, gradient=entry.gradient)
    observed = observation(entry, module, case, expected.upstream)
    _compare_outputs(expected, observed, evidence)
    pairs: list[tuple[Expected | None, Any]] = list(zip(expected.outputs, observed.outputs, strict=True))
    if entry.gradient:
        _compare_gradients(entry, expected, observed, evidence)
        pairs += zip(expected.gradients, observed.gradients, strict=True)
    for right, got in pairs:
        if right is None or right.working.dtype.kind != "f":
            continue
        for unit in right.growing_unit():  # the mean error can only shrink with it
            ours = _root_mean_square(measure(right, got, unit))
            if ours <= TYPICAL:
                break
        else:
            theirs = _root_mean_square(measure(right, right.working))
            if ours <= theirs:
                continue
            raise Disagreement(
                f"{right.name}: {ours:.1f} noise units off in the mean (RMS), PyTorch {theirs:.1f}",
                "forward" if right.name.startswith("y") else "backward",
            )


def refusal(entry: Entry, module: ModuleType, refused: Refusal, evidence: Evidence) -> None:
    """Both sides refuse bad input; the scratch side with a message that names the rule."""
    evidence.draws += 1
    tensors = [None if a is None else torch.from_numpy(np.array(a)) for a in refused.case.arrays]
    try:
        op(entry).forward(*tensors, **refused.case.options)
    except REFUSED_BY_TORCH:
        pass
    else:
        raise ValueError(f"the reference accepts what the row says both sides refuse: {refused.reason}")
    try:
        apply(module, outputs_of, entry, refused.case)
    except NotImplementedError:
        raise NotWritten(f"forward of {module.__name__} is not written yet") from None
    except (ValueError, TypeError) as error:
        missing = [part for part in refused.says if part not in str(error)]
        if missing:
            raise Disagreement(
                f"{refused.reason}: the message must say {', '.join(map(repr, missing))}; "
                f"it says: {type(error).__name__}: {error}",
                "refusal",
            ) from None
    except Exception as error:
        raise Disagreement(
            f"{refused.reason}: expected a ValueError that says so, got {type(error).__name__}: {error}", "refusal"
        ) from None
    else:
        raise Disagreement(f"{refused.reason}: accepted, where PyTorch refuses {refused.case!r}", "refusal")
    evidence.saw(0.0, 1)


def divergence(entry: Entry, module: ModuleType, case: Case, evidence: Evidence) -> None:
    """The two sides still differ where the row says so."""
    evidence.draws += 1
    evidence.compared += 1
    for check in (forward, gradient) if entry.gradient else (forward,):
        try:
            check(entry, module, case, Evidence())
        except Disagreement:
            return
        except REFUSED_BY_TORCH:  # some releases of PyTorch refuse what others answer
            return
    raise ValueError("the two sides agree here by now: remove the divergence from the row")


def observation(entry: Entry, module: ModuleType, case: Case, upstream: Sequence[Any]) -> Observed:
    """`observe`, in the process where the candidate is."""
    names = argument_names(entry, len(case.arrays))
    return Observed(*apply(module, observed_of, entry, case, tuple(upstream), names))


def observed_of(
    module: ModuleType, entry: Entry, case: Case, upstream: Sequence[Any], names: Sequence[str]
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Outputs and gradients of the candidate, watched for impurity."""
    found = observe(entry.adapter.candidate(module), case, upstream, names)
    return found.outputs, found.gradients


def _compare_outputs(expected: Answer, observed: Observed, evidence: Evidence) -> None:
    if len(observed.outputs) != len(expected.outputs):
        raise Disagreement(
            f"forward must give {len(expected.outputs)} arrays, it gave {len(observed.outputs)}", "forward"
        )
    for right, got in zip(expected.outputs, observed.outputs, strict=True):
        evidence.saw(compare(right, got, "forward", evidence.no_news), right.working.size)


def _compare_gradients(entry: Entry, expected: Answer, observed: Observed, evidence: Evidence) -> None:
    names = argument_names(entry, len(expected.gradients))
    for name, right, got in zip(names, expected.gradients, observed.gradients, strict=False):
        if right is not None:
            evidence.saw(compare(right, got, "backward", evidence.no_news), right.working.size)
        elif got is not None:
            raise Disagreement(f"d{name}: {name} has no gradient, so backward returns None for it", "backward")


def _slopes(
    entry: Entry, module: ModuleType, case: Case, expected: Answer, observed: Observed
) -> tuple[float, float, float, differences.Slope | None]:
    """⟨dx, v⟩ as the candidate has it and as PyTorch has it, one noise unit of it, and the finite difference."""
    floats = [a is not None and a.dtype.kind == "f" for a in case.arrays]
    arrays = [a.astype(np.float64) if f else a for a, f in zip(case.arrays, floats, strict=True)]
    along = differences.direction(
        [a if right is not None else None for a, right in zip(arrays, expected.gradients, strict=True)], case.seed
    )
    ours = theirs = unit = 0.0
    for v, got, right in zip(along, observed.gradients, expected.gradients, strict=True):
        if v is not None and right is not None:
            ours += float(np.sum(got * v))
            theirs += float(np.sum(right.truth * v))
            unit += float(np.sum(right.unit * np.abs(v)))

    def run(*moved: Any) -> tuple[Any, ...]:
        wide = dataclasses.replace(case, arrays=moved)
        return tuple(apply(module, outputs_of, entry, wide))

    upstream = [dy.astype(np.float64) for dy in expected.upstream]
    outputs = [(dy, y) for dy, y in zip(upstream, expected.outputs, strict=True) if y.unit is not None]
    rounding = sum(float(np.sum(np.abs(dy) * y.unit)) for dy, y in outputs)
    with np.errstate(all="ignore"):
        return ours, theirs, unit, differences.slope(run, arrays, along, upstream, rounding)


def outputs_of(module: ModuleType, entry: Entry, case: Case) -> tuple[Any, ...]:
    """What forward gives, the cache left out."""
    with np.errstate(all="ignore"):
        result = entry.adapter.candidate(module).forward(*case.arrays, **case.options)
    result = result[0] if entry.gradient else result
    return result if isinstance(result, tuple) else (result,)


def _check_slope(
    entry: Entry, module: ModuleType, case: Case, expected: Answer, observed: Observed, evidence: Evidence
) -> None:
    ours, theirs, unit, found = _slopes(entry, module, case, expected, observed)
    if found is None or not np.isfinite(ours):
        evidence.saw_difference(decided=False)
        return
    size = max(abs(ours), abs(theirs), abs(found.value))
    evidence.saw_difference(decided=found.uncertainty <= TELLING * size or size == 0)
    if abs(ours - found.value) > BUDGET * (found.uncertainty + unit):
        raise Disagreement(
            f"backward is not the derivative of forward: along a random direction backward gives {ours:.6g}, a finite "
            f"difference of forward {found.value:.6g}, PyTorch's gradient {theirs:.6g}",
            "backward",
        )


def _name_the_outlier(
    entry: Entry, module: ModuleType, case: Case, expected: Answer, observed: Observed, wrong: Disagreement
) -> Disagreement:
    """The same disagreement, with the word of the third judge where it has one."""
    if wrong.detail is None or wrong.detail.error is None or not case.tame:
        return wrong
    try:
        ours, theirs, unit, found = _slopes(entry, module, case, expected, observed)
    except Exception:  # the candidate may not survive other inputs; the first verdict stands without the third
        return wrong
    if found is None or abs(ours - theirs) <= BUDGET * (found.uncertainty + unit):
        return wrong
    errors = [abs(slope - found.value) if np.isfinite(slope) else np.inf for slope in (ours, theirs)]
    if errors[0] == errors[1]:  # both of them infinite or NaN
        return wrong
    near = "this backward" if errors[0] < errors[1] else "PyTorch"
    return Disagreement(f"{wrong.message}\na finite difference of forward sides with {near}", wrong.part, wrong.detail)


def _root_mean_square(values: Any) -> float:
    return float(np.sqrt(np.mean(np.square(values)))) if values.size else 0.0
