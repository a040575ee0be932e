"""Sampling, in PyTorch."""
