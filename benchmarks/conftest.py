"""Options of `pytest benchmarks`, and the machine in the JSON of pytest-benchmark."""

from typing import Any

import pytest

from nn_parity.bench import placement


def pytest_addoption(parser: pytest.Parser) -> None:
    """Beside those of pytest-benchmark."""
    group = parser.getgroup("benchmarks of nn-parity")
    group.addoption("--threads", type=int, default=1, metavar="N", help="both sides get so many threads (default: 1)")
    group.addoption("--device", choices=["cpu", "cuda"], default="cpu", help="where PyTorch computes (default: cpu)")


@pytest.fixture(autouse=True, scope="session")
def _steady_memory() -> None:
    placement.keep_freed_memory()


def pytest_benchmark_update_machine_info(config: Any, machine_info: dict[str, Any]) -> None:
    """Versions and BLAS too: NumPy is as fast as the library under it.

    Only what is the same in the next run on this machine: of anything else `--benchmark-compare` would warn.
    """
    from nn_parity.bench import machine

    machine_info["nn-parity"] = {key: value for key, value in machine.describe().items() if key != "load"}
    for momentary in ("hz_actual", "hz_actual_friendly"):
        machine_info["cpu"].pop(momentary, None)
