"""Xavier."""

from torch.nn.init import xavier_normal_, xavier_uniform_

__all__ = ["xavier_normal_", "xavier_uniform_"]
