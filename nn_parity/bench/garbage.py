"""Python's garbage collector, which looks through all objects now and then: not while something is timed."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Python clears up before and not in between."""
    collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def loaded_for_good() -> Iterator[None]:
    """What is loaded by now stays: clearing up need not look through all of it before every measurement."""
    already = gc.get_freeze_count() > 0  # by somebody else, who knows why
    set_aside()
    try:
        yield
    finally:
        if not already:
            gc.unfreeze()


def set_aside() -> None:
    """Clear up once, and look through what is left no more."""
    gc.collect()
    gc.freeze()
