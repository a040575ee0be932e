"""How much memory a workload needs at its peak: over what is there before, in a child process.

The child calls each program once and asks the operating system how far the process grew in between (its resident set;
on Linux the mark is set back before each call). The same instrument for every side, whatever allocator it has. Freed
memory is handed back at once there (glibc's thresholds are set low), or the second call would find it and grow less.
On a GPU CUDA's own allocator is asked, in the process at hand.
"""

from __future__ import annotations

import gc
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .placement import let_go_of_free_memory

STATUS, MARKS = Path("/proc/self/status"), Path("/proc/self/clear_refs")
RETURNED_AT_ONCE = {"MALLOC_MMAP_THRESHOLD_": "16384", "MALLOC_TRIM_THRESHOLD_": "16384", "MALLOC_ARENA_MAX": "1"}


def can_measure() -> bool:
    """Whether this system can set back its mark of the largest resident set: Linux."""
    return STATUS.is_file() and os.access(MARKS, os.W_OK)


def peak_of(call: Callable[[], object]) -> int:
    """Bytes by which the process grows while it runs the call, at the most."""
    kept = call()  # whatever is loaded and kept once, has been by now
    del kept
    gc.collect()
    let_go_of_free_memory()  # holes that earlier workloads have left in the heap would take the arrays in, unseen
    MARKS.write_text("5")
    before = _kilobytes("VmRSS")
    kept = call()
    peak = _kilobytes("VmHWM")
    del kept
    return max(peak - before, 0) * 1024


def _kilobytes(field: str) -> int:
    found = re.search(rf"^{field}:\s+(\d+)", STATUS.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return int(found[1])


def measure(
    names: Sequence[tuple[str, str, str]], package: str, seen: Callable[[int], object] = lambda _: None
) -> list[dict[str, Any]]:
    """Peak bytes of scratch and torch, for each (component, size, direction). `seen` is told how many are done."""
    environment = {**os.environ, **RETURNED_AT_ONCE, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [*sys.path]))
    child = subprocess.Popen(
        [sys.executable, "-m", __name__, package], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        encoding="utf-8",
    )  # fmt: skip
    assert child.stdin is not None and child.stdout is not None
    found = []
    with child:
        for number, name in enumerate(names, start=1):
            try:
                child.stdin.write(json.dumps(name) + "\n")
                child.stdin.flush()
                answer = child.stdout.readline()
            except BrokenPipeError:
                answer = ""
            if not answer:
                raise ChildProcessError(f"the process that measures memory ended at {' · '.join(name)}")
            found.append(json.loads(answer))
            seen(number)
        child.stdin.close()
    return found


def main(package: str) -> None:
    """The child: a name a line comes in, the peaks go out."""
    import numpy as np
    import torch

    from parity_tests.catalogue import ROWS
    from parity_tests.harness import reference
    from parity_tests.harness.entry import Entry

    from . import programs, steps
    from .workloads import BOTH

    torch.set_num_threads(1)
    rows = {row.name: row for row in ROWS if isinstance(row, Entry)}
    sides = (programs.SCRATCH, programs.TORCH)
    for line in sys.stdin:
        component, size, direction = json.loads(line)
        if component in rows:
            row = rows[component]
            case = row.sizes[size](np.random.default_rng(0))
            upstream = reference.upstream_of(reference.op(row), case) if direction == BOTH else ()
            peaks = {side: peak_of(programs.program(side, row, case, upstream, package).run) for side in sides}
        else:
            step = steps.unjudged(component, sides, package)
            peaks = {side: peak_of(step[side].run) for side in sides}
        print(json.dumps(peaks), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
