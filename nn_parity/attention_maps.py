"""Attention maps: a picture for each head of each block, dark where a character looks at another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .data.dataset import Array


def draw(maps: Sequence[Array], text: str, file: Path) -> None:
    """maps: for each block (H, T, T), the weights of T characters; text: these characters."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # draws into files, needs no screen
    from matplotlib.figure import Figure

    heads, length = maps[0].shape[:2]
    shown = [{"\n": "↵", " ": "␣"}.get(character, character) for character in text]
    figure = Figure(figsize=(2.6 * heads, 2.75 * len(maps)), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(maps), heads, squeeze=False)
    figure.suptitle("each row: what a character looks at", fontsize=11)
    for block, row in enumerate(panels):
        for head, panel in enumerate(row):
            panel.imshow(maps[block][head], cmap="Blues", vmin=0, vmax=1)
            panel.set_title(f"block {block}, head {head}", fontsize=8)
            panel.set_xticks(range(length), shown, fontsize=5 if length > 16 else 7)
            panel.set_yticks(range(length), shown, fontsize=5 if length > 16 else 7)
            panel.tick_params(length=0)
    figure.savefig(file, dpi=120)
