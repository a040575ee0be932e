"""Convolutions: one small kernel, laid on every place of a signal or an image."""
