"""An engine for reverse-mode automatic differentiation, from one file (`value`) to derivatives of any order."""

from . import tape  # before the others: they import one another, and all of them start from it
from ._draw import draw_dot, draw_svg
from .arithmetic import add, divide, multiply, negative, pow, subtract
from .bridge import differentiable
from .choices import clip, maximum, minimum, where
from .derivatives import grad, hessian, hvp, jacobian, vjp
from .einsum import einsum
from .functions import abs, exp, log, sqrt, tanh
from .linear_algebra import matmul
from .reductions import amax, amin, cumsum, max, mean, min, sum, var
from .shapes import concatenate, expand, pad, permute, reshape, stack, transpose
from .tape import enable_grad, no_grad
from .tensor import Tensor
from .value import Value

__all__ = [
    "Tensor", "Value", "abs", "add", "amax", "amin", "clip", "concatenate", "cumsum", "differentiable", "divide",
    "draw_dot", "draw_svg", "einsum", "enable_grad", "exp", "expand", "grad", "hessian", "hvp", "jacobian", "log",
    "matmul", "max", "maximum", "mean", "min", "minimum", "multiply", "negative", "no_grad", "pad", "permute",
    "pow", "reshape", "sqrt", "stack", "subtract", "sum", "tanh", "tape", "transpose", "var", "vjp", "where",
]  # fmt: skip
