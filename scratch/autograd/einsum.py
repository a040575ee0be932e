"""Einstein summation: any product of axes, written as letters.

`einsum("bij,bjk->bik", x, y)` multiplies every element of x with every element of y that has the same b and j, and
adds up over the letters that the output does not have.

Backward. Each operand enters the product once, so its gradient is the product of dy with all other operands, summed
over the letters that this operand does not have: again an einsum, with the letters moved around,

    dx = einsum("bik,bjk->bij", dy, y)        dy = einsum("bik,bij->bjk", dy, x)

For that, every letter of the operand must occur in dy or in another operand. So letters that occur once are summed
away first, a letter twice in one operand is read off its diagonal, and axes of length 1 are expanded: with `sum`,
`getitem` and `expand`, which have rules of their own.

As torch.einsum, with letters, `...` and an optional right side.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import numpy as np

from ._operands import as_tensor, common_dtype
from .indexing import getitem
from .reductions import sum
from .shapes import expand, permute, view

if TYPE_CHECKING:
    from .tape import Rule
    from .tensor import Tensor


def einsum(equation: str, *operands: Any) -> Tensor:
    """The sum of products that the equation spells. Raises ValueError where operands do not fit it."""
    if not isinstance(equation, str) or not operands:
        raise TypeError(f"einsum takes an equation and then its operands, as einsum('ij,jk->ik', x, y); got "
                        f"{type(equation).__name__} and {len(operands)} operands")  # fmt: skip
    dtype = common_dtype("einsum", *operands)
    tensors = [as_tensor("einsum", operand, dtype) for operand in operands]
    terms, output = _letters(equation, tensors)
    length: dict[str, int] = {}
    for term, x in zip(terms, tensors, strict=True):
        for letter, n in zip(term, x.shape, strict=True):
            if n != 1 and length.setdefault(letter, n) != n:
                raise ValueError(f"einsum {equation!r}: axis {letter!r} has length {length[letter]} and {n}; shapes "
                                 f"are {[x.shape for x in tensors]}")  # fmt: skip
    for i in range(len(tensors)):
        elsewhere = output + "".join(terms[:i] + terms[i + 1 :])
        terms[i], tensors[i] = _simple(terms[i], tensors[i], elsewhere, length)
    return _product(terms, output, tensors)


def _product(terms: list[str], output: str, tensors: list[Tensor]) -> Tensor:
    """The einsum of operands in which no letter repeats and none stands alone."""
    data = np.einsum(f"{','.join(terms)}->{output}", *(x.data for x in tensors), optimize=len(tensors) > 1)
    branches = [(x, _rule(i, terms, output), *tensors[:i], *tensors[i + 1 :]) for i, x in enumerate(tensors)]
    return view("einsum", tensors[0], data, *branches)  # of one operand, NumPy may only permute the axes


def _rule(i: int, terms: list[str], output: str) -> Rule:
    others = terms[:i] + terms[i + 1 :]
    backwards = f"{','.join([output, *others])}->{terms[i]}"
    return lambda dy, *saved: np.einsum(backwards, dy, *saved, optimize=bool(saved))


def _simple(term: str, x: Tensor, elsewhere: str, length: dict[str, int]) -> tuple[str, Tensor]:
    """The operand with axes expanded to their common length, repeated letters on the diagonal, lone letters summed."""
    x = expand(x, tuple(length.get(letter, 1) for letter in term))
    for letter in [letter for letter in dict.fromkeys(term) if term.count(letter) > 1]:
        places = [i for i, other in enumerate(term) if other == letter]
        rest = [i for i, other in enumerate(term) if other != letter]
        diagonal = np.arange(length.get(letter, 1))
        x = getitem(permute(x, places + rest), (diagonal,) * len(places))
        term = letter + term.replace(letter, "")
    lone = tuple(i for i, letter in enumerate(term) if letter not in elsewhere)
    return "".join(letter for letter in term if letter in elsewhere), sum(x, lone) if lone else x


def _letters(equation: str, tensors: list[Tensor]) -> tuple[list[str], str]:
    """The letters of each operand's axes and of the output's, with `...` spelled out."""
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(tensors):
        raise ValueError(f"einsum {equation!r} describes {len(terms)} operands; got {len(tensors)}")
    hidden = []  # how many axes `...` stands for
    for term, x in zip(terms, tensors, strict=True):
        letters = term.replace("...", "", 1)
        hidden.append(x.ndim - len(letters))
        if not set(letters) <= set(string.ascii_letters) or hidden[-1] < 0 or (hidden[-1] and "..." not in term):
            raise ValueError(f"einsum {equation!r}: {term!r} must be one letter for each axis of shape {x.shape}, "
                             f"'...' standing for any number of them")  # fmt: skip
    dots = "".join([x for x in string.ascii_letters if x not in equation][: max(hidden)])
    terms = [term.replace("...", dots[len(dots) - count :]) for term, count in zip(terms, hidden, strict=True)]
    if not arrow:
        every = "".join(terms)
        once = [letter for letter in every if every.count(letter) == 1 and letter not in dots]
        right = "..." + "".join(sorted(once))
    output = right.replace("...", dots)
    if len(set(output)) != len(output) or not set(output) <= set("".join(terms)):
        raise ValueError(f"einsum {equation!r}: the output must name axes of the operands, each once")
    return terms, output
