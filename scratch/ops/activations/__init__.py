"""Activations: the bends between linear layers, and softmax, which turns scores into probabilities."""
