"""Regularization, in PyTorch."""
