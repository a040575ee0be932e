"""Optimizers: one a file."""
