"""What the fused kernels of normalization do inside, step by step, so that each step can be moved (see `rounding`).

The result of the kernel comes from a mean, a centered x, a variance and its root, each rounded. Where x is far from 0
compared with its spread, it is the rounding of the mean that decides how many digits are left.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch

aten = torch.ops.aten


def _normalize(x: Any, axes: list[int], eps: float) -> tuple[Any, Any, Any]:
    """The normalized x, its mean and 1 / √(variance + eps), with the reduced axes kept."""
    mean = x.mean(axes, keepdim=True)
    centered = x - mean
    inverse_std = ((centered * centered).mean(axes, keepdim=True) + eps).rsqrt()
    return centered * inverse_std, mean, inverse_std


def _normalize_backward(g: Any, x: Any, mean: Any, inverse_std: Any, axes: list[int]) -> Any:
    normalized = (x - mean) * inverse_std
    along = (g * normalized).mean(axes, keepdim=True)
    return inverse_std * (g - g.mean(axes, keepdim=True) - normalized * along)


def _affine(normalized: Any, weight: Any, bias: Any) -> Any:
    y = normalized if weight is None else normalized * weight
    return y if bias is None else y + bias


def _layer_norm(x: Any, shape: Any, weight: Any, bias: Any, eps: float) -> Any:
    normalized, mean, inverse_std = _normalize(x, list(range(x.ndim - len(shape), x.ndim)), eps)
    return _affine(normalized, weight, bias), mean, inverse_std


def _layer_norm_backward(
    dy: Any, x: Any, shape: Any, mean: Any, inverse_std: Any, weight: Any, bias: Any, wanted: Any
) -> Any:
    first = x.ndim - len(shape)
    g = dy if weight is None else dy * weight
    dx = _normalize_backward(g, x, mean, inverse_std, list(range(first, x.ndim)))
    products, dys = dy * (x - mean) * inverse_std, dy
    if first:
        products, dys = products.sum(list(range(first))), dys.sum(list(range(first)))
    return dx, products if wanted[1] else None, dys if wanted[2] else None


def _group_norm(x: Any, weight: Any, bias: Any, n: int, c: int, places: int, groups: int, eps: float) -> Any:
    normalized, mean, inverse_std = _normalize(x.reshape(n, groups, c // groups * places), [2], eps)
    along = (c, *(1,) * (x.ndim - 2))
    vectors = [None if v is None else v.reshape(along) for v in (weight, bias)]
    return _affine(normalized.reshape(x.shape), *vectors), mean[..., 0], inverse_std[..., 0]


def _group_norm_backward(
    dy: Any, x: Any, mean: Any, inverse_std: Any, weight: Any, n: int, c: int, places: int, groups: int, wanted: Any
) -> Any:
    folded = (n, groups, c // groups * places)
    mean, inverse_std = mean[..., None], inverse_std[..., None]
    g = dy if weight is None else dy * weight.reshape(c, *(1,) * (x.ndim - 2))
    dx = _normalize_backward(g.reshape(folded), x.reshape(folded), mean, inverse_std, [2]).reshape(x.shape)
    normalized = ((x.reshape(folded) - mean) * inverse_std).reshape(x.shape)
    axes = [0, *range(2, x.ndim)]
    return dx, (dy * normalized).sum(axes) if wanted[1] else None, dy.sum(axes) if wanted[2] else None


def _batch_norm(
    x: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, training: bool, momentum: float, eps: float
) -> Any:
    axes, along = [0, *range(2, x.ndim)], (-1, *(1,) * (x.ndim - 2))
    vectors = [None if v is None else v.reshape(along) for v in (weight, bias)]
    if not training:
        normalized = (x - running_mean.reshape(along)) * (running_var.reshape(along) + eps).rsqrt()
        return _affine(normalized, *vectors), x.new_empty(0), x.new_empty(0)
    normalized, mean, inverse_std = _normalize(x, axes, eps)
    if running_mean is not None and x.numel():
        count = math.prod(x.shape[axis] for axis in axes)
        centered = x - mean
        variance = (centered * centered).sum(axes) / (count - 1)
        running_mean.copy_(running_mean * (1 - momentum) + mean.reshape(-1) * momentum)
        running_var.copy_(running_var * (1 - momentum) + variance * momentum)
    return _affine(normalized, *vectors), mean.reshape(-1), inverse_std.reshape(-1)


def _batch_norm_backward(
    dy: Any, x: Any, weight: Any, running_mean: Any, running_var: Any, mean: Any, inverse_std: Any, training: bool,
    eps: float, wanted: Any,
) -> Any:  # fmt: skip
    axes, along = [0, *range(2, x.ndim)], (-1, *(1,) * (x.ndim - 2))
    if not training:
        mean, inverse_std = running_mean, (running_var + eps).rsqrt()
    mean, inverse_std = mean.reshape(along), inverse_std.reshape(along)
    g = dy if weight is None else dy * weight.reshape(along)
    dx = _normalize_backward(g, x, mean, inverse_std, axes) if training else g * inverse_std
    normalized = (x - mean) * inverse_std
    return dx, (dy * normalized).sum(axes) if wanted[1] else None, dy.sum(axes) if wanted[2] else None


STEPS: dict[Any, Callable[..., Any]] = {
    aten.native_layer_norm.default: _layer_norm,
    aten.native_layer_norm_backward.default: _layer_norm_backward,
    aten.native_group_norm.default: _group_norm,
    aten.native_group_norm_backward.default: _group_norm_backward,
    aten.native_batch_norm.default: _batch_norm,
    aten.native_batch_norm_backward.default: _batch_norm_backward,
}
