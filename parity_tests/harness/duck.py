"""An array that is not NumPy's, as strict as one on a GPU: what runs on it runs on CuPy, from the same source.

NumPy hands its functions over to foreign arrays by two protocols, `__array_ufunc__` and `__array_function__`. CuPy's
arrays take part in them and refuse the rest, since every silent copy between GPU and CPU would cost more than the work:

- no conversion to a NumPy array: `np.asarray(x)` is a TypeError
- no mixing: an operation on a foreign array and a NumPy one is a TypeError, the same for indices and assigned values;
  Python numbers and NumPy scalars are fine
- what is created must be created like an operand: `np.zeros_like(x)`, `np.arange(n, like=x)`
- results stay where they are: a sum over everything is an array without axes, not a number

Explicit questions are answered, at the price of waiting for the GPU: `bool(x)`, `int(x)`, `float(x)`, `x.item()`,
`x.tolist()`, each of a single element or said outright. Ops ask them to check their arguments (is every class below C?)
and where the answer steers the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

# The functions that NumPy 2.4 has and CuPy 14.2 lacks.
ABSENT = frozenset(
    [
        "asmatrix",
        "block",
        "bmat",
        "einsum_path",
        "frompyfunc",
        "fromregex",
        "geomspace",
        "histogram_bin_edges",
        "insert",
        "matvec",
        "nanpercentile",
        "nanquantile",
        "ndenumerate",
        "nditer",
        "nested_iters",
        "polyder",
        "polydiv",
        "polyint",
        "spacing",
        "unstack",
        "vecdot",
        "vecmat",
    ]
)
NUMBERS = (bool, int, float, complex, np.generic)
ASKED = ("item", "tolist")
METHODS = frozenset(
    [
        "all",
        "any",
        "argmax",
        "argmin",
        "argsort",
        "astype",
        "clip",
        "copy",
        "cumprod",
        "cumsum",
        "diagonal",
        "dot",
        "fill",
        "flatten",
        "max",
        "mean",
        "min",
        "nonzero",
        "prod",
        "ravel",
        "repeat",
        "reshape",
        "round",
        "sort",
        "squeeze",
        "std",
        "sum",
        "swapaxes",
        "take",
        "trace",
        "transpose",
        "var",
        "view",
    ]
)
ATTRIBUTES = frozenset(["dtype", "flags", "itemsize", "nbytes", "ndim", "shape", "size", "strides"])


class DuckArray(NDArrayOperatorsMixin):
    """Looks like an array and computes like one, and never becomes NumPy's own."""

    __slots__ = ("_hidden",)

    def __init__(self, array: Any) -> None:
        self._hidden = array

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("implicit conversion of a foreign array to a NumPy array (np.asarray, np.array, or a function "
                        "that NumPy does not dispatch)")  # fmt: skip

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if ufunc.__name__ in ABSENT:
            raise TypeError(f"CuPy has no {ufunc.__name__}")
        plain = [_reveal(value, f"np.{ufunc.__name__}") for value in inputs]
        out = options.pop("out", None)
        if out is not None:
            options["out"] = tuple(_reveal(value, "out=") for value in out)
        if "where" in options:
            options["where"] = _reveal(options["where"], "where=")
        result = getattr(ufunc, method)(*plain, **options)
        return (out[0] if len(out) == 1 else out) if out is not None else _hide(result)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        name = function.__name__
        if name in ABSENT:
            raise TypeError(f"CuPy has no {name}")
        plain = _reveal(args, f"np.{name}")
        options = {key: _reveal(value, f"np.{name}") for key, value in kwargs.items()}
        result = function(*plain, **options)
        return kwargs["out"] if kwargs.get("out") is not None else _hide(result)

    def __getattr__(self, name: str) -> Any:
        if name in ATTRIBUTES:
            return getattr(self._hidden, name)
        if name in METHODS or name in ASKED:
            return self._method(name)
        raise AttributeError(f"an array of CuPy has no {name!r} that this project relies on")

    def _method(self, name: str) -> Callable[..., Any]:
        method = getattr(self._hidden, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            plain = _reveal(args, f".{name}()")
            result = method(*plain, **{key: _reveal(value, f".{name}()") for key, value in kwargs.items()})
            return result if name in ASKED else _hide(result)

        return call

    @property
    def T(self) -> DuckArray:  # noqa: N802
        """Transposed."""
        return DuckArray(self._hidden.T)

    @property
    def base(self) -> Any:
        """Whose memory it looks at."""
        return None if self._hidden.base is None else DuckArray(self._hidden.base)

    def __getitem__(self, index: Any) -> DuckArray:
        return DuckArray(np.asarray(self._hidden[_reveal(index, "an index")]))

    def __setitem__(self, index: Any, value: Any) -> None:
        self._hidden[_reveal(index, "an index")] = _reveal(value, "an assigned value")

    def __len__(self) -> int:
        return len(self._hidden)

    def __iter__(self) -> Iterator[DuckArray]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self._hidden)

    def __int__(self) -> int:
        return int(self._hidden)

    def __index__(self) -> int:
        return int(self._hidden.__index__())

    def __float__(self) -> float:
        return float(self._hidden)

    def __repr__(self) -> str:
        return f"DuckArray({self._hidden!r})"


def hide(value: Any) -> Any:
    """A NumPy array as a foreign one; None stays None."""
    return None if value is None else DuckArray(np.asarray(value))


def reveal(value: Any) -> Any:
    """The NumPy array in a foreign one. Raises TypeError for one that has come home by itself."""
    if value is not None and not isinstance(value, DuckArray):
        raise TypeError(f"the result is not an array of the library that the arguments are of; it is a {type(value)}")
    return None if value is None else value._hidden


def _hide(value: Any) -> Any:
    """Arrays as foreign ones, scalars too: CuPy's reductions give arrays without axes."""
    if isinstance(value, (np.ndarray, np.generic)):
        return DuckArray(np.asarray(value))
    if isinstance(value, (tuple, list)):
        return type(value)(_hide(item) for item in value) if type(value) in (tuple, list) else tuple(map(_hide, value))
    return value


def _reveal(value: Any, where: str) -> Any:
    """What is in foreign arrays. Raises TypeError for an array of NumPy's own."""
    if isinstance(value, DuckArray):
        return value._hidden
    if isinstance(value, np.ndarray):
        raise TypeError(f"{where}: a NumPy array among foreign ones; create it with like=, zeros_like or empty_like")
    if isinstance(value, (tuple, list)):
        return type(value)(_reveal(item, where) for item in value)
    return value
