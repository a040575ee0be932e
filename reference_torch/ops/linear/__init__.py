"""The dense layer on a batch, in PyTorch."""
