"""The dot product in plain Python, on lists.

    y = a · b = a[0] b[0] + a[1] b[1] + … + a[n-1] b[n-1]

It measures how much two lists agree: large when big numbers meet big numbers of the same sign, zero when the lists
have nothing to do with each other. A neuron is this and little more.

Backward. `dy` says how much the loss changes when y changes by one. Moving a[i] by one moves y by b[i], since a[i]
appears in one term and b[i] multiplies it there; moving b[i] by one moves y by a[i]. By the chain rule

    da[i] = dy · b[i]        db[i] = dy · a[i]

A product hands each factor the *other* factor: hence the cache keeps both lists.

PyTorch: torch.dot.
"""

from typing import NamedTuple

Vector = list[float]


class Cache(NamedTuple):
    """What backward needs to know of forward."""

    a: Vector  # n numbers
    b: Vector  # n numbers


def forward(a: Vector, b: Vector) -> tuple[float, Cache]:
    """a, b: n numbers each → y: one number; 0.0 for empty lists.

    Raises ValueError when the lists differ in length.
    """
    if len(a) != len(b):
        raise ValueError(f"a and b must have the same length; got a of length {len(a)} and b of length {len(b)}")
    y = 0.0
    for a_i, b_i in zip(a, b, strict=True):
        y += a_i * b_i
    return y, Cache(a, b)


def backward(dy: float, cache: Cache) -> tuple[Vector, Vector]:
    """dy: one number → da, db: n numbers each."""
    da = [dy * b_i for b_i in cache.b]
    db = [dy * a_i for a_i in cache.a]
    return da, db
