"""Candidates that cheat: each costs its own row, none makes a tick, and an honest one is judged as ever."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ..catalogue import ROWS
from ..harness import checks, confined, wire
from ..harness.disagreement import Disagreement
from ..harness.entry import Case, Entry
from ..harness.evidence import Evidence
from ..harness.inputs import LAYOUTS, lay_out

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes as Unix has them")
ROW: Any = next(row for row in ROWS if row.name == "ops.activations.relu")
CASE = Case((np.array([[1.0, -2.0, 3.0]], np.float32),), tame=True)

HONEST = (ROOT / "scratch" / "ops" / "activations" / "relu.py").read_text(encoding="utf-8")
WRONG = HONEST.replace("y = np.maximum(x, 0)", "y = x + 1")
BEFORE = "from typing import NamedTuple\n"
assert WRONG != HONEST
assert BEFORE in HONEST


def when_imported(code: str) -> str:
    """A wrong relu that does something as soon as it is imported."""
    return WRONG.replace(BEFORE, BEFORE + code + "\n", 1)


def when_called(code: str) -> str:
    """A wrong relu that does something when forward is called."""
    return WRONG.replace("    y = x + 1\n", "".join(f"    {line}\n" for line in code.splitlines()) + "    y = x + 1\n")


HOSTILE = {
    "exits": (when_called("import sys; sys.exit(0)"), "SystemExit"),
    "exits_at_once": (when_called("import os; os._exit(0)"), "its process has ended"),
    "exits_on_import": (when_imported("import os; os._exit(0)"), "its process has ended"),
    "never_ends": (when_called("while True: pass"), "no answer within"),
    "takes_all_memory": (when_called("hoard = [bytearray(1 << 30) for _ in range(64)]"), "MemoryError"),
    "prints": (when_called("print('✓ ticked' * 99999)\nimport os; os.write(1, b'0' * 999999)"), "y[0"),
    "patches_numpy": (
        when_imported("import numpy as np\nnp.max = np.any = np.all = np.abs = np.where = lambda *a, **k: 0"), "y[0"
    ),
    "patches_the_harness": (
        when_imported(
            "import parity_tests.harness.checks as c, parity_tests.harness.judge as j\n"
            "j.BUDGET = 1e99\nj.compare = c.compare = lambda *a, **k: 0.0\nc.forward = lambda *a, **k: None"
        ),
        "y[0",
    ),
    "patches_the_messages": (
        when_imported("import parity_tests.harness.wire as w\nw.packed = lambda *a: b'0' * 99"),
        "breaks the protocol",
    ),
    "imports_torch": (when_imported("import torch"), "imports torch"),
    "imports_torch_by_stealth": (
        when_imported("import importlib\ntry:\n    importlib.import_module('to' + 'rch')\nexcept BaseException: pass"),
        "none of its own",
    ),
    "loads_torch_from_its_file": (
        when_imported(
            "import sys, importlib.util as u\n"
            "found = [p + '/torch/version.py' for p in sys.path]\n"
            "for f in found:\n    s = u.spec_from_file_location('t', f)\n    s.loader.get_data(f)"
        ),
        "none of its own",
    ),
    "imports_the_solution": (when_imported("from scratch.ops.activations.relu import forward"), "imports scratch"),
    "reads_the_solution": (
        when_imported(f"open({str(ROOT / 'scratch' / 'ops' / 'activations' / 'relu.py')!r}).read()"), "none of its own"
    ),
    "reads_frames": (
        when_called("import sys\nf = sys._getframe()\nwhile f.f_back: f = f.f_back\nx = f.f_locals.get('expected', x)"),
        "y[0",
    ),
    "searches_memory": (when_called("import gc; gc.get_objects()"), "gc.get_objects"),
    "writes_files": (when_called("open('checklist.json', 'w')"), "it writes to a file"),
    "writes_elsewhere": (when_called("open('/tmp/nn-parity', 'w')"), "it writes to a file"),
    "removes_files": (when_called(f"import os; os.remove({str(ROOT / 'no_such_file')!r})"), "os.remove"),
    "moves_files": (when_called("import os; os.rename('a', 'b')"), "os.rename"),
    "starts_programs": (when_called("import os; os.system('true')"), "os.system"),
    "ends_the_judge": (when_called("import os; os.kill(os.getppid(), 9)"), "os.kill"),
    "calls_the_network": (when_called("import socket; socket.create_connection(('127.0.0.1', 9))"), "socket."),
    "rewrites_the_guard": (when_called("def f(): pass\nf.__code__ = (lambda: 1).__code__"), "object.__setattr__"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package in which every hostile version is a component of its own; one process gives birth to all."""
    folder = tmp_path_factory.mktemp("class") / "my_nn"
    shutil.copytree(ROOT / "scratch", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, (source, _) in HOSTILE.items():
        (folder / "ops" / "activations" / f"{name}.py").write_text(source, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", HOSTILE)
def test_who_cheats_gets_no_tick_and_a_reason(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge() -> None:
        module = confined.Confined(folder, f"ops.activations.{name}")
        if name == "never_ends":
            monkeypatch.setattr(confined, "SECONDS", 1.0)
        checks.forward(ROW, module, CASE, Evidence())

    monkeypatch.setattr(confined, "SECONDS", 60.0)
    with pytest.raises(Disagreement) as caught:
        judge()
    assert HOSTILE[name][1] in caught.value.message


def test_after_the_end_every_question_has_the_same_answer(folder: Path) -> None:
    """From the same line, too: Hypothesis would take another line for another failure, and call the test flaky."""
    for name, says in (("exits_at_once", "its process has ended"), ("writes_files", "it writes to a file")):
        module, lines = confined.load(folder, f"ops.activations.{name}"), set()
        for _ in range(2):
            with pytest.raises(Disagreement, match=says) as caught:
                checks.gradient(ROW, module, CASE, Evidence())
            lines.add((caught.traceback[-1].path, caught.traceback[-1].lineno))
        assert len(lines) == 1


@pytest.mark.parametrize(
    "name", ["ops.activations.relu", "nn.layer_norm", "optim.adam", "autograd.einsum", "text.word_tokenizer"]
)  # the last writes a file
def test_an_honest_candidate_agrees_from_afar(name: str, folder: Path) -> None:
    from ..harness.draws import drawn

    row: Any = next(row for row in ROWS if row.name == name)
    assert isinstance(row, Entry)
    check = checks.gradient if row.gradient else checks.forward
    for case in drawn(row, 4):
        check(row, confined.load(folder, name), case, Evidence())
    for refused in row.refusals[:2]:
        checks.refusal(row, confined.load(folder, name), refused, Evidence())


def test_arrays_arrive_as_they_lie_in_memory() -> None:
    for layout in LAYOUTS:
        array = lay_out(np.arange(24.0, dtype=np.float32).reshape(2, 3, 4), layout)
        memory, dtype, shape, strides, offset = wire._memory_of(array)
        there = wire._array_from_memory(memory, dtype, shape, strides, offset)
        assert np.array_equal(array, there)
        assert there.strides == array.strides
        there[0] = 0  # the candidate may write, and is found out


def test_only_plain_data_comes_back() -> None:
    value = {"a": (1, 2.5, None, "x"), "b": [np.arange(3), np.float32(2), np.zeros((0, 2))]}
    back = wire.unpacked(wire.packed(value, lambda _: 0), lambda *_: None)
    assert back["a"] == value["a"]
    assert np.array_equal(back["b"][0], np.arange(3))
    assert back["b"][2].shape == (0, 2)
    strange = wire.packed([SimpleNamespace()], lambda _: 7)
    assert wire.unpacked(strange, lambda number, kind: (number, kind)) == [(7, "SimpleNamespace")]
    for message in (b"", b"\x08" + bytes(7) + b'{"a": 1}', wire.packed(np.arange(3), int).replace(b"<i8", b"|O8")):
        with pytest.raises(ValueError):  # noqa: PT011  # whatever json or NumPy says
            wire.unpacked(message, lambda *_: None)


def test_a_message_has_a_limit() -> None:
    here, there = socket.socketpair()
    there.sendall(wire.LENGTH.pack(wire.LARGEST + 1))
    with pytest.raises(EOFError):
        wire.receive(here, 1.0)
    with pytest.raises(TimeoutError):
        wire.receive(here, 0.05)


def test_a_copied_tree_is_complete_without_the_shipped_one(tmp_path: Path) -> None:
    """With `scratch/` out of reach every component of a copy can be imported: what is judged is the copy."""
    shutil.copytree(ROOT / "scratch", tmp_path / "my_nn", ignore=shutil.ignore_patterns("__pycache__"))
    program = (
        "import importlib, sys\n"
        f"sys.path[:] = [{str(tmp_path)!r}, *(p for p in sys.path if p and p != {str(ROOT)!r})]\n"
        "class Gone:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name.split('.')[0] in ('scratch', 'torch', 'reference_torch'): raise ImportError(name)\n"
        "sys.meta_path.insert(0, Gone())\n"
        f"for name in {[row.name for row in ROWS]!r}: importlib.import_module('my_nn.' + name)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
