"""A page and tables made of runs. Everything on the page is in the page: no network, no other file."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import charts, compare, growth
from .picture import picture
from .programs import SCRATCH
from .roofline import Roofline
from .workloads import BOTH, FORWARD, STEP

Found = Mapping[str, Any]
Runs = Sequence[tuple[str, Found]]

STRONGEST = 3.0  # log2 of a ratio at which a colour is full: eight times
ALLOWED = 0.1  # changes smaller than that are not worth a line
NAMED = ("small", "medium", "large")


def page(runs: Runs) -> str:
    """The HTML page."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader(__package__), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(seconds=charts.seconds, quantity=charts.quantity, size=charts.size, number=number)
    environment.globals.update(colour=colour)
    return environment.get_template("report.html.j2").render(
        runs=[_about(name, run) for name, run in runs],
        heat=_heat(runs),
        columns=_heat_columns(runs),
        steps=_steps(runs),
        curves=_curves(runs[0][1]),
        sides=_sides(runs),
        memory=_memory(runs),
        rows=_rows(runs),
        changes=_changes(runs),
    )


def _about(name: str, run: Found) -> dict[str, Any]:
    return {
        "name": name,
        **{key: run.get(key) for key in ("set", "started", "seconds", "clock", "machine", "rooflines", "refused")},
        "missing": sorted(set(run.get("missing", {}).values())),
        "spread": compare.spread(run),
        "neighbours": compare.neighbours(run).removeprefix("neighbours: "),
        "tf32": run.get("tf32"),
        "summary": summary(run),
        "roofs": {count: _roof(run, int(count), Roofline(**roof)) for count, roof in run["rooflines"].items()},
    }


def summary(run: Found) -> list[dict[str, Any]]:
    """Geometric means of the ratios, by size: of components in their main direction, of training steps."""
    found = []
    for side, threads in _pairs(run):
        results = [r for r in run["results"] if r["threads"] == threads and side in r["ratios"] and not r["over"]]
        groups = {f"components, {size}": [r for r in _main(results) if r["size"] == size] for size in NAMED}
        groups["training steps"] = [r for r in results if _is_step(r)]
        for label, some in groups.items():
            if some:
                ratios = [r["ratios"][side]["value"] for r in some]
                found.append({
                    "side": side, "base": some[0]["base"], "threads": threads, "what": label, "count": len(some),
                    "mean": math.exp(statistics.fmean(map(math.log, ratios))),
                    "faster": sum(r < 1 for r in ratios),
                })  # fmt: skip
    return found


def _pairs(run: Found) -> list[tuple[str, int]]:
    """What is compared with the base, on how many threads; other libraries have a table of their own."""
    seen = {(s, r["threads"]): None for r in run["results"] if r["component"] != "peers.mlp_step" for s in r["ratios"]}
    return list(seen)


def _main(results: Iterable[Found]) -> list[Found]:
    """Each workload in its main direction: with backward where there is one."""
    kept = [r for r in results if not r["component"].startswith(("projects.", "peers."))]
    both = {r["component"] for r in kept if r["direction"] == BOTH}
    return [r for r in kept if r["direction"] != FORWARD or r["component"] not in both]


def _is_step(result: Found) -> bool:
    name, size = str(result["component"]), str(result["size"])
    return bool(result["direction"] == STEP) and name.startswith("projects.") and size != "epoch"


def _heat_columns(runs: Runs) -> list[dict[str, Any]]:
    """(run, side, threads, size) in order."""
    return [
        {"run": number, "name": name, "side": side, "threads": threads, "size": size}
        for number, (name, run) in enumerate(runs)
        for side, threads in _pairs(run)
        for size in NAMED
        if any(r["size"] == size and r["threads"] == threads and side in r["ratios"] for r in run["results"])
    ]


def _heat(runs: Runs) -> list[dict[str, Any]]:
    """A line for each component: its ratio in each column, None where there is none."""
    columns = _heat_columns(runs)
    lines: dict[str, dict[str, Any]] = {}
    for number, (_, run) in enumerate(runs):
        for r in _main(r for r in run["results"] if not r["over"]):
            line = lines.setdefault(
                r["component"],
                {
                    "component": r["component"],
                    "title": r["title"],
                    "lesson": r["lesson"],
                    "cells": [None] * len(columns),
                },
            )
            for place, column in enumerate(columns):
                same = (number, r["threads"], r["size"]) == (column["run"], column["threads"], column["size"])
                if same and column["side"] in r["ratios"]:
                    line["cells"][place] = r["ratios"][column["side"]]
    return sorted(lines.values(), key=lambda line: line["lesson"])


def _steps(runs: Runs) -> list[dict[str, Any]]:
    """Training steps, an epoch, other libraries: a line for each side that is not the base."""
    return [
        {**r, "run": name, "side": side, "ratio": ratio, "time": r["sides"][side], "base_time": r["sides"][r["base"]]}
        for name, run in runs
        for r in run["results"]
        if r["direction"] == STEP and r["component"].startswith(("projects.", "peers."))
        for side, ratio in r["ratios"].items()
    ]


def _sides(runs: Runs) -> list[str]:
    """The names in the order of their colours."""
    return list({side: None for _, run in runs for r in run["results"] for side in r["sides"]})


def _curves(run: Found) -> list[dict[str, Any]]:
    """Time over size for every component with two sizes or more, on one thread."""
    groups: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for r in _main(r for r in run["results"] if r["threads"] == 1):
        groups[r["component"], r["over"] or "elements"].append(r)
    found = []
    for (component, over), results in groups.items():
        at = [r["at"] for r in results]
        if len(set(at)) < 2:
            continue
        sides = {side: [(r["at"], r["sides"][side]["median"]) for r in results] for side in results[0]["sides"]}
        ratios = [r["ratios"].get(SCRATCH, {"value": 1.0})["value"] for r in results]
        crossings = growth.crossings(at, ratios)
        exponents = {s: growth.exponent([x for x, _ in line], [y for _, y in line]) for s, line in sides.items()}
        found.append({
            "component": component, "title": results[0]["title"], "lesson": results[0]["lesson"], "over": over,
            "svg": charts.curves(sides, over, crossings), "exponents": exponents, "crossings": crossings,
        })  # fmt: skip
    return sorted(found, key=lambda curve: curve["lesson"])


def _roof(run: Found, threads: int, roof: Roofline) -> dict[str, Any]:
    sides = _sides([("", run)])
    points = [
        (
            f"{r['component']} · {r['size']} · {side}: "
            f"{charts.quantity(r['operations'] / time['median'])} operations/s, "
            f"{roof.share(r['operations'], r['bytes'], time['median']):.0%} of what the machine can do",
            sides.index(side),
            r["operations"] / r["bytes"],
            r["operations"] / time["median"],
        )
        for r in run["results"]
        if r["threads"] == threads and r["operations"] and r["bytes"] and not r["over"]
        for side, time in r["sides"].items()
    ]
    svg = charts.roof(points, roof.flops, roof.bandwidth) if points else ""
    return {"flops": roof.flops, "bandwidth": roof.bandwidth, "svg": svg}


def _memory(runs: Runs) -> list[dict[str, Any]]:
    return [
        {
            **r,
            "run": name,
            "peaks": {side: time["peak_bytes"] for side, time in r["sides"].items() if "peak_bytes" in time},
        }
        for name, run in runs
        for r in run["results"]
        if r["threads"] == 1 and any("peak_bytes" in time for time in r["sides"].values())
    ]


def _rows(runs: Runs) -> list[dict[str, Any]]:
    """Everything, a line for each workload and side."""
    found = []
    for name, run in runs:
        roofs = {int(count): Roofline(**roof) for count, roof in run["rooflines"].items()}
        for r in run["results"]:
            for side, time in r["sides"].items():
                roof = roofs.get(r["threads"])
                share = roof.share(r["operations"], r["bytes"], time["median"]) if roof else None
                found.append({
                    **r, "run": name, "side": side, "time": time, "ratio": r["ratios"].get(side), "share": share,
                    "rate": r["operations"] / time["median"],
                })  # fmt: skip
    return found


def _changes(runs: Runs) -> list[dict[str, Any]]:
    """From the first run to each other: what has changed for certain."""
    found = []
    for name, run in runs[1:]:
        all_changes = compare.changes(runs[0][1], run)
        worth = [c for c in all_changes if c.certain and abs(math.log(c.factor)) > math.log(1 + ALLOWED)]
        found.append({"before": runs[0][0], "after": name, "compared": len(all_changes), "changes": worth})
    return found


def colour(ratio: float) -> str:
    """Blue where our side is faster, orange where it is slower, the stronger the more. It lies over any background."""
    strength = min(abs(math.log2(ratio)) / STRONGEST, 1.0) * 0.75
    return f"rgba({'40,120,230' if ratio < 1 else '235,110,20'},{strength:.2f})"


def number(value: float) -> str:
    """A ratio, with the digits that it has."""
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def markdown(runs: Runs) -> str:
    """The same figures as tables in Markdown."""
    lines = ["# Speed beside PyTorch", ""]
    for name, run in runs:
        about = run["machine"]
        versions = ", ".join(f"{what} {version}" for what, version in about["versions"].items())
        lines += [f"**{name}**: {about['processor']}, {about['cores']} cores; {versions}; {about['blas']}; "
                  f"{run['started'][:10]}, set `{run['set']}`; {compare.spread(run)}.", ""]  # fmt: skip
        lines += ["| | threads | workloads | faster than PyTorch | time / PyTorch, geometric mean |",
                  "|---|---:|---:|---:|---:|"]  # fmt: skip
        lines += [
            f"| {s['what']} ({s['side']}) | {s['threads']} | {s['count']} | {s['faster']} | {number(s['mean'])} |"
            for s in summary(run)
        ]
        lines.append("")
    columns = _heat_columns(runs)
    if columns:
        heads = [f"{c['size']}" + (f" ×{c['threads']}" if c["threads"] > 1 else "")
                 + (f" {c['name']}" if len(runs) > 1 else "") + (f" {c['side']}" if c["side"] != SCRATCH else "")
                 for c in columns]  # fmt: skip
        lines += ["Time as a multiple of PyTorch's, median and 95 % interval; forward and backward where there is one.",
                  "", f"| component | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}"]  # fmt: skip
        for line in _heat(runs):
            cells = [f"{number(c['value'])} ({number(c['low'])} … {number(c['high'])})" if c else ""
                     for c in line["cells"]]  # fmt: skip
            lines.append(f"| `{line['component']}` | {' | '.join(cells)} |")
        lines.append("")
    steps = _steps(runs)
    if steps:
        lines += ["| training | side | threads | time | PyTorch | ratio |", "|---|---|---:|---:|---:|---:|"]
        lines += [
            f"| `{s['component']}` {s['size']} | {s['side']} | {s['threads']} | {charts.seconds(s['time']['median'])} "
            f"| {charts.seconds(s['base_time']['median'])} "
            f"| {number(s['ratio']['value'])} ({number(s['ratio']['low'])} … {number(s['ratio']['high'])}) |"
            for s in steps
        ]
    return "\n".join(lines).rstrip() + "\n"


__all__ = ["markdown", "page", "picture", "summary"]
