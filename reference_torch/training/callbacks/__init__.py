"""Callbacks in PyTorch."""
