"""A check that proved nothing is a failure of the harness, never a pass."""

import numpy as np
import pytest
from hypothesis import strategies as st

from ..harness import checks
from ..harness.entry import Case, Mistake, Refusal
from ..harness.evidence import Evidence, Vacuous
from . import invented
from .test_judge import numbers, run


def test_no_draw_is_vacuous() -> None:
    with pytest.raises(Vacuous, match="never ran"):
        Evidence().verify()


def test_comparing_only_empty_arrays_is_vacuous(monkeypatch: pytest.MonkeyPatch) -> None:
    row = invented.entry(monkeypatch, st.just(Case((np.zeros((0, 3)),))), lambda x: 2 * x)
    evidence = run(checks.gradient, row, invented.candidate(lambda x: (2 * x, None), lambda dy, cache: 2 * dy), 20)
    with pytest.raises(Vacuous, match="nothing was compared"):
        evidence.verify()


def test_a_reference_gradient_of_zeros_is_vacuous(monkeypatch: pytest.MonkeyPatch) -> None:
    row = invented.entry(monkeypatch, numbers, lambda x: 0 * x)
    evidence = run(checks.gradient, row, invented.candidate(lambda x: (0 * x, None), lambda dy, cache: 0 * dy), 50)
    with pytest.raises(Vacuous, match="zero everywhere"):
        evidence.verify()


def test_a_real_check_is_not_vacuous(monkeypatch: pytest.MonkeyPatch) -> None:
    row = invented.entry(monkeypatch, numbers, lambda x: 2 * x)
    run(checks.gradient, row, invented.candidate(lambda x: (2 * x, None), lambda dy, cache: 2 * dy), 50).verify()


def test_a_mistake_must_fit_once_and_change_the_code() -> None:
    source = '"""y = 2x"""\ny = 2\nz = 2\n'
    with pytest.raises(ValueError, match="occurs 0 times"):
        Mistake("absent", "w = 2", "w = 3").apply(source)
    with pytest.raises(ValueError, match="occurs 2 times"):
        Mistake("ambiguous", "= 2\n", "= 3\n").apply(source)
    with pytest.raises(ValueError, match="docstring"):
        Mistake("only words", "2x", "3x").apply(source)
    assert Mistake("fits", "z = 2", "z = 3").apply(source).endswith("z = 3\n")


def test_a_refusal_must_ask_for_words() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Refusal("bad shape", Case((np.zeros(3),)), says=())
