"""The judge is neither blind nor flaky: known errors are rejected, correct programs pass in every draw."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ..catalogue import ROWS
from ..harness import candidate, checks
from ..harness.disagreement import Disagreement
from ..harness.entry import Case, Entry
from ..harness.evidence import Evidence
from ..harness.inputs import Draw, cases
from . import invented

ENTRIES = [row for row in ROWS if isinstance(row, Entry)]
DRAWS = 20_000  # of each dtype, over all rows together

Check = Callable[[Entry, Any, Case, Evidence], None]


def run(check: Check, row: Entry, module: Any, draws: int) -> Evidence:
    """The check over freshly drawn cases; raises what it raises."""
    evidence = Evidence()

    @settings(max_examples=draws, database=None, deadline=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(row.inputs)
    def over(case: Case) -> None:
        check(row, module, case, evidence)

    over()
    return evidence


@pytest.mark.slow
@pytest.mark.parametrize("row", ENTRIES, ids=lambda row: row.name)
def test_correct_components_pass_every_draw(row: Entry) -> None:
    check = checks.gradient if row.gradient else checks.forward
    draws = math.ceil(2 * DRAWS / len(ENTRIES))
    evidence = run(check, row, candidate.load("scratch", row.name), draws)
    evidence.verify()
    assert evidence.draws >= draws


@cases("smooth")
def rows_of_numbers(draw: Draw) -> Case:
    offset = draw.choice([0.0, 10.0, 1000.0])
    x = draw.floats((draw.size(1, 4), draw.size(2, 6)))
    return Case((x + draw.dtype.type(offset) * np.abs(x).max(),))


def variance(x: Any) -> tuple[Any, Any]:
    centred = x - x.mean(axis=-1, keepdims=True)
    return (centred * centred).mean(axis=-1), centred


def variance_backward(dy: Any, centred: Any) -> Any:
    return 2 * centred * dy[..., None] / centred.shape[-1]


def test_a_two_pass_variance_passes_and_a_one_pass_variance_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    row = invented.entry(monkeypatch, rows_of_numbers, lambda x: x.var(-1, unbiased=False))
    run(checks.gradient, row, invented.candidate(variance, variance_backward), 300)

    def one_pass(x: Any) -> tuple[Any, Any]:
        return (x * x).mean(axis=-1) - x.mean(axis=-1) ** 2, variance(x)[1]

    with pytest.raises(Disagreement, match="noise units"):
        run(checks.forward, row, invented.candidate(one_pass, variance_backward), 300)


@cases("smooth")
def logits_and_classes(draw: Draw) -> Case:
    rows, classes = draw.size(1, 4), draw.size(2, 6)
    return Case((draw.floats((rows, classes)), draw.integers((rows,), 0, classes)))


def test_a_cross_entropy_without_log_sum_exp_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    row = invented.entry(monkeypatch, logits_and_classes, torch.nn.functional.cross_entropy)

    def careful(x: Any, target: Any) -> tuple[Any, None]:
        shifted = x - x.max(axis=1, keepdims=True)
        log_probability = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return -log_probability[np.arange(len(x)), target].mean(), None

    def careless(x: Any, target: Any) -> tuple[Any, None]:
        e = np.exp(x)
        return -np.log(e / e.sum(axis=1, keepdims=True))[np.arange(len(x)), target].mean(), None

    run(checks.forward, row, invented.candidate(careful, careful), 300)
    with pytest.raises(Disagreement):
        run(checks.forward, row, invented.candidate(careless, careless), 300)


@cases("smooth", dtypes=(np.float64,))
def numbers(draw: Draw) -> Case:
    return Case((draw.floats(draw.shape(min_rank=1)),))


@pytest.mark.parametrize(("constant", "right"), [(math.sqrt(2 / math.pi), True), (0.7978845, False)])
def test_a_constant_with_seven_digits_fails_in_float64(
    monkeypatch: pytest.MonkeyPatch, constant: float, right: bool
) -> None:
    row = invented.entry(monkeypatch, numbers, lambda x: x * math.sqrt(2 / math.pi), gradient=False)
    module = invented.candidate(lambda x: x * constant)
    if right:
        run(checks.forward, row, module, 100)
    else:
        with pytest.raises(Disagreement):
            run(checks.forward, row, module, 100)


@pytest.mark.parametrize(
    ("what", "forward", "backward"),
    [
        ("returned 2", lambda x: (2 * x, None), lambda dy, cache: (2 * dy, None)),
        ("modified its input x", lambda x: (np.multiply(x, 2, out=x), None), lambda dy, cache: 2 * dy),
        ("modified its input dy", lambda x: (2 * x, None), lambda dy, cache: np.multiply(dy, 2, out=dy)),
        ("expected dtype float64", lambda x: ((2 * x).astype(np.float32), None), lambda dy, cache: 2 * dy),
        ("expected shape", lambda x: (2 * x[None], None), lambda dy, cache: 2 * dy),
        ("expected an array", lambda x: ((2 * x).tolist(), None), lambda dy, cache: 2 * dy),
        ("got nothing", lambda x: (2 * x, None), lambda dy, cache: None),
        ("must return .y, cache.", lambda x: 2 * x, lambda dy, cache: 2 * dy),
        ("raised ZeroDivisionError", lambda x: (1 / 0, None), lambda dy, cache: 2 * dy),
        ("no state", lambda x: (2 * x + COUNTER.pop(), None), lambda dy, cache: 2 * dy),
        ("dx", lambda x: (2 * x, None), lambda dy, cache: np.zeros_like(dy)),
        ("dx", lambda x: (2 * x, None), lambda dy, cache: -2 * dy),
    ],
)
def test_breaches_of_the_protocol_are_named(
    monkeypatch: pytest.MonkeyPatch, what: str, forward: Any, backward: Any
) -> None:
    row = invented.entry(monkeypatch, numbers, lambda x: 2 * x)

    def both(*arguments: Any) -> None:
        checks.forward(*arguments)
        checks.gradient(*arguments)

    with pytest.raises(Disagreement, match=what):
        run(both, row, invented.candidate(forward, backward), 100)


COUNTER = list(range(1000))


def test_nan_and_infinity_must_stand_in_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    row = invented.entry(monkeypatch, st.just(Case((np.array([np.nan, np.inf, -np.inf, 1.0]),))), lambda x: x + 1)
    run(checks.forward, row, invented.candidate(lambda x: (x + 1, None), lambda: None), 1)
    for wrong in (np.nan_to_num, np.abs, lambda x: np.where(np.isnan(x), np.inf, x)):
        with pytest.raises(Disagreement, match="a kind of number"):
            run(checks.forward, row, invented.candidate(lambda x, w=wrong: (w(x + 1), None), lambda: None), 1)


def test_what_overflows_may_be_infinite_or_nan_but_not_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three terms of which two overflow, each another way: the order of the sum decides what is seen."""
    terms = np.array([3e38, 3e38, -3e38, -3e38], np.float32)
    row = invented.entry(monkeypatch, st.just(Case((terms,))), lambda x: (x * 2).sum())
    for right in (np.nan, np.inf, -np.inf):
        run(checks.forward, row, invented.candidate(lambda x, y=right: (np.float32(y), None), lambda: None), 1)
    with pytest.raises(Disagreement, match="a kind of number"):
        run(checks.forward, row, invented.candidate(lambda x: (np.float32(0), None), lambda: None), 1)


def test_a_backward_that_is_not_the_slope_of_its_forward_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both agree with PyTorch's gradient, but the forward is another function."""
    row = invented.entry(monkeypatch, numbers, lambda x: 2 * x)
    module = invented.candidate(lambda x: (3 * x, None), lambda dy, cache: 2 * dy)
    with pytest.raises(Disagreement, match="not the derivative of forward"):
        run(checks.gradient, row, module, 100)


@pytest.mark.parametrize("factor", [5.0, math.nan])
def test_the_third_judge_never_sides_with_a_wrong_backward(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not with a NaN either, of which every comparison is false."""
    row = invented.entry(monkeypatch, numbers, lambda x: 2 * x)
    module = invented.candidate(lambda x: (2 * x, None), lambda dy, cache: factor * dy)
    with pytest.raises(Disagreement, match="sides with PyTorch"):
        checks.gradient(row, module, Case((np.array([1.0, 2.0]),), tame=True), Evidence())
