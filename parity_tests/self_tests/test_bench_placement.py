"""Benchmarks: where arrays lie, and what the allocator does with memory that is freed."""

import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from nn_parity.bench import placement, programs

from ..catalogue import ROWS

GLIBC = sys.platform == "linux" and hasattr(placement._libc(), "mallopt")
SIZE = 3 << 20  # bytes
FAULTS = f"""
import ctypes, resource, sys
import numpy as np
from nn_parity.bench import placement

ctypes.CDLL(None).prctl(41, 1, 0, 0, 0)  # PR_SET_THP_DISABLE: a huge page is one fault for many pages
if sys.argv[1] == "keep":
    placement.keep_freed_memory()

def pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.ones({SIZE}, np.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

pages()
print(pages())
"""


@pytest.mark.parametrize("alignment", [placement.NUMPY, placement.TORCH])
@pytest.mark.parametrize("shape", [(), (5,), (4, 1, 300)], ids=str)
def test_every_copy_lies_elsewhere_in_a_page_and_is_aligned(shape, alignment):
    array = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    copies = [placement.placed(array, alignment) for _ in range(20)]
    places = {copy.ctypes.data % placement.PAGE for copy in copies}
    assert len(places) > 1
    assert all(place % alignment == 0 for place in places)
    for copy in copies:
        assert (copy.shape, copy.dtype) == (array.shape, array.dtype)
        assert copy.flags.c_contiguous and copy.flags.aligned and copy.flags.writeable
        assert not np.shares_memory(copy, array)
        np.testing.assert_array_equal(copy, array)


def test_arrays_that_record_stay_such():
    class Recording(np.ndarray):
        pass

    assert type(placement.placed(np.ones(3).view(Recording), 16)) is Recording


def test_both_sides_get_arguments_as_their_own_library_lays_them(monkeypatch):
    """PyTorch's begin where PyTorch's own tensors may begin, not where NumPy's happen to."""
    row = next(row for row in ROWS if row.name == "ops.activations.identity")
    case = row.sizes["small"](np.random.default_rng(0))
    seen = []
    placed = placement.placed
    monkeypatch.setattr(placement, "placed", lambda a, alignment: (seen.append(alignment), placed(a, alignment))[1])
    for side, alignment in ((programs.SCRATCH, placement.NUMPY), (programs.TORCH, placement.TORCH)):
        seen.clear()
        program = programs.program(side, row, case, [np.ones(case.arrays[0].shape, np.float32)])
        assert seen == [alignment, alignment]  # x and dy
        y, dx = program.answer()
        np.testing.assert_array_equal(y, case.arrays[0])
        np.testing.assert_array_equal(dx, 1)
    assert torch.empty(1000).data_ptr() % placement.TORCH == 0


@pytest.mark.skipif(not GLIBC, reason="only glibc can be told to keep freed memory")
def test_a_process_that_keeps_freed_memory_asks_for_it_once():
    """By default the pages of an array that is freed are handed back, and asked for again."""
    asked = {
        way: int(subprocess.check_output([sys.executable, "-c", FAULTS, way], encoding="utf-8"))
        for way in ("default", "keep")
    }
    most = SIZE // os.sysconf("SC_PAGE_SIZE") // 2
    assert asked["keep"] < most < asked["default"]


def test_a_c_library_without_these_functions_is_left_alone(monkeypatch):
    monkeypatch.setattr(placement.ctypes, "CDLL", lambda name: object())
    placement.keep_freed_memory()
    placement.let_go_of_free_memory()
