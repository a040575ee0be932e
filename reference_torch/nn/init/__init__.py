"""Initializers, by torch.nn.init."""
