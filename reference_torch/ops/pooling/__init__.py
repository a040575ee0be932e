"""Pooling and other ways to make images smaller, larger or flat, by torch.nn.functional."""
