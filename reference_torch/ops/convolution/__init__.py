"""Convolutions, by torch.nn.functional."""
