"""What users would pick instead, each in a file: the same perceptron, trained by another library.

A file has a class Network(parameters, momentum) with `step(x, target, learning_rate)`, which makes an update of SGD
with momentum and returns the loss before it, and `state_dict()`, as the projects have.
"""

from __future__ import annotations

import importlib
from typing import Any

PEERS = {  # name for people: file, what to install
    "autograd": ("hips_autograd", "autograd"),
    "tinygrad": ("tiny", "tinygrad"),
    "JAX": ("jax_cpu", "jax"),
    "scikit-learn": ("scikit_learn", "scikit-learn"),
}


class PeerMissing(Exception):
    """A library is not here; the message says how to get it."""


def load(name: str) -> Any:
    """The class Network of a peer. Raises PeerMissing."""
    file, package = PEERS[name]
    try:
        return importlib.import_module(f".{file}", __package__).Network
    except ImportError as error:
        raise PeerMissing(
            f"{name} is not installed: pip install {package}, or all of them: pip install 'nn-parity[peers]'"
        ) from error


def named(name: str) -> str:
    """The peer that is meant, whatever the case. Raises KeyError."""
    return {known.lower(): known for known in PEERS}[name.lower()]
