"""Whole networks, differentiated and checked by torch.autograd."""
