"""Skip-gram with negative sampling: the log of a sigmoid for the neighbour, and for every negative."""

import torch
import torch.nn.functional as F
from torch import Tensor


def forward(
    center: Tensor,
    context: Tensor,
    negatives: Tensor,
    center_weight: Tensor,
    context_weight: Tensor,
    *,
    reduction: str = "mean",
) -> Tensor:
    """center, context: (N,), negatives: (N, K), center_weight, context_weight: (V, D) → y: (), or (N,) for "none"."""
    if center_weight.shape != context_weight.shape or center_weight.dtype != context_weight.dtype:
        raise ValueError("both tables must have one shape and one dtype")
    if center.ndim != 1 or context.shape != center.shape or negatives.shape[:-1] != center.shape:
        raise ValueError("center and context must be (N,), negatives (N, K)")
    u = F.embedding(center, center_weight)
    near = torch.linalg.vecdot(F.embedding(context, context_weight), u)  # (N,)
    far = torch.linalg.vecdot(F.embedding(negatives, context_weight), u[:, None])  # (N, K)
    losses = -F.logsigmoid(near) - F.logsigmoid(-far).sum(dim=1)
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"unknown reduction {reduction}")
    return losses if reduction == "none" else getattr(losses, reduction)()
