"""Object detection, in PyTorch."""
