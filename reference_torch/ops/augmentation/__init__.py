"""Augmentation of batches of images, in PyTorch."""
