"""The loss of word2vec: skip-gram with negative sampling.

A word is known by the company it keeps. So a vector u for the word in the centre is to tell which words stand near it:
its dot product with v, the vector of a neighbour, is to be large. Every word has two vectors, a row of each table: u
when it is in the centre, v when it is in the context.

    loss = - log σ(v_context · u) - Σ_k log σ(- v_negative[k] · u)        u = center_weight[center], v in context_weight

A softmax over the vocabulary would compare the neighbour with every other word. Here it is compared with K words drawn
at random, the negatives, and each comparison is a yes-or-no question: was this word really there? The negatives are
drawn outside, by how frequent words are to the power of 3/4, and passed in: the op has no random numbers of its own.

With the margin m = +score for the neighbour and -score for a negative, every term is -log σ(m) = softplus(-m), computed
as max(-m, 0) + log(1 + e^-|m|), whose exponent is never positive: nothing overflows.

Backward. Of pair n we know dloss, and forward was, from its end:

    loss  = Σ_k softplus(-m_k)        dm_k = - dloss · σ(-m_k)
    m_k   = ± v_k · u                 ds_k = ± dm_k
    s_k   = v_k · u                   du = Σ_k ds_k v_k,  dv_k = ds_k u
    u, v  = rows of the tables        dcenter_weight, dcontext_weight: each row the sum over the places that read it

A word occurs many times in a batch, as a centre, as a neighbour and as a negative, sometimes as all of these in one
pair, and all of its gradients are added: ops.embedding.embedding shows how.

Source: Mikolov, Sutskever, Chen, Corrado & Dean 2013, arXiv:1310.4546. PyTorch has no function for it.
"""

from typing import NamedTuple

import numpy as np

from ...types import Array
from ..losses._reduction import reduce, reduce_backward
from . import embedding
from ._checks import require_tables, require_words


class Cache(NamedTuple):
    u: Array  # (N, D)
    v: Array  # (N, 1 + K, D): the neighbour, then the negatives
    margin: Array  # (N, 1 + K)
    of_center: embedding.Cache
    of_context: embedding.Cache
    reduction: str


def forward(
    center: Array,
    context: Array,
    negatives: Array,
    center_weight: Array,
    context_weight: Array,
    *,
    reduction: str = "mean",
) -> tuple[Array, Cache]:
    """center, context: (N,), negatives: (N, K) word numbers, center_weight, context_weight: (V, D) → y: (), or (N,).

    Raises ValueError for shapes that do not fit and for words that a table does not have, TypeError for word numbers
    that are not whole and for tables that are not floating-point, or not of one dtype.
    """
    require_tables(center_weight, context_weight)
    require_words(center, context, negatives, words=center_weight.shape[0])
    u, of_center = embedding.forward(center, center_weight)
    candidates = np.concatenate([context[:, None], negatives], axis=1)  # (N, 1 + K)
    v, of_context = embedding.forward(candidates, context_weight)
    margin = -(v @ u[:, :, None])[:, :, 0]
    margin[:, 0] *= -1
    losses = (np.maximum(-margin, 0) + np.log1p(np.exp(-np.abs(margin)))).sum(axis=1)
    return reduce(losses, reduction, losses.size), Cache(u, v, margin, of_center, of_context, reduction)


def backward(dy: Array, cache: Cache) -> tuple[None, None, None, Array, Array]:
    """dy: shape of y → None for the word numbers, dcenter_weight, dcontext_weight: (V, D)."""
    u, v, margin, of_center, of_context, reduction = cache
    dloss = reduce_backward(dy, reduction, margin.shape[0])
    if reduction == "none":
        dloss = dloss[:, None]
    surprise = np.exp(np.minimum(-margin, 0)) / (1 + np.exp(-np.abs(margin)))  # σ(-m)
    dscore = dloss * surprise  # (N, 1 + K)
    dscore[:, 0] *= -1
    du = (dscore[:, None, :] @ v)[:, 0, :]
    dv = dscore[:, :, None] * u[:, None, :]
    _, dcenter_weight = embedding.backward(du, of_center)
    _, dcontext_weight = embedding.backward(dv, of_context)
    return None, None, None, dcenter_weight, dcontext_weight
