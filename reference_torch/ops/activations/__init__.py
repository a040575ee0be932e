"""Activations, in PyTorch."""
