"""Normalizations, by torch.nn.functional."""
