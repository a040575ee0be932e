"""Kaiming."""

from torch.nn.init import kaiming_normal_, kaiming_uniform_

__all__ = ["kaiming_normal_", "kaiming_uniform_"]
