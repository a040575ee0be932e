"""Components made up for the tests of the harness: a candidate and a reference from two functions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis.strategies import SearchStrategy

from ..harness.entry import Case, Entry


def entry(
    monkeypatch: pytest.MonkeyPatch,
    inputs: SearchStrategy[Case],
    reference: Callable[..., Any],
    *,
    gradient: bool = True,
) -> Entry:
    """A row whose reference is this function; PyTorch differentiates it."""
    name = f"invented_{id(inputs)}"
    module = ModuleType(f"reference_torch.{name}")
    module.forward = reference  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return Entry(name, 1, "Invented", inputs, mistakes=(), gradient=gradient)


def candidate(forward: Callable[..., Any], backward: Callable[..., Any] | None = None) -> ModuleType:
    """A component made of one or two functions."""
    module = ModuleType("scratch.invented")
    module.forward = forward  # type: ignore[attr-defined]
    if backward is not None:
        module.backward = backward  # type: ignore[attr-defined]
    return module
