"""Augmentation: other images of the same things. What is random is an argument, so that both sides see the same."""
