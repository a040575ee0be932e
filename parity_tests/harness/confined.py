"""A candidate in a process of its own, which sees the inputs and nothing else.

In-process, a candidate shares its memory with PyTorch, the expected answers and the harness. That is right for a
learner, who wants a debugger and prints. Whoever judges programs of other people uses `--confined`: one process for
each component, started empty (`confined_worker`), limited in time and memory, without PyTorch, without `scratch/`,
unable to start programs, or to write files outside of one folder of its own. It is sent arrays and gives back arrays;
the comparison happens here.

`apply(module, function, …)` is how the harness calls a candidate in either case.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from . import wire
from .candidate import NotWritten
from .disagreement import Disagreement

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 20.0  # for one answer
MEGABYTES = 4096
RAISES = {kind.__name__: kind for kind in (ValueError, TypeError, NotImplementedError)}


def apply(module: ModuleType, function: Callable[..., Any], *arguments: Any) -> Any:
    """`function(module, *arguments)`, there where the module is."""
    if isinstance(module, Confined):
        return module.apply(function, *arguments)
    return function(module, *arguments)


class CandidateError(Exception):
    """Another exception in the process of a candidate; the message says which."""


class Remote:
    """An object in the process of a candidate: its methods can be called, with arrays and numbers."""

    def __init__(self, owner: Confined, number: int) -> None:
        self._owner, self.number = owner, number

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(self._owner.apply, _call, self, name)


class Confined(ModuleType):
    """The module of a candidate, in a process of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(f"{folder.name}.{name}")
        self.__package__ = self.__name__.rpartition(".")[0]
        self.__file__ = str(folder.joinpath(*name.split(".")).with_suffix(".py"))
        self._end: str | None = None  # why there are no more answers
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(_nursery(folder))
        self._process = int(wire.receive(self._connection, SECONDS))
        wire.send(self._connection, name.encode())
        self._names: list[str] = self._answer()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._names:
            raise AttributeError(name)
        return partial(self.apply, _call, None, name)

    def apply(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """`function(module, *arguments)` over there. Raises what it raised, or Disagreement where it gave up."""
        if self._end is None:
            try:
                wire.send(self._connection, wire.pickled((function, arguments), _number_of))
            except OSError:
                self._give_up("its process has ended")
        return self._answer()

    def _answer(self) -> Any:
        if self._end is None:
            try:
                kind, *value = wire.unpacked(wire.receive(self._connection, SECONDS), self._remote)
            except TimeoutError:
                self._give_up(f"no answer within {SECONDS:.0f} seconds")
            except EOFError:
                self._give_up("its process has ended: an exit, a crash, or too much memory")
            except (OSError, ValueError) as error:
                self._give_up(f"it breaks the protocol: {error}")
            else:
                return self._value(kind, value)
        return self._ended()

    def _ended(self) -> NoReturn:
        """Always from this line: Hypothesis takes what is raised elsewhere for another failure."""
        raise Disagreement(str(self._end), "forward", crash=True)

    def _value(self, kind: Any, value: list[Any]) -> Any:
        texts = [_printable(part) if isinstance(part, str) else part for part in value]
        if kind == "value":
            return value[0]
        if kind == "not written":
            raise NotWritten(texts[0])
        if kind == "disagreement":
            raise Disagreement(texts[0], texts[1] if texts[1] in ("backward", "refusal") else "forward",
                               crash=bool(value[2]))  # fmt: skip
        if kind == "raised":
            if texts[0] in RAISES:
                raise RAISES[texts[0]](texts[1])
            raise CandidateError(f"{texts[0]}: {texts[1]}")
        self._give_up(f"stopped: {texts[0]}" if kind == "forbidden" else "it breaks the protocol")
        return self._ended()

    def _remote(self, number: int, kind: str) -> Any:
        return type(kind if kind.isidentifier() else "object", (Remote,), {})(self, number)

    def _give_up(self, why: str) -> None:
        self._end = why
        self.close()

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        with contextlib.suppress(ProcessLookupError, AttributeError):
            os.kill(self._process, signal.SIGKILL)


def _number_of(value: Any) -> Any:
    return ("object", value.number) if isinstance(value, Remote) else None


def _call(module: ModuleType, target: Any, name: str, /, *arguments: Any, **options: Any) -> Any:
    """Over there: call a method of an object, or a function of the module."""
    return getattr(module if target is None else target, name)(*arguments, **options)


def _printable(text: str) -> str:
    """Without what could drive a terminal, and not too much of it."""
    return "".join(c for c in text[:2000] if c.isprintable() or c == "\n")


@cache
def _nursery(folder: Path) -> str:
    """The address at which processes for a candidate are born. Started when first asked for."""
    place = tempfile.mkdtemp(prefix="nn-parity-")
    address = os.path.join(place, "s")
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV") if name in os.environ}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", f"{__package__}.confined_worker", address, str(folder), str(MEGABYTES)]
    process = subprocess.Popen(command, cwd=place, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    atexit.register(process.kill)
    assert process.stdout is not None
    if process.stdout.readline() != b"ready\n":
        raise RuntimeError("the process for candidates did not start: see parity_tests/harness/confined_worker.py")
    return address


@cache
def load(folder: Path, name: str) -> Confined:
    """The component of a candidate, in its process; the same one for all checks of a row."""
    if not folder.joinpath(*name.split(".")).with_suffix(".py").is_file():
        raise NotWritten(f"{folder.name}.{name} is not written yet")
    return Confined(folder, name)
