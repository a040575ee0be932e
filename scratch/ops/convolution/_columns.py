"""The matrices of a convolution: a few images at a time, cut so that laying a kernel on them is a matrix product.

The textbook cuts out all kH · kW shifted copies of the image ("im2col") and multiplies once. The copying is what costs.
But a shift by a row needs no copy: it is the same memory, read from one row further on. So only the kW shifts along
the width are copied,

    columns[n, g, j, c, r, q, w] = padded x[n, channel c of group g, q · stride + r, w · stride + j · dilation]

and the matrix that belongs to row i of the kernel is a *view* of them: rows from i · dilation on. (Rows that a stride
skips are told apart by r, their remainder, so that the rows of a view follow each other in memory.)

    matrix i: (N, groups, kW · C / groups, places)

Where x has few channels these matrices are so flat that it is better to copy after all, and to multiply once: the views
are stacked into a single matrix (N, groups, kH · kW · C / groups, places), as if the kernel had one long row.

All of it happens in blocks of images that stay in the cache of a core while they are copied and multiplied.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ...types import Array
from ._geometry import Geometry

BLOCK = 100_000  # numbers in a block: as many as stay, with their products, in the second-level cache


class Columns:
    """Room for the columns of one block of images, used again for the next block.

    `channels`: how many x has. `stacked`: one matrix instead of one for each row of the kernel.
    """

    def __init__(self, like: Array, channels: int, geometry: Geometry, *, stacked: bool) -> None:
        (height, width), (_, kernel_width) = geometry.size, geometry.kernel
        (down, along), ((top, bottom), (left, right)) = geometry.stride, geometry.margins
        self.geometry = geometry
        # A kernel of one pixel on every pixel: x is its own matrix.
        self.is_x = geometry.kernel == geometry.stride == (1, 1) and (top, bottom, left, right) == (0, 0, 0, 0)
        stored = -(-(height + top + bottom) // down)  # rows of each remainder, rounded up
        shape = (geometry.groups, kernel_width, channels // geometry.groups, down, stored, geometry.output[1])
        self.images = max(1, BLOCK // math.prod(shape))
        self.copies: list[tuple[slice, slice, Array]] = []  # rows of x, columns of x, and where they go
        if self.is_x:
            return
        self.columns = np.zeros_like(like, shape=(self.images, *shape), order="C")  # the margins stay 0
        self.stack: Array | None = None
        if stacked:
            of_stack = (geometry.groups, geometry.kernel[0], shape[1] * shape[2], math.prod(geometry.output))
            self.stack = np.empty_like(like, shape=(self.images, *of_stack), order="C")
        for j in range(kernel_width):
            from_columns, to_columns = _inside(j * geometry.dilation[1] - left, along, width, geometry.output[1])
            for r in range(down):
                from_rows, to_rows = _inside(r - top, down, height, stored)
                self.copies.append((from_rows, from_columns, self.columns[:, :, j, :, r, to_rows, to_columns]))
        self.views: list[Array] = []  # the matrices
        rows, places = geometry.output
        for i in range(geometry.kernel[0]):
            q, r = divmod(i * geometry.dilation[0], down)
            view = self.columns[:, :, :, :, r, q : q + rows]  # (n, groups, kW, C / groups, rows, places)
            self.views.append(view.reshape(self.images, geometry.groups, -1, rows * places))

    def blocks(self, count: int) -> Iterator[slice]:
        """The images 0 … count - 1 in blocks."""
        for start in range(0, count, self.images):
            yield slice(start, min(start + self.images, count))

    def load(self, x: Array) -> list[Array]:
        """A block of images (n, groups, C / groups, H, W) → matrices (n, groups, K, places).

        One for each row of the kernel; stacked: one.
        """
        if self.is_x:
            return [x.reshape(*x.shape[:3], -1)]
        for rows, columns, to in self.copies:
            to[: len(x)] = x[..., rows, columns]
        matrices = self.matrices(len(x))
        if self.stack is None:
            return matrices
        for i, matrix in enumerate(matrices):
            self.stack[: len(x), :, i] = matrix
        return [self.stack[: len(x)].reshape(*matrices[0].shape[:2], -1, matrices[0].shape[3])]

    def matrices(self, count: int) -> list[Array]:
        """The matrix of each kernel row, for the first `count` images: views, nothing is copied."""
        return [matrix[:count] for matrix in self.views]

    def clear(self) -> None:
        """Zeros, to add gradients to."""
        self.columns[...] = 0

    def add_back(self, dx: Array) -> None:
        """The reverse of `load`: what stands in the columns is added to where it came from in dx: (n, groups, …)."""
        for rows, columns, to in self.copies:
            dx[..., rows, columns] += to[: len(dx)]


def in_groups(x: Array, groups: int) -> Array:
    """(N, C, …) → (N, groups, C / groups, …)."""
    return x.reshape(len(x), groups, x.shape[1] // groups, *x.shape[2:])


def better_stacked(weight: Array, groups: int) -> bool:
    """Whether the matrix of a kernel row would be flatter than it is long: fewer rows than a group has outputs."""
    outputs, channels, height, width = weight.shape
    return bool(height > 1 and width * channels < min(outputs // groups, 32))


def kernel_rows(weight: Array, groups: int, *, stacked: bool) -> Array:
    """(O, C / groups, kH, kW) → a matrix for each row of the kernel, (kH, groups, O / groups, kW · C / groups).

    Stacked: a single one of all rows, (1, groups, O / groups, kH · kW · C / groups). Copies, because OpenBLAS takes no
    matrix whose numbers stand in reverse, as those of a flipped kernel do.
    """
    outputs, channels, height, width = weight.shape
    kernels = weight.reshape(groups, outputs // groups, channels, height, width)
    if stacked:
        return kernels.transpose(0, 1, 3, 4, 2).copy().reshape(1, *kernels.shape[:2], height * width * channels)
    return kernels.transpose(3, 0, 1, 4, 2).copy().reshape(height, *kernels.shape[:2], width * channels)


def from_kernel_rows(rows: Array, weight: Array, *, stacked: bool) -> Array:
    """The reverse of `kernel_rows`, to the shape of weight."""
    _, channels, height, width = weight.shape
    groups, outputs = rows.shape[1:3]
    if stacked:
        kernels = rows.reshape(groups, outputs, height, width, channels).transpose(0, 1, 4, 2, 3)
    else:
        kernels = rows.reshape(height, groups, outputs, width, channels).transpose(1, 2, 4, 0, 3)
    return kernels.reshape(weight.shape)


def _inside(shift: int, step: int, size: int, count: int) -> tuple[slice, slice]:
    """Which p < count have an index p · step + shift inside `size` elements: those indices, and those p."""
    first, end = max(0, -(shift // step)), min(count, (size - 1 - shift) // step + 1)
    if first >= end:
        return slice(0), slice(0)
    return slice(first * step + shift, (end - 1) * step + shift + 1, step), slice(first, end)
