"""The loss of YOLO: is there an object, where exactly, and what is it."""

import torch
import torch.nn.functional as F
from torch import Tensor

from . import generalized_box_iou_loss, yolo_decode, yolo_encode
from ._checks import require


def forward(
    prediction: Tensor,
    boxes: Tensor,
    labels: Tensor,
    anchors: Tensor,
    *,
    stride: float,
    box_weight: float = 1.0,
    class_weight: float = 1.0,
    nothing_weight: float = 0.5,
) -> Tensor:
    """prediction: (N, A · (5 + C), rows, columns), boxes: (N, M, 4), labels: (N, M), anchors: (A, 2) → ()."""
    require(prediction.ndim == 4 and len(prediction) == len(boxes), "(N, A · (5 + C), rows, columns)")
    boxes, anchors = boxes.detach(), anchors.detach()
    owner = yolo_encode.forward(boxes, labels, anchors, grid=tuple(prediction.shape[2:]), stride=stride)
    said = prediction.unflatten(1, (len(anchors), -1))
    require(said.shape[2] > 5, "there must be a class")
    someone = owner >= 0
    image = torch.nonzero(someone)[:, 0]
    member = owner[someone]

    decoded = yolo_decode.forward(said[:, :, :4], anchors, stride=stride)[someone]
    box = generalized_box_iou_loss.forward(decoded, boxes[image, member], reduction="sum")
    name = F.cross_entropy(said[:, :, 5:].movedim(2, -1)[someone], labels[image, member], reduction="sum")
    presence = F.binary_cross_entropy_with_logits(said[:, :, 4], someone.to(said.dtype), reduction="none")
    presence = presence[someone].sum() + nothing_weight * presence[~someone].sum()
    return (box_weight * box + class_weight * name + presence) / max(len(member), 1)
