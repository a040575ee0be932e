"""ReLU in C, through ctypes: see relu.c. RELU_LIBRARY names the compiled library (default: ./librelu.so)."""

import ctypes
import os

import numpy as np

LIBRARY = ctypes.CDLL(os.path.abspath(os.environ.get("RELU_LIBRARY", "librelu.so")))
SUFFIX = {np.dtype(np.float32): "f32", np.dtype(np.float64): "f64"}


def call(name, *arrays):
    """One result of the shape of the first array. C wants the elements side by side."""
    arrays = [np.ascontiguousarray(a) for a in arrays]
    result = np.empty_like(arrays[0])
    pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (*arrays, result)]
    getattr(LIBRARY, f"relu_{name}_{SUFFIX[result.dtype]}")(*pointers, ctypes.c_size_t(result.size))
    return result


def forward(x):
    """x: any shape → y: the same shape."""
    if x.dtype not in SUFFIX:
        raise TypeError(f"x must be floating-point; got {x.dtype}")
    y = call("forward", x).reshape(x.shape)
    return y, y


def backward(dy, y):
    """dy: any shape → dx: the same shape."""
    return call("backward", dy, y).reshape(dy.shape)
