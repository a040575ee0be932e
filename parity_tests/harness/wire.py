"""Messages between the judge and a candidate in another process.

To the candidate go pickles: the judge is trusted. From it come plain data only — a JSON text, and the bytes of arrays —
because whoever unpickles a message runs what its sender likes. Arrays travel to the candidate with their strides and
the gaps between their elements, so that memory layouts can be judged from afar.
"""

from __future__ import annotations

import io
import json
import re
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import cloudpickle  # type: ignore[import-untyped]
import numpy as np

from .entry import Entry, Project

LENGTH = struct.Struct("<Q")
LARGEST = 1 << 29  # bytes: more than any row gives back
DTYPE = re.compile(r"[<>|=][biuf][1248]")
Identify = Callable[[Any], Any]


def send(connection: socket.socket, message: bytes) -> None:
    """One message."""
    connection.sendall(LENGTH.pack(len(message)) + message)


def receive(connection: socket.socket, seconds: float | None = None) -> bytes:
    """One message. Raises TimeoutError, and EOFError where the other side has gone or says too much."""
    deadline = None if seconds is None else time.monotonic() + seconds
    (length,) = LENGTH.unpack(_exactly(connection, LENGTH.size, deadline))
    if length > LARGEST:
        raise EOFError(f"a message of {length:,} bytes")
    return _exactly(connection, length, deadline)


def _exactly(connection: socket.socket, count: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
        part = connection.recv(min(count - len(parts), 1 << 20))
        if not part:
            raise EOFError("the other side has gone")
        parts += part
    return bytes(parts)


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Rows by their names, arrays as they lie in memory, objects of the other side by their numbers."""

    def __init__(self, file: io.BytesIO, identify: Identify) -> None:
        super().__init__(file)
        self._identify = identify

    def persistent_id(self, value: Any) -> Any:
        if isinstance(value, (Entry, Project)):
            return ("row", value.name)
        return self._identify(value)

    def reducer_override(self, value: Any) -> Any:
        if type(value) is np.ndarray and value.dtype.kind in "biuf" and value.ndim:
            return _array_from_memory, _memory_of(value)
        return super().reducer_override(value)


def pickled(message: Any, identify: Identify) -> bytes:
    """A message to the candidate. `identify` gives the number of an object that lives there, or None."""
    file = io.BytesIO()
    _Pickler(file, identify).dump(message)
    return file.getvalue()


def _memory_of(array: Any) -> tuple[bytes, str, tuple[int, ...], tuple[int, ...], int]:
    """The bytes that an array spans, gaps included, and where in them it begins."""
    if not array.size:
        return b"", array.dtype.str, array.shape, array.strides, 0
    ends = [(n - 1) * step for n, step in zip(array.shape, array.strides, strict=True)]
    before = -sum(end for end in ends if end < 0)
    span = before + sum(end for end in ends if end > 0) + array.itemsize
    first = array[tuple(slice(-1, None) if end < 0 else slice(1) for end in ends)]  # the lowest in memory: one element
    whole = np.lib.stride_tricks.as_strided(first.reshape(1).view(np.uint8), (span,), (1,))
    return whole.tobytes(), array.dtype.str, array.shape, array.strides, before


def _array_from_memory(memory: bytes, dtype: str, shape: tuple[int, ...], strides: tuple[int, ...], offset: int) -> Any:
    if not memory:
        return np.empty(shape, dtype)
    return np.ndarray(shape, dtype, bytearray(memory), offset, strides)


def packed(value: Any, number_of: Callable[[Any], int]) -> bytes:
    """A message from the candidate. What is no plain data stays there and gets a number."""
    arrays: list[bytes] = []

    def plain(value: Any) -> Any:
        if value is None or type(value) in (bool, int, float, str):
            return value
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biuf":
            array = np.ascontiguousarray(value)
            arrays.append(array.tobytes())
            return {"array": array.dtype.str, "shape": list(np.shape(value)), "size": len(arrays[-1])}
        if type(value) in (tuple, list):
            return {type(value).__name__: [plain(part) for part in value]}
        if type(value) is dict:
            return {"dict": [[plain(key), plain(part)] for key, part in value.items()]}
        return {"object": number_of(value), "type": type(value).__name__}

    text = json.dumps(plain(value)).encode()
    return LENGTH.pack(len(text)) + text + b"".join(arrays)


def unpacked(message: bytes, object_of: Callable[[int, str], Any]) -> Any:
    """The value of a message from the candidate. Raises ValueError for anything that `packed` does not write."""
    try:
        (length,) = LENGTH.unpack_from(message)
        found = json.loads(message[LENGTH.size : LENGTH.size + length])
        place = LENGTH.size + length

        def value_of(part: Any) -> Any:
            nonlocal place
            if not isinstance(part, dict):
                return part
            if "array" in part:
                if not DTYPE.fullmatch(part["array"]):
                    raise ValueError(f"an array of {part['array']!r}")
                shape = tuple(int(n) for n in part["shape"])
                data = message[place : place + int(part["size"])]
                place += len(data)
                return np.frombuffer(data, part["array"]).reshape(shape).copy()
            if "tuple" in part:
                return tuple(value_of(inner) for inner in part["tuple"])
            if "list" in part:
                return [value_of(inner) for inner in part["list"]]
            if "dict" in part:
                return {value_of(key): value_of(inner) for key, inner in part["dict"]}
            return object_of(int(part["object"]), str(part["type"]))

        return value_of(found)
    except (KeyError, TypeError, IndexError, struct.error, RecursionError, OverflowError) as error:
        raise ValueError(f"a message that makes no sense: {type(error).__name__}") from error
