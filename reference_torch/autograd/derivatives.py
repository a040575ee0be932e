"""Derivatives of functions on tensors."""

from torch.autograd import grad
from torch.autograd.functional import hessian, hvp, jacobian, vjp

__all__ = ["grad", "hessian", "hvp", "jacobian", "vjp"]
