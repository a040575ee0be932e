"""The same tree of components in idiomatic PyTorch."""
