"""The checklist as text: lesson by lesson, one line a component; folded where that would be more than a screen."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import Any

from nn_parity.course.text import readable

from .checklist import Finding, Line, all_rows, lesson_titles

SCREEN = 30  # lines of a checklist; a longer one with something left to do is folded
COLUMNS = ("forward", "gradient", "refusals")
OTHERS = {"layout": "forward", "accuracy": "forward", "divergences": "forward", "lockstep": "gradient",
          "target": "forward"}  # fmt: skip
MARKS = {"ticked": "✓", "wrong": "✗", "not written": "○", "waiting": "·", "partly run": "…"}
COLOURS = {"ticked": "green", "wrong": "red", "not written": "yellow", "waiting": "light", "partly run": "light"}


class Plain:
    """A terminal writer for any encoding: marks become letters where it has no marks."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._tw = out._tw
        self.encoding = getattr(out._tw._file, "encoding", None)

    def write_line(self, text: str, **markup: bool) -> None:
        """One line."""
        self._out.write_line(readable(text, self.encoding), **markup)


def print_checklist(out: Any, lines: list[Line], *, verbose: bool) -> None:
    """Every line, or, where that is more than a screen and something is left to do, the lessons folded."""
    done = all(line.state == "ticked" for line in lines)
    if done or verbose or len(lines) <= SCREEN:
        _print_every_line(out, lines, verbose=verbose)
    else:
        _print_folded(out, lines)
    _print_progress(out, lines)


def _print_folded(out: Any, lines: list[Line]) -> None:
    """What is ticked in one line for many lessons; what is wrong in full; what waits by what it waits for."""
    out.write_line("")
    lessons = [(number, list(group)) for number, group in groupby(lines, key=lambda line: line.row.lesson)]
    for whole, run in groupby(lessons, key=lambda lesson: all(line.state == "ticked" for line in lesson[1])):
        if whole:
            several = list(run)
            count = sum(len(group) for _, group in several)
            first, last = several[0][0], several[-1][0]
            name = f"lesson {first}" if first == last else f"lessons {first} to {last}"
            out.write_line(f"  ✓ {name:<39} all {count} agree", green=True)
            continue
        for number, group in run:
            _print_open_lesson(out, number, group)


def _print_open_lesson(out: Any, number: int, group: list[Line]) -> None:
    ticked = sum(line.state == "ticked" for line in group)
    out.write_line(f"lesson {number} · {lesson_titles()[number]}: {ticked} of {len(group)} agree", bold=True)
    wrong = [line for line in group if line.state in ("wrong", "partly run")]
    for line in wrong[:WRONG]:
        _print_line(out, line, wide=False)
    if len(wrong) > WRONG:
        _print_names(out, "✗", f"{len(wrong) - WRONG} more are not right", wrong[WRONG:], red=True)
    blank = [line for line in group if line.state == "not written"]
    if blank:
        _print_names(out, "○", f"{len(blank)} not written yet", blank, yellow=True)
    waiting = [line for line in group if line.state == "waiting"]
    if waiting:
        for_what = ", ".join(dict.fromkeys(name.rpartition(".")[2] for line in waiting for name in line.waits_for))
        verb = "waits" if len(waiting) == 1 else "wait"
        for_what = textwrap.shorten(for_what, 45, placeholder=" …")
        _print_names(out, "·", f"{len(waiting)} {verb} for: {for_what}", waiting)


WRONG = 3  # components of a lesson whose failure is shown in the folded checklist


def _print_names(out: Any, mark: str, text: str, lines: list[Line], **markup: bool) -> None:
    names = ", ".join(line.row.name.removeprefix("ops.") for line in lines)
    out.write_line(f"  {mark} {text}", **markup)
    out.write_line(f"      {textwrap.shorten(names, 72, placeholder=' …')}")


def _cell(line: Line, column: str) -> str:
    """✓ where every check of the column passed, ✗ where one failed, – where the row has none."""
    checks = [name for name in line.row.checks if name == column or OTHERS.get(name) == column]
    outcomes = [line.findings[name].outcome for name in checks if name in line.findings]
    if not checks:
        return "–"
    if "failed" in outcomes:
        return "✗"
    if "not written" in outcomes:
        return "○"
    return "✓" if len(outcomes) == len(checks) and "not run" not in outcomes else "…"


def _print_every_line(out: Any, lines: list[Line], *, verbose: bool) -> None:
    wide = out._tw.fullwidth >= 120 or verbose
    lessons = lesson_titles()
    last = None
    for line in lines:
        if line.row.lesson != last:
            last = line.row.lesson
            out.write_line("")
            out.write_line(
                f"{f'lesson {last} · {lessons[last]}':<43}{'forward  gradient  refusals  noise':>36}", bold=True
            )
        _print_line(out, line, wide=wide)


def _print_line(out: Any, line: Line, *, wide: bool) -> None:
    cells = "".join(f"{_cell(line, column):^9}" for column in COLUMNS)
    noise = f"{line.worst:6.1f}" if line.state == "ticked" else ""
    name = f"  {line.row.name}" if wide else ""
    text = f"  {MARKS[line.state]} {line.row.title:<39.39} {cells}{noise:>7}{name}"
    out.write_line(text.rstrip(), **{COLOURS[line.state]: True})
    if line.state == "waiting":
        out.write_line(f"      waits for: {', '.join(line.waits_for)}")
    elif line.state in ("wrong", "not written"):
        out.write_line(f"      {line.row.name}")
        out.write_line(f"      {_headline(line)}")


def _headline(line: Line) -> str:
    if line.state == "not written":
        return "not written yet"
    failed = [finding for finding in line.findings.values() if finding.outcome == "failed"]
    details = [text.strip() for text in failed[0].message.split("\n") if text.strip().startswith("wrong")]
    detail = details[0].removeprefix("wrong").strip() if details else failed[0].message.split("\n")[0]
    return f"{failed[0].check}: {detail.split('  (')[0]}"


def _print_progress(out: Any, lines: list[Line]) -> None:
    ticked = sum(line.state == "ticked" for line in lines)
    total = len(all_rows())
    filled = round(24 * ticked / total) if total else 0
    run = "" if len(lines) == total else f"  ({len(lines)} run)"
    out.write_line("")
    out.write_line(f"{'█' * filled}{'░' * (24 - filled)}  {ticked} of {total} components agree with PyTorch{run}")


def print_kill_rate(out: Any, findings: list[Finding]) -> None:
    """`--mistakes`: how many of each component's wrong versions the harness rejected."""
    by_row: dict[str, list[Finding]] = {}
    for finding in findings:
        by_row.setdefault(finding.row, []).append(finding)
    rejected = 0
    for row in (row.name for row in all_rows() if row.name in by_row):
        found = by_row[row]
        killed = sum(finding.outcome == "passed" for finding in found)
        rejected += killed
        mark = "✓" if killed == len(found) else "✗"
        out.write_line(f"  {mark} {row:<58} {killed:>3} of {len(found):>3}", green=mark == "✓", red=mark == "✗")
        for finding in found:
            if finding.outcome != "passed":
                out.write_line(f"      survives: {finding.message}")
    share = 100 * rejected / len(findings)
    out.write_line("")
    out.write_line(f"{rejected} of {len(findings)} mistakes in {len(by_row)} components rejected: {share:.1f}%")
