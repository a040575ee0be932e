"""Training in PyTorch: data in batches, the loop, what watches it, and checkpoints to go on from."""
