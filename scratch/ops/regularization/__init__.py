"""Regularization: what keeps a network from learning its training examples by heart."""
