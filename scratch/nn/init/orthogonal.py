"""Orthogonal initialization: a random rotation, which changes no length at all.

    A: (rows, columns), standard normal        Q R = A        tensor ← gain · Q · sign(diag R)

Xavier and Kaiming keep the length of a signal on average; after many layers a product of random matrices has stretched
some directions and squashed most. A product of rotations is a rotation: WᵀW = I (for more columns than rows WWᵀ = I),
so |W x| = |x| for every x, through any number of layers, and the same holds for the gradient.

The QR decomposition makes the columns of A orthonormal, one after the other (Gram-Schmidt). It leaves the sign of each
column open. The library takes any; choosing it such that the diagonal of R is positive makes Q unique, and uniformly
distributed over all rotations and reflections (Mezzadri). A weight with fewer rows than columns is decomposed the
other way round, a convolution's (out, in, *kernel) is taken as a matrix (out, in · kernel).

Source: Saxe, McClelland & Ganguli 2014, arXiv:1312.6120; Mezzadri 2007, arXiv:math-ph/0609050.
PyTorch: torch.nn.init.orthogonal_.
"""

import math

import numpy as np

from ...autograd.tensor import Tensor
from ._draw import Generator, fill, normal_numbers


def orthogonal_(tensor: Tensor, gain: float = 1.0, generator: Generator = None) -> Tensor:
    """Fill a weight (out, in, *kernel). Raises ValueError for fewer than two axes."""
    if tensor.ndim < 2:
        raise ValueError(f"orthogonal_ needs a weight (out, in, *kernel), two axes at least; got {tensor.shape}")
    if not tensor.size:
        return tensor
    rows = tensor.shape[0]
    normal = normal_numbers(tensor, generator).reshape(rows, math.prod(tensor.shape[1:]))
    wide = rows < normal.shape[1]
    q, r = np.linalg.qr(normal.T if wide else normal)
    q = q * np.sign(np.diag(r))
    return fill(tensor, gain * (q.T if wide else q).reshape(tensor.shape))
