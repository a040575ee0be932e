"""Tests that show: what `scratch/` computes in NumPy, PyTorch computes too."""
