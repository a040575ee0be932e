"""Recording, switched off and on."""

from torch import enable_grad, no_grad

__all__ = ["enable_grad", "no_grad"]
