"""What the sequences share: a layout in which the loop over time is fast, the sigmoid, and padding.

Inside, a step is (channels, B): a sequence is a column. The gates of a step stand below one another, (gates · H, B),
so that each of them, and several neighbours together, are one piece of memory, and U h is one product for all gates.
"""

import numpy as np

from ...types import Array

SMALL = 1_000_000  # multiply-adds up to which OpenBLAS multiplies without packing the operands first


def columns(sequence: Array) -> Array:
    """(T, B, K) → (T, K, B), or of one step (B, K) → (K, B)."""
    return sequence.swapaxes(-1, -2).copy()  # a view would be slow to multiply by


def rows(sequence: Array) -> Array:
    """(T, K, B) → (T, B, K), or of one step (K, B) → (B, K)."""
    return sequence.swapaxes(-1, -2).copy()  # a view would be slow to multiply by


def in_blocks(weight: Array, batch: int) -> Array:
    """(M, K) as blocks of rows (blocks, rows, K), each small enough to multiply (K, batch): nearly twice as fast."""
    height, channels = weight.shape
    block = height
    while block % 2 == 0 and block > 8 and block * channels * batch > SMALL:
        block //= 2
    return weight.reshape(height // block if block else 1, block, channels)


def product(blocks: Array, x: Array) -> Array:
    """A weight (M, K) `in_blocks` · x (..., K, B) → (..., M, B)."""
    found: Array = np.matmul(blocks, x if x.ndim == 2 else x[..., None, :, :])  # (..., blocks, rows of a block, B)
    return found.reshape(*x.shape[:-2], blocks.shape[0] * blocks.shape[1], x.shape[-1])


def reorder(weight: Array, order: tuple[int, ...]) -> Array:
    """(gates · H, ...) with the gates in this order."""
    split = weight.reshape(len(order), weight.shape[0] // len(order), *weight.shape[1:])
    return split[list(order)].reshape(weight.shape)


def restore(dweight: Array, order: tuple[int, ...]) -> Array:
    """The way back: the gates in PyTorch's order."""
    return reorder(dweight, tuple(order.index(gate) for gate in range(len(order))))


def repeated(biases: list[Array], order: tuple[int, ...], batch: int) -> Array | None:
    """The sum of the biases (gates · H,), once for each sequence: (gates · H, B). None where there is none."""
    if not biases:
        return None
    total = reorder(sum(biases[1:], biases[0]), order)
    return total.repeat(batch).reshape(total.shape[0], batch)


def over_time(da: Array, x: Array) -> Array:
    """The gradient of a weight that served every step: Σ da[t]ᵀ x[t] as one product, (T, B, M), (T, B, K) → (M, K)."""
    count = da.shape[0] * da.shape[1]
    dweight: Array = (x.reshape(count, x.shape[2]).T @ da.reshape(count, da.shape[2])).T
    return dweight


def sum_over_time(da: Array) -> Array:
    """The gradient of a bias, (T, B, M) → (M,), as a product with ones: faster than a sum along the first axes."""
    count = da.shape[0] * da.shape[1]
    dbias: Array = np.ones_like(da, shape=(count,)) @ da.reshape(count, da.shape[2])
    return dbias


def sigmoid_(x: Array) -> None:
    """X ← 1 / (1 + e⁻ˣ). Where e⁻ˣ overflows the result is 0, as it should be; the caller ignores the warning."""
    np.multiply(x, -1, out=x)  # np.negative in place is wrong on some strides (NumPy 2.4)
    sigmoid_of_minus_(x)


def sigmoid_of_minus_(x: Array) -> None:
    """X ← 1 / (1 + eˣ): a pass less, where the minus is in the weights already."""
    np.exp(x, out=x)
    x += 1
    np.divide(1, x, out=x)


def negated(array: Array, rows: int) -> Array:
    """A copy whose first rows have the other sign."""
    copy = array.copy()
    copy[:rows] *= -1
    return copy


def padding(lengths: Array | None, steps: int) -> Array | None:
    """(T, B): True from the end of each sequence on. None where all sequences have T steps."""
    if lengths is None:
        return None
    padded: Array = np.arange(steps, like=lengths)[:, None] >= lengths
    return padded


def without_padding(x: Array, padded: Array | None) -> Array:
    """X (T, B, K) with zeros in the padding: whatever stands there, NaN included, must not reach anything."""
    return x if padded is None else np.where(padded[..., None], np.zeros_like(x, shape=()), x)
