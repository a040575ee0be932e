"""Pages: a learner's progress, and the table of a class. Self-contained HTML, for any width, light or dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

STATES = {"ticked": "✓", "wrong": "✗", "waiting": "·", "not written": "○", "not run": "○", "shipped": "–"}


def _page(template: str, **values: Any) -> str:
    environment = Environment(
        loader=PackageLoader("nn_parity.course"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(template).render(marks=STATES, **values)


def lines_of(
    rows: Mapping[str, Any], mine: Sequence[str], done: Mapping[str, Mapping[str, Any]], speeds: Mapping[str, float]
) -> list[dict[str, Any]]:
    """The learner's components as data."""
    return [
        {"name": name, "title": rows[name].title, "lesson": rows[name].lesson,
         "state": done.get(name, {}).get("state", "not run"), "noise": done.get(name, {}).get("noise"),
         "speed": round(speeds[name], 2) if name in speeds else None}
        for name in rows if name in mine
    ]  # fmt: skip


def report(title: str, lines: Sequence[Mapping[str, Any]], lessons: Mapping[int, str]) -> str:
    """The page of one learner."""
    groups = [
        {"number": number, "title": lessons[number], "rows": list(group)}
        for number, group in groupby(lines, key=lambda line: int(line["lesson"]))
    ]
    for group in groups:
        group["ticked"] = sum(line["state"] == "ticked" for line in group["rows"])  # type: ignore[attr-defined]
    ticked = sum(line["state"] == "ticked" for line in lines)
    return _page("report.html", title=title, lessons=groups, ticked=ticked, total=len(lines))


def grades(results: Sequence[Mapping[str, Any]], lessons: Mapping[int, str]) -> str:
    """The table of many candidates."""
    return _page("grades.html", results=results, lessons=lessons)


def write(file: Path, text: str) -> None:
    """Write a page."""
    file.write_text(text, encoding="utf-8")
