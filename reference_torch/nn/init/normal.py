"""Normal."""

from torch.nn.init import normal_

__all__ = ["normal_"]
