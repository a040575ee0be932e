"""Where arrays lie in memory, which can decide about time as much as what is done to them.

Three accidents made one program 1.6 times faster than the same program in the next process, and are taken out of it:

- **Fresh pages.** By default glibc hands large arrays that are freed back to the system, or does not, by what happens
  to lie above them in the heap. Where it does, each call pays for new pages: 250 µs for two megabytes. So it is told to
  keep what it has, for both sides.
- **Alignment.** PyTorch's arrays begin at a multiple of 64 bytes and NumPy's at one of 16. A tensor made from a NumPy
  array inherits the 16, and its loads are split between two lines of the cache. So each side's arguments lie as its
  own library would lay them.
- **Distances.** A load waits for an earlier store whose address ends in the same twelve bits, so that a copy depends on
  how far its target is from its source. So every pass draws other distances, and the best one counts.
"""

from __future__ import annotations

import ctypes
import random
import sys
from typing import Any

import numpy as np

from scratch.types import Array

NUMPY, TORCH = 16, 64  # bytes: what malloc promises on 64 bits, and PyTorch's gAlignment
PAGE = 4096

# glibc's malloc.h
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST_MMAP_THRESHOLD, ALL = 32 << 20, 1 << 30


def keep_freed_memory() -> None:
    """For the rest of the process: what is freed is there for the next call, up to arrays of 32 MB."""
    mallopt = getattr(_libc(), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGEST_MMAP_THRESHOLD)
        mallopt(M_TRIM_THRESHOLD, ALL)


def let_go_of_free_memory() -> None:
    """Hand it back to the system once, so that what is built next lies on other pages than in the pass before.

    An allocator gives the same places for the same requests. A pass over arrays of a megabyte or two takes a third
    longer in some of them than in others, whichever library makes it, since the caches tell them apart by address.
    """
    trim = getattr(_libc(), "malloc_trim", None)
    if trim is not None:
        trim(0)


def placed(array: Array, alignment: int) -> Array:
    """A copy that begins at a multiple of the alignment, drawn anew in every call, after the beginning of a page."""
    array = np.asanyarray(array)
    room = np.empty(array.nbytes + 2 * PAGE, np.uint8)
    start = -room.ctypes.data % PAGE + alignment * random.randrange(PAGE // alignment)
    copy: Array = room[start : start + array.nbytes].view(array.dtype).reshape(array.shape).view(type(array))
    copy[...] = array
    return copy


def _libc() -> Any:
    """Of Linux; musl's has neither function."""
    return ctypes.CDLL(None) if sys.platform == "linux" else None
