"""Softmax on JAX arrays: written for them, and handed NumPy's by two small functions."""

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)  # otherwise JAX computes float64 in float32


def softmax(x, dim):
    """In JAX alone."""
    e = jnp.exp(x - x.max(axis=dim, keepdims=True))
    return e / e.sum(axis=dim, keepdims=True)


def forward(x, *, dim):
    """x: any shape → y: the same shape."""
    if x.dtype.kind != "f":
        raise TypeError(f"x must be floating-point; got {x.dtype}")
    if not -max(x.ndim, 1) <= dim < max(x.ndim, 1):
        raise ValueError(f"dim must be an axis of x; got dim {dim} for x {x.shape}")
    if not x.size or not x.ndim:  # JAX refuses the maximum of nothing, and axis 0 of a single number
        return np.where(np.isnan(x), x, 1).astype(x.dtype), None
    y = softmax(jnp.asarray(x), dim)
    return np.asarray(y), (jnp.asarray(x), dim)


def backward(dy, cache):
    """dy: any shape → dx: the same shape. JAX derives it."""
    if cache is None:
        return np.zeros_like(dy)
    x, dim = cache
    _, pull = jax.vjp(lambda x: softmax(x, dim), x)
    return np.asarray(pull(jnp.asarray(dy))[0])
