"""The base of all optimizers, as PyTorch has it."""

from torch.optim import Optimizer

__all__ = ["Optimizer"]
