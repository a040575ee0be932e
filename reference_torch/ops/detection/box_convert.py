"""The three ways to write a box."""

import torch
from torch import Tensor

from ._checks import boxes_like, require


def forward(boxes: Tensor, *, in_fmt: str, out_fmt: str) -> Tensor:
    """boxes: (N, 4) → (N, 4)."""
    boxes_like(boxes)
    require({in_fmt, out_fmt} <= {"xyxy", "xywh", "cxcywh"}, "formats are xyxy, xywh and cxcywh")
    if in_fmt == out_fmt:
        return boxes.clone()
    a, b = boxes.split(2, dim=1)
    low, high = {"xyxy": lambda: (a, b), "xywh": lambda: (a, a + b), "cxcywh": lambda: (a - b / 2, a + b / 2)}[in_fmt]()
    if in_fmt != "xyxy" and out_fmt != "xyxy":  # between the two with a size: it stays
        return torch.cat((low if out_fmt == "xywh" else a + b / 2, b), dim=1)
    if out_fmt == "xyxy":
        return torch.cat((low, high), dim=1)
    return torch.cat((low if out_fmt == "xywh" else (low + high) / 2, high - low), dim=1)
