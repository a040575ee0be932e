"""Sums, products and powers of elements."""

from torch import add, divide, multiply, negative, pow, subtract

__all__ = ["add", "divide", "multiply", "negative", "pow", "subtract"]
