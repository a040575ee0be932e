"""Average precision: one number for a ranking of detections, as COCO computes it.

    from the most confident detection to the least, after each:
        precision = right so far / detections so far        how much of what was said is true
        recall    = right so far / positives                how much of what is there was said

    y = mean over r = 0, 0.01, 0.02, …, 1 of  max { precision where recall ≥ r },  0 where no recall is that large

Every threshold of confidence gives one pair, and every detector trades one for the other; the average over 101 levels
of recall does not ask for a threshold. Precision zigzags: it falls with every false alarm and rises with every hit. The
maximum over all larger recalls makes stairs of it that only go down: who wants recall r may as well have more of it.

It rewards a *ranking*: false alarms cost nothing while their scores lie below those of all the hits.

(Pascal VOC 2007 took 11 levels, and VOC 2010 the exact area under the stairs. Close, but no number of COCO's.)

There is nothing to differentiate. Everything is computed in float64; the result has the dtype of the scores.

Source: Everingham et al. 2010 (VOC), Lin et al. 2014, arXiv:1405.0312 (COCO). pycocotools: COCOeval.accumulate.
"""

import numpy as np

from ...types import Array
from ._checks import require_scores

LEVELS = 101


def forward(scores: Array, matched: Array, *, positives: int) -> Array:
    """scores: (D,), matched: (D,) booleans, which detections are right; positives: how many objects there are → y: ().

    Where there are no objects, y is NaN; of detections with equal scores the first comes first.
    Raises ValueError for NaN among the scores, and where more are right than there are objects.
    """
    if matched.dtype.kind != "b":
        raise TypeError(f"matched must be booleans; got {matched.dtype}")
    require_scores(scores, matched)
    if scores.ndim != 1:
        raise ValueError(f"scores must be (D,), one for each detection; got {scores.shape}")
    right = int(matched.sum())
    if positives < right:
        raise ValueError(f"positives must be as many as are matched at least; got {positives} for {right} matched")
    if positives == 0:
        return np.full_like(scores, np.nan, shape=())
    order = (-scores).argsort(kind="stable")
    hits = np.cumsum(matched[order], dtype=np.float64)
    recall = hits / positives
    precision = hits / np.arange(1, len(scores) + 1, like=scores)
    stairs = np.maximum.accumulate(precision[::-1])[::-1]
    levels = np.arange(LEVELS, like=scores) * (1 / (LEVELS - 1))
    first = np.searchsorted(recall, levels, side="left")  # the first place where recall ≥ level
    reached = first[first < len(scores)]
    return np.full_like(scores, stairs[reached].sum() / LEVELS, shape=())
