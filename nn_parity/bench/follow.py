"""What a run shows while it measures: a bar with the time that is left, and a line for each result."""

from __future__ import annotations

import datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from .request import Request
from .run import Run


def follow(run: Run, request: Request) -> bool:
    """Measure, with a bar and a line for each result. True when the user has stopped it."""
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    console.print(f"time of {_others(request)} as a multiple of {request.sides[0]}'s, and the spread of that")
    # The bar is drawn between workloads alone: a thread that draws would take its time from what is measured.
    bar = Progress(
        BarColumn(bar_width=16), TaskProgressColumn(), TextColumn("{task.fields[left]} {task.description}"),
        console=console, transient=True, auto_refresh=False, disable=not console.is_terminal,
    )  # fmt: skip
    interrupted = False
    parts = [""]
    with bar:
        job = bar.add_task("", total=None, left="")

        def told(spent: float, total: float, part: str, what: str) -> None:
            if part != parts[-1]:
                parts.append(part)
                if part and not console.is_terminal:  # a log has no bar
                    console.print(part)
            left = datetime.timedelta(seconds=round(total - spent))
            bar.update(job, completed=spent, total=total, left=left, description=f"{part} {what}"[:40], refresh=True)

        run.told = told
        try:
            for result in run:
                bar.console.print(_line(result))
        except KeyboardInterrupt:
            interrupted = True
    for refused in run.refused:
        console.print(f"not timed: {refused['workload']}: {refused['reason'].splitlines()[0]}")
    for reason in run.missing.values():
        console.print(f"left out: {reason}")
    if interrupted:
        console.print("interrupted")
    return interrupted


def _others(request: Request) -> str:
    return " and ".join(request.sides[1:])


def _line(result: dict[str, Any]) -> str:
    """At most 80 columns for the usual two sides."""
    name = result["component"].removeprefix("ops.")
    threads = f" ×{result['threads']}" if result["threads"] > 1 else ""
    direction = {"forward": "f", "forward + backward": "f+b", "step": "step"}[result["direction"]]
    ratios = "  ".join(
        f"{'' if side == 'scratch' else side + ' '}{r['value']:6.2f} ({r['low']:.2f} … {r['high']:.2f})"
        for side, r in result["ratios"].items()
    )
    return f"{name[:32]:<32} {result['size'][:14]:<14} {direction + threads:<7} {ratios}"
