"""Optimizers, by torch.optim."""
