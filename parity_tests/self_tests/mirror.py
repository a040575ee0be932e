"""A mirror of data sets on this machine, and what lies on it."""

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nn_parity import data
from nn_parity.data.mirrors import CIFAR10, Checksum, Files

CIFAR_MEMBERS = CIFAR10.downloads[0].members


class Mirror:
    """What the server sends under each path, and what was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.breaks_off: set[str] = set()  # only half of these is sent
        self.requests: list[str] = []
        self.url = ""


@contextmanager
def serving() -> Iterator[Mirror]:
    """A server on this machine, as long as the `with` block lasts."""
    content = Mirror()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content.requests.append(self.path)
            if self.path not in content.files:
                self.send_error(404)
                return
            body = content.files[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if self.path in content.breaks_off else body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    content.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    yield content
    server.shutdown()
    server.server_close()
    thread.join()


def md5(content: bytes) -> str:
    """The checksum, in hexadecimal digits."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def cifar_archive(leave_out: str = "", link: str = "") -> bytes:
    """Every member one record; besides them files that must not be extracted."""
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as tar:
        for name in ("../evil.bin", "/evil.bin", "cifar-10-batches-bin/readme.html", *CIFAR_MEMBERS):
            info = tarfile.TarInfo(name)
            content = bytes([CIFAR_MEMBERS.index(name) if name in CIFAR_MEMBERS else 255]) * 3073
            if name == link:
                info.type, info.linkname, content = tarfile.SYMTYPE, "/etc/passwd", b""
            if name != leave_out:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return memory.getvalue()


def put_cifar(mirror: Mirror, monkeypatch: pytest.MonkeyPatch, archive: bytes) -> None:
    """The archive on the mirror, and the table pointing there."""
    mirror.files["/cifar.tar.gz"] = archive
    item = CIFAR10.downloads[0]._replace(
        url=f"{mirror.url}/cifar.tar.gz", checksum=Checksum("md5", md5(archive), of="file")
    )
    use(monkeypatch, "cifar10", CIFAR10._replace(downloads=(item,)))


def use(monkeypatch: pytest.MonkeyPatch, name: str, files: Files) -> None:
    """These files in the place of those that the table names."""
    row = data._TABLE[name]
    assert not isinstance(row, data._Made)
    monkeypatch.setitem(data._TABLE, name, row._replace(files=files))
