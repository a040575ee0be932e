"""The loss of YOLO: is there an object, where exactly, and what is it.

The network says 5 + C numbers for each anchor at each cell: tx ty tw th, one logit for "here is the centre of an
object", and C logits for its class. `yolo_encode` says who has to find what; then, over the K anchors that have a box:

    box     = Σ 1 - GIoU(yolo_decode(tx ty tw th), box)        places and sizes
    class   = Σ cross_entropy(class logits, label)             names
    object  = Σ bce(logit, 1)
    nothing = Σ bce(logit, 0)                                  over all the other anchors
    y = (box_weight · box + class_weight · class + object + nothing_weight · nothing) / max(K, 1)

Boxes and names are learnt only where there is something: elsewhere they are free to be anything. Most cells see nothing
at all, so `nothing` has many terms, of which nothing_weight takes some force. Divided by the number of objects, the
loss of a picture with many of them counts no more; a batch without any still teaches to say so.

Backward. Every part is an op of its own, so forward is a composition: the weight of each part, over max(K, 1), is the
gradient that its sum receives, and what its backward returns goes to the channels it came from. The places where boxes
and names were picked out get those gradients, and all other places 0. Boxes, labels and anchors are given: no gradient.

Source: Redmon et al. 2016, arXiv:1506.02640; Redmon & Farhadi 2018, "YOLOv3", arXiv:1804.02767 (logits for "here");
the boxes by GIoU: Rezatofighi et al. 2019, arXiv:1902.09630.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ..losses import binary_cross_entropy_with_logits, cross_entropy
from . import generalized_box_iou_loss, yolo_decode, yolo_encode
from ._checks import require_floating


class Cache(NamedTuple):
    shape: tuple[int, ...]  # of (N, A, 5 + C, rows, columns)
    found: tuple[Array, ...]  # image, anchor, row, column of the K anchors with a box: (K,) each
    decode: yolo_decode.Cache
    box: generalized_box_iou_loss.Cache
    name: cross_entropy.Cache
    presence: binary_cross_entropy_with_logits.Cache
    box_share: float  # box_weight / max(K, 1)
    class_share: float
    share: float  # 1 / max(K, 1)


def forward(
    prediction: Array,
    boxes: Array,
    labels: Array,
    anchors: Array,
    *,
    stride: float,
    box_weight: float = 1.0,
    class_weight: float = 1.0,
    nothing_weight: float = 0.5,
) -> tuple[Array, Cache]:
    """prediction: (N, A · (5 + C), rows, columns); boxes: (N, M, 4), xyxy; labels: (N, M), -1 where there is no box.

    anchors: (A, 2) → y: (). Raises ValueError as `yolo_encode` does, and for a label that is not below C.
    """
    split = _split(prediction, boxes, anchors)  # (N, A, 5 + C, rows, columns)
    owner = yolo_encode.forward(boxes, labels, anchors, grid=prediction.shape[2:], stride=stride)
    found = image, anchor, row, column = np.nonzero(owner >= 0)
    members = owner[found]

    decoded, cache_decode = yolo_decode.forward(split[:, :, :4], anchors, stride=stride)
    box, cache_box = generalized_box_iou_loss.forward(decoded[found], boxes[image, members], reduction="sum")
    names = split[image, anchor, 5:, row, column]  # (K, C)
    name, cache_name = cross_entropy.forward(names, labels[image, members], reduction="sum")
    present = (owner >= 0).astype(split.dtype)
    weight = np.where(owner >= 0, 1, nothing_weight).astype(split.dtype)
    presence, cache_presence = binary_cross_entropy_with_logits.forward(
        split[:, :, 4], present, weight, reduction="sum"
    )
    share = 1 / max(len(members), 1)
    y = (box_weight * box + class_weight * name + presence) * share
    return y, Cache(
        split.shape, found, cache_decode, cache_box, cache_name, cache_presence,
        box_weight * share, class_weight * share, share,
    )  # fmt: skip


def backward(dy: Array, cache: Cache) -> tuple[Array, None, None, None]:
    """dy: () → dprediction: (N, A · (5 + C), rows, columns); None for boxes, labels and anchors."""
    image, anchor, row, column = cache.found
    dprediction = np.zeros_like(dy, shape=cache.shape)
    dfound, _ = generalized_box_iou_loss.backward(dy * cache.box_share, cache.box)  # (K, 4)
    n, a, channels, rows, columns = cache.shape
    dboxes = np.zeros_like(dy, shape=(n, a, rows, columns, 4))
    dboxes[cache.found] = dfound
    dprediction[:, :, :4], _ = yolo_decode.backward(dboxes, cache.decode)
    dprediction[:, :, 4], *_ = binary_cross_entropy_with_logits.backward(dy * cache.share, cache.presence)
    dnames, *_ = cross_entropy.backward(dy * cache.class_share, cache.name)  # (K, C)
    dprediction[image, anchor, 5:, row, column] = dnames
    return dprediction.reshape(n, a * channels, rows, columns), None, None, None


def _split(prediction: Array, boxes: Array, anchors: Array) -> Array:
    """(N, A · (5 + C), rows, columns) → (N, A, 5 + C, rows, columns). Raises unless there is a class at least."""
    require_floating("prediction", prediction)
    count = len(anchors)
    channels = prediction.shape[1] if prediction.ndim == 4 else 0
    if not count or channels % count or channels // count < 6 or len(boxes) != len(prediction):
        raise ValueError(
            f"prediction must be (N, A · (5 + C), rows, columns), one class at least, with the N of boxes and the A of "
            f"anchors; got prediction {prediction.shape}, boxes {boxes.shape}, anchors {anchors.shape}"
        )
    n, _, rows, columns = prediction.shape
    return prediction.reshape(n, count, channels // count, rows, columns)
