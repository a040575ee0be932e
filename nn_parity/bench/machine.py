"""On what a run was made: whoever compares two runs looks here first."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

from .. import __version__


def describe() -> dict[str, Any]:
    """Processor, memory, graphics card, operating system, versions and BLAS."""
    import numpy
    import torch

    found: dict[str, Any] = {
        "processor": _processor(),
        "cores": cores(),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "versions": {
            "nn-parity": __version__,
            "Python": platform.python_version(),
            "NumPy": numpy.__version__,
            "PyTorch": torch.__version__,
        },
        "blas": _blas(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }
    if torch.cuda.is_available():
        card = torch.cuda.get_device_properties(0)
        found["graphics"] = {"name": card.name, "memory": card.total_memory, "CUDA": torch.version.cuda}
    return found


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    """The name that people know it by."""
    listing = Path("/proc/cpuinfo")
    if listing.is_file():
        for line in listing.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> int | None:
    """In bytes, where the system says."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def _blas() -> str:
    """The libraries that multiply matrices and share out loops, as they are loaded: NumPy's and PyTorch's."""
    import torch
    from threadpoolctl import threadpool_info

    names = []
    for library in threadpool_info():
        parts = (library["internal_api"], library.get("version"), library.get("architecture"))
        names.append(" ".join(part for part in parts if part))
    if torch.backends.mkl.is_available():  # type: ignore[no-untyped-call]
        names.append("MKL (PyTorch)")
    return ", ".join(sorted(set(names)))
