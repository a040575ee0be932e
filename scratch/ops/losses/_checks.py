"""What the losses of this folder demand of their arguments, and how they say so.

A loss that broadcasts a target of another shape trains happily on the wrong differences, and an index −1 silently
means "the last class": both are refused before anything is computed.
"""

import numpy as np

from ...types import Array


def same_shape(input: Array, target: Array) -> None:
    """Raise unless input and target are floating-point arrays of one dtype and one shape."""
    if input.dtype.kind != "f" or target.dtype != input.dtype:
        raise TypeError(
            f"input and target must be floating-point of one dtype; got input {input.dtype}, target {target.dtype}"
        )
    if input.shape != target.shape:
        raise ValueError(
            f"target must have the shape of input, no broadcasting; got input {input.shape}, target {target.shape}"
        )


def broadcasts(name: str, array: Array | None, input: Array) -> None:
    """Raise unless `array`, where there is one, broadcasts to the shape of input without enlarging it."""
    if array is None:
        return
    axes = zip(reversed(array.shape), reversed(input.shape), strict=False)
    if array.ndim > input.ndim or any(size not in (1, wanted) for size, wanted in axes):
        raise ValueError(f"{name} must broadcast to the shape of input, {input.shape}; got {name} {array.shape}")
    if array.dtype != input.dtype:
        raise TypeError(f"{name} must have the dtype of input, {input.dtype}; got {array.dtype}")


def class_indices(input: Array, target: Array, axis: int, ignore_index: int | None = None) -> None:
    """Raise unless target holds one class index for each row of input, whose classes lie along `axis`."""
    if input.dtype.kind != "f" or target.dtype.kind not in "iu":
        raise TypeError(
            "input must be floating-point and target integer class indices; "
            f"got input {input.dtype}, target {target.dtype}"
        )
    rows = input.shape[:axis] + input.shape[axis + 1 :]
    if target.shape != rows:
        raise ValueError(
            f"target must have the shape of input without its class axis, {rows}; "
            f"got target {target.shape} for input {input.shape}"
        )
    classes = input.shape[axis]
    wrong = (target < 0) | (target >= classes)
    rule = f"a class index from 0 to {classes - 1}"
    if ignore_index is not None:
        wrong &= target != ignore_index
        rule += f" or ignore_index = {ignore_index}"
    if wrong.any():
        raise ValueError(f"target must be {rule}; got {int(target[wrong][0])}")


def class_weight(weight: Array | None, input: Array, axis: int) -> None:
    """Raise unless `weight`, where there is one, holds one number for each class."""
    if weight is None:
        return
    if weight.shape != (input.shape[axis],):
        raise ValueError(
            f"weight must hold one number per class, shape ({input.shape[axis]},); "
            f"got weight {weight.shape} for input {input.shape}"
        )
    if weight.dtype != input.dtype:
        raise TypeError(f"weight must have the dtype of input, {input.dtype}; got {weight.dtype}")


def class_axis(input: Array) -> int:
    """Where the classes lie: axis 0 of (C,), axis 1 of (N, C, d1, …). Raises where there is no class at all."""
    axis = 0 if input.ndim == 1 else 1
    if input.ndim == 0 or input.shape[axis] == 0:
        raise ValueError(f"input must be (C,) or (N, C, d1, …) with at least one class; got input {input.shape}")
    return axis


def all_within(name: str, array: Array, low: float, high: float) -> None:
    """Raise unless every element lies between the bounds (NaN does not)."""
    outside = ~((array >= low) & (array <= high))
    if np.any(outside):
        raise ValueError(f"{name} must lie in [{low:g}, {high:g}]; got {float(array[outside][0]):g}")
