"""Judging packages of other people: each one in processes of its own, and what came of it as a table."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TESTS = ("test_ops.py", "test_projects.py")


def grade(folder: Path, rows: Sequence[str], *, minutes: float, profile: str = "default") -> dict[str, Any]:
    """What the checklist says about a candidate. The judge is a process of its own as well, with a time limit."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nn-parity-") as place:
        target = Path(place) / "checklist.json"
        command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "--confined",
                   f"--rootdir={ROOT}", "-c", str(ROOT / "pyproject.toml"), f"--candidate={folder.resolve()}",
                   f"--checklist-json={target}", f"--hypothesis-profile={profile}",
                   *([f"--rows={','.join(rows)}"] if rows else []),
                   *(str(ROOT / "parity_tests" / name) for name in TESTS)]  # fmt: skip
        output, note = "", ""
        # A session of its own, so that everything it has started can be ended with it.
        judge = subprocess.Popen(
            command,
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            output, _ = judge.communicate(timeout=60 * minutes)
        except subprocess.TimeoutExpired:
            note = f"not finished within {minutes:g} minutes"
        finally:
            _end(judge)
        try:
            found = json.loads(target.read_text(encoding="utf-8"))["rows"]
        except (OSError, ValueError, KeyError):
            found = []
            note = note or f"the judge came to no verdict: {(output.strip().splitlines() or ['no output'])[-1][:200]}"
    return result(folder.resolve().name, found, len(rows), note, time.monotonic() - begin)


def _end(judge: subprocess.Popen[str]) -> None:
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(judge.pid, signal.SIGKILL)
    judge.kill()
    judge.wait()


def result(name: str, found: list[dict[str, Any]], wanted: int, note: str, seconds: float) -> dict[str, Any]:
    """The line of one candidate."""
    states = [row["state"] for row in found]
    rows = [
        {"name": row["name"], "title": row["title"], "lesson": row["lesson"], "state": row["state"], "why": _why(row)}
        for row in found
    ]
    return {
        "candidate": name,
        "ticked": states.count("ticked"),
        "total": max(len(found), wanted),
        "wrong": states.count("wrong"),
        "waiting": states.count("waiting"),
        "not_written": states.count("not written"),
        "seconds": seconds,
        "note": note,
        "rows": rows,
    }


def _why(row: dict[str, Any]) -> str:
    """One sentence: what it waits for, or the first line of the first failure that says what is wrong."""
    if row["waits_for"]:
        return f"waits for {', '.join(row['waits_for'])}"
    for check, found in row["checks"].items():
        if found["outcome"] == "failed":
            told = [line.strip() for line in found["message"].splitlines()]
            wrong = [line.removeprefix("wrong").strip() for line in told if line.startswith("wrong")]
            return f"{check}: {(wrong or told or [''])[0].split('  (')[0]}"
    return ""


def write_csv(file: Path, results: Iterable[dict[str, Any]]) -> None:
    """One line for each candidate, one column for each component."""
    results = list(results)
    names = list(dict.fromkeys(row["name"] for found in results for row in found["rows"]))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["candidate", "ticked", "total", "wrong", "waiting", "not written", "seconds", "note", *names])
        for found in results:
            states = {row["name"]: row["state"] for row in found["rows"]}
            writer.writerow(
                [found["candidate"], found["ticked"], found["total"], found["wrong"], found["waiting"],
                 found["not_written"], f"{found['seconds']:.0f}", found["note"], *(states.get(n, "") for n in names)]
            )  # fmt: skip
