"""Metrics in PyTorch."""
