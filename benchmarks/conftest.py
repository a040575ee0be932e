"""Options of `pytest benchmarks`, and the machine in the JSON of pytest-benchmark."""

from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Beside those of pytest-benchmark."""
    group = parser.getgroup("benchmarks of nn-parity")
    group.addoption("--threads", type=int, default=1, metavar="N", help="both sides get so many threads (default: 1)")
    group.addoption("--device", choices=["cpu", "cuda"], default="cpu", help="where PyTorch computes (default: cpu)")


def pytest_benchmark_update_machine_info(config: Any, machine_info: dict[str, Any]) -> None:
    """Versions and BLAS too: NumPy is as fast as the library under it."""
    from nn_parity.bench import machine

    machine_info["nn-parity"] = machine.describe()
