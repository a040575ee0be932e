"""Layers, by torch.nn."""
