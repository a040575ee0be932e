"""Grad-CAM and activation maps, on a network small enough to be computed by hand."""

import numpy as np

from nn_parity import looking
from scratch import nn


def by_hand() -> nn.Sequential:
    """Two maps, x and -x; the logits of the answers are the sum of the first and twice the sum of the second."""
    network = nn.Sequential(nn.Conv2d(1, 2, 1, bias=False), nn.Flatten(), nn.Linear(8, 2, bias=False))
    network.load_state_dict(
        {"0.weight": np.array([1, -1]).reshape(2, 1, 1, 1), "2.weight": np.repeat([[1, 0], [0, 2]], 4, axis=1)}
    )
    return network


X = np.array([[1, -2], [3, 0]], np.float32)[None, None]


def test_maps_are_what_the_layer_gives() -> None:
    network = by_hand()
    assert np.array_equal(looking.activations(network, network[0], X)[0], [X[0, 0], -X[0, 0]])


def test_the_evidence_is_where_channels_that_speak_for_the_answer_are_active() -> None:
    network = by_hand()
    assert np.array_equal(looking.grad_cam(network, network[0], X, 0), np.maximum(X[0, 0], 0))
    assert np.array_equal(looking.grad_cam(network, network[0], X, 1), 2 * np.maximum(-X[0, 0], 0))
