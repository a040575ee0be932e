"""The process in which a candidate runs confined: started by `confined`, which explains what for.

    python -m parity_tests.harness.confined_worker ADDRESS FOLDER MEGABYTES

It imports NumPy and the harness, with a stand-in for PyTorch, and waits. For every connection it forks; the child
takes on its limits, and only then imports the candidate. An audit hook, which Python cannot take back, ends the
process at whatever a component has no need of: PyTorch, `scratch/`, files elsewhere, writing, programs, the network.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

FORBIDDEN_IMPORTS = ("torch", "reference_torch", "scratch")
FORBIDDEN = (
    "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.kill", "signal.pthread_kill",
    "socket.", "ctypes.", "shutil.", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.link",
    "os.symlink", "os.chmod", "os.chown", "gc.get_", "mmap.", "sqlite3.", "pty.", "webbrowser.",
)  # fmt: skip

LARGEST_FILE = 64 << 20  # bytes


class Absent(ModuleType):
    """Stands in for PyTorch while the harness is imported: any name is there, nothing works."""

    __path__: list[str] = []  # noqa: RUF012  # so that submodules can be asked for

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(name)

    def itself(self, *_: Any, **__: Any) -> Any:
        """Whatever is done with it."""
        return self

    __call__ = __getitem__ = __add__ = __sub__ = __mul__ = __truediv__ = __or__ = __ror__ = __rmul__ = __radd__ = itself

    def __instancecheck__(self, _: Any) -> bool:
        return False

    def __mro_entries__(self, _: Any) -> tuple[type, ...]:
        return (object,)


class Finder:
    """Finds `torch` and all below it: Absent."""

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        """A spec that this finder loads itself."""
        return ModuleSpec(name, self) if name.split(".")[0] == "torch" else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The stand-in."""
        return Absent(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to do."""


def main(address: str, folder: Path, megabytes: int) -> None:
    """Wait for connections; fork for each."""
    hidden = Finder()
    sys.meta_path.insert(0, hidden)
    from parity_tests.catalogue import ROWS
    from parity_tests.harness import checks, networks, projects, wire  # noqa: F401  # messages name them

    networks.homes()  # reads the names in reference_torch, which is out of reach later
    sys.meta_path.remove(hidden)
    for name in [name for name in sys.modules if name.split(".")[0] in FORBIDDEN_IMPORTS]:
        del sys.modules[name]
    rows = {row.name: row for row in ROWS}
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            wire.send(connection, str(os.getpid()).encode())
            confine(connection, folder, megabytes)
            serve(connection, folder, rows)
            os._exit(0)
        connection.close()


def confine(connection: socket.socket, folder: Path, megabytes: int) -> None:
    """Take on the limits: memory, no output, no core file, one folder to write to, and the audit hook."""
    from parity_tests.harness import wire, workplace

    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    place = Path.cwd() / str(os.getpid())  # goes away with the folder of the nursery
    place.mkdir()
    workplace.work_in(place)
    sys.dont_write_bytecode = True
    package = folder.name
    sys.path[:] = [str(folder.parent), *(entry for entry in sys.path if entry and entry != str(folder.parent))]
    system = (sys.prefix, sys.base_prefix, "/usr/lib", "/usr/share/zoneinfo", "/etc/localtime")
    readable = tuple({f"{os.path.realpath(entry)}/" for entry in (*sys.path[1:], *system)})
    own, workbench = f"{os.path.realpath(folder)}/", f"{os.path.realpath(place)}/"
    hidden = tuple(f"/{name}/" for name in FORBIDDEN_IMPORTS)
    realpath, absolute, end, forbidden, imports = (
        os.path.realpath,
        os.path.isabs,
        os._exit,
        FORBIDDEN,
        FORBIDDEN_IMPORTS,
    )
    say, packed, writing = wire.send, wire.packed, os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def stop(what: str) -> None:
        try:
            say(connection, packed(("forbidden", what), lambda _: 0))
        finally:
            end(1)

    def on_the_workbench(path: Any) -> bool:  # a relative one may begin at any folder that is open
        path = os.fsdecode(path) if isinstance(path, (str, bytes)) else ""
        return absolute(path) and realpath(path).startswith(workbench)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "import":
            if arguments[0].split(".")[0] in imports and arguments[0].split(".")[0] != package:
                stop(f"it imports {arguments[0].split('.')[0]}: a candidate stands on its own")
        elif event == "open":
            path, mode, flags = arguments
            if isinstance(path, (str, bytes)) and not on_the_workbench(path):
                whole = realpath(os.fsdecode(path))
                if (flags or 0) & writing or (isinstance(mode, str) and set(mode) & set("wax+")):
                    stop("it writes to a file")
                within = (whole + "/").startswith(own)
                if not within and (not whole.startswith(readable) or any(name in whole for name in hidden)):
                    stop("it reads a file that is none of its own")
        elif event in ("os.rename", "os.remove"):
            if not all(on_the_workbench(path) for path in arguments if not isinstance(path, int)):
                stop(f"it asks for {event}")
        elif event.startswith(forbidden) or (event == "object.__setattr__" and arguments[1] == "__code__"):
            stop(f"it asks for {event}")

    sys.addaudithook(audit)


def serve(connection: socket.socket, folder: Path, rows: dict[str, Any]) -> None:
    """Import the component, then answer until the judge has no more questions."""
    import io
    import pickle

    from parity_tests.harness import wire
    from parity_tests.harness.candidate import NotWritten
    from parity_tests.harness.disagreement import Disagreement

    objects: list[Any] = []

    class Unpickler(pickle.Unpickler):
        def persistent_load(self, identity: Any) -> Any:
            kind, key = identity
            return rows[key] if kind == "row" else objects[key]

    def number_of(value: Any) -> int:
        objects.append(value)
        return len(objects) - 1

    def answer(work: Any) -> None:
        try:
            value: Any = ("value", work())
        except NotWritten as missing:
            value = ("not written", str(missing))
        except Disagreement as found:
            value = ("disagreement", str(found.message), found.part, found.crash)
        except BaseException as error:
            value = ("raised", type(error).__name__, str(error))
        wire.send(connection, wire.packed(value, number_of))

    module: Any = None

    def load() -> list[str]:
        nonlocal module
        from parity_tests.harness import candidate

        module = candidate.load(folder.name, name)
        return [key for key in vars(module) if not key.startswith("_")]

    name = wire.receive(connection).decode()
    answer(load)
    while True:
        try:
            request = wire.receive(connection)
        except EOFError:
            return
        function, arguments = Unpickler(io.BytesIO(request)).load()
        answer(lambda f=function, a=arguments: f(module, *a))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve(), int(sys.argv[3]))
