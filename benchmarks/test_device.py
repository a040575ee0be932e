"""The reference agrees with itself on another device: PyTorch there, judged by PyTorch in float64 on the processor.

    pytest benchmarks/test_device.py --device cuda

TF32 is off: with it, products of float32 are good for three digits. On the processor this shows that the judge takes
PyTorch itself for right.
"""

import pytest

from nn_parity.bench import cuda, programs, workloads
from parity_tests.catalogue import ROWS

SMALL = [w for w in workloads.of_rows(ROWS, ("small",)) if w.direction != workloads.FORWARD]


@pytest.mark.parametrize("workload", SMALL, ids=lambda w: w.component)
def test_the_reference_agrees_on(workload: workloads.Workload, package: str, request: pytest.FixtureRequest) -> None:
    side = programs.CUDA if request.config.getoption("device") == "cuda" else programs.TORCH
    with cuda.tf32(False):
        prepared = workload.prepare((side,), package)
    assert not prepared.missing, prepared.missing
    assert prepared.sides == (side,)
