"""Draws that are the same each time: what mistakes are judged on, and explanations."""

from __future__ import annotations

from functools import lru_cache

from hypothesis import HealthCheck, Phase, given, settings

from .entry import Case, Entry


@lru_cache(maxsize=4)
def drawn(row: Entry, draws: int) -> tuple[Case, ...]:
    """So many cases of a row, or its share of them: always the same, so that a kill rate repeats, and a diagnosis."""
    found: list[Case] = []

    @settings(max_examples=max(1, round(draws * row.share)), derandomize=True, database=None, deadline=None,
              phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(row.inputs)
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return tuple(found)
