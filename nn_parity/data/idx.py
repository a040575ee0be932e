"""The IDX format, in which MNIST is published: a header that says type and shape, then the numbers.

    00 00 TYPE AXES      the magic number; TYPE 08 is an unsigned byte, AXES how many sizes follow
    SIZE … SIZE          four bytes each
    VALUE …              the last axis runs fastest

Every number is big-endian. The file may be gzipped; then its name ends in .gz.

Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits".
"""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from .dataset import Array, DataError

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_GZIP_MAGIC = b"\x1f\x8b"


def encode(array: Array) -> bytes:
    """The bytes of an IDX file that holds `array`: what `read` reads.

    Raises TypeError for a type of number that the format does not have.
    """
    for code, name in _TYPES.items():
        if array.dtype.newbyteorder(">") == np.dtype(name):
            sizes = np.array(array.shape, ">u4").tobytes()
            return bytes((0, 0, code, array.ndim)) + sizes + array.astype(name).tobytes()
    raise TypeError(f"an IDX file holds uint8, int8, int16, int32, float32 or float64; got {array.dtype}")


def read(path: Path) -> Array:
    """The array in an IDX file, gzipped when its name ends in .gz.

    Raises DataError, with the name of the file, when it cannot be read, is not gzip though it is named so,
    does not start with the magic number, or holds fewer or more numbers than its header says.
    """
    content = _read_bytes(path)
    if content[:2] == _GZIP_MAGIC:
        raise DataError(f"{path}: is compressed with gzip, but its name does not end in .gz")
    if len(content) < 4:
        raise DataError(f"{path}: truncated: {len(content)} bytes, where an IDX file has a header of at least 4")
    if content[:2] != b"\0\0" or content[2] not in _TYPES:
        raise DataError(
            f"{path}: not an IDX file: starts with {content[:4].hex(' ')}, "
            "expected 00 00, a type of number, a count of axes"
        )
    dtype, axes = np.dtype(_TYPES[content[2]]), content[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise DataError(f"{path}: truncated: {len(content)} bytes, where a header of {axes} axes has {start}")
    shape = tuple(int(size) for size in np.frombuffer(content, ">u4", count=axes, offset=4))
    expected, actual = math.prod(shape) * dtype.itemsize, len(content) - start
    if actual != expected:
        raise DataError(
            f"{path}: {'truncated' if actual < expected else 'too long'}: the header says {shape}, "
            f"{expected:,} bytes, and {actual:,} follow"
        )
    try:
        values = np.frombuffer(content[start:], dtype).reshape(shape)
    except ValueError as error:  # too many axes, or an empty array with sizes no array can have
        raise DataError(f"{path}: the header says {shape}, which is no shape of an array ({error})") from error
    return values.astype(dtype.newbyteorder("="))  # the machine's byte order, in writable memory


def _read_bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        if path.suffix != ".gz":
            return content
        if content[:2] != _GZIP_MAGIC:
            start = content[:4].hex(" ") or "nothing"
            raise DataError(f"{path}: not a gzip file, though its name ends in .gz: starts with {start}")
        return gzip.decompress(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path}: damaged gzip file ({error})") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
