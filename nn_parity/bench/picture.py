"""The summary of a run as one picture: every component a dot, left of the line where NumPy is faster than PyTorch."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from html import escape
from typing import Any

from .programs import SCRATCH
from .workloads import BOTH, FORWARD

WIDTH, LEFT, TOP, LINE = 760, 150, 46, 22
ENDS = (1 / 16, 16.0)
KINDS = ("small", "medium", "large", "step")
STYLE = """text{font:12px system-ui,sans-serif;fill:#333}.dim{fill:#777}.axis{stroke:#bbb}.one{stroke:#333}
.ground{fill:#fff}.small{fill:#7db9ea}.medium{fill:#2f7cc4}.large{fill:#0f3460}.step{fill:#d9730d}@media(prefers-color-scheme:dark){text{fill:#ddd}.dim{fill:#999}.axis{stroke:#444}.one{stroke:#ddd}
.ground{fill:#14171c}.small{fill:#2c5f8f}.medium{fill:#5aa5e8}.large{fill:#cfe6fb}}"""


def picture(run: Mapping[str, Any]) -> str:
    """An SVG with light and dark colours."""
    families = _families(run)
    height = TOP + LINE * len(families) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
        f'<style>{STYLE}</style><rect class="ground" width="100%" height="100%"/>',
        f'<text x="{LEFT}" y="16">Time as a multiple of PyTorch\'s, one thread, forward and backward</text>',
    ]
    x = LEFT
    for label in KINDS:
        text = "training step" if label == "step" else label
        parts.append(f'<circle cx="{x + 5}" cy="30" r="4" class="{label}"/><text x="{x + 13}" y="34">{text}</text>')
        x += 30 + 7 * len(text)
    bottom = TOP + LINE * len(families)
    for power in range(-4, 5):
        at = _across(2.0**power)
        parts.append(f'<line class="{"one" if not power else "axis"}" x1="{at}" x2="{at}" y1="{TOP}" y2="{bottom}"/>')
        label = f"{2**power:g}" if power >= 0 else f"1/{2**-power}"
        parts.append(f'<text x="{at}" y="{bottom + 15}" text-anchor="middle">{label}</text>')
    parts.append(f'<text class="dim" x="{_across(1) - 12}" y="{bottom + 32}" text-anchor="end">NumPy is faster</text>')
    parts.append(f'<text class="dim" x="{_across(1) + 12}" y="{bottom + 32}">PyTorch is faster</text>')
    for number, (family, dots) in enumerate(families.items()):
        y = TOP + LINE * number + LINE / 2
        parts.append(f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(family)}</text>')
        parts += [
            f'<circle cx="{_across(ratio)}" cy="{y + shift:.1f}" r="3.5" class="{kind}" fill-opacity="0.8">'
            f"<title>{escape(title)}: {ratio:.2f}</title></circle>"
            for title, kind, ratio, shift in dots
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _across(ratio: float) -> float:
    low, high = map(math.log, ENDS)
    share = (math.log(min(max(ratio, ENDS[0]), ENDS[1])) - low) / (high - low)
    return round(LEFT + (WIDTH - LEFT - 16) * share, 1)


def _families(run: Mapping[str, Any]) -> dict[str, list[tuple[str, str, float, float]]]:
    """Dots by family, in the order of the lessons: title, kind, ratio, a little up or down by kind."""
    both = {r["component"] for r in run["results"] if r["direction"] == BOTH}
    found: dict[str, list[tuple[str, str, float, float]]] = defaultdict(list)
    for r in sorted(run["results"], key=lambda r: r["lesson"]):
        step = r["component"].startswith("projects.")
        kind = "step" if step else r["size"]
        side_line = r["direction"] == FORWARD and r["component"] in both
        if r["threads"] > 1 or kind not in KINDS or side_line or r["size"] == "epoch" or SCRATCH not in r["ratios"]:
            continue
        parts = r["component"].split(".")
        family = parts[1] if parts[0] == "ops" else parts[0]
        shift = {"small": -5.0, "medium": 0.0, "large": 5.0, "step": 0.0}[kind]
        found[family].append((f"{r['title']}, {r['size']}", kind, r["ratios"][SCRATCH]["value"], shift))
    return found
