"""One download: into a temporary folder, verified there, then renamed to its place.

A rename within one file system is atomic, so a file of the cache is whole and right, or not there. Whatever
goes wrong before (no network, a checksum, Ctrl-C), the temporary folder goes, and nothing of the attempt
stays.
"""

import gzip
import hashlib
import os
import shutil
import tarfile
import zlib
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from .dataset import DataError
from .mirrors import Checksum, Download

TIMEOUT = 30  # seconds without a byte
BLOCK = 1 << 16  # bytes


def fetch(item: Download, folder: Path, *, workspace: Path) -> None:
    """Download `item` into `folder`: the file, or the chosen members of the archive.

    workspace: where the temporary folder is made; on the file system of `folder`.
    Raises DataError when the server cannot be reached, or what it sends is not what was published.
    """
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".download-", dir=workspace) as temporary:
            received = Path(temporary) / item.file
            _save(item.url, received)
            _verify(item, received)
            ready = _unpack(item, received) if item.members else [received]
            folder.mkdir(parents=True, exist_ok=True)
            for file in ready:
                os.replace(file, folder / file.name)
    except OSError as error:
        raise DataError(f"{folder} could not be written ({error})") from error


def _save(url: str, path: Path) -> None:
    """Copy what the server sends into a file, with a progress bar on a terminal."""
    received, total = 0, None
    try:
        with urlopen(Request(url, headers={"User-Agent": "nn-parity"}), timeout=TIMEOUT) as response:
            length = response.headers.get("Content-Length", "")
            total = int(length) if length.isdigit() else None
            with path.open("wb") as file, _progress() as progress:
                job = progress.add_task(path.name, total=total)
                while block := response.read(BLOCK):
                    received += file.write(block)
                    progress.update(job, completed=received)
    except (OSError, HTTPException) as error:
        raise DataError(f"{url} could not be downloaded ({error})") from error
    if total is not None and received != total:
        raise DataError(f"{url} broke off after {received:,} of {total:,} bytes")


def _progress() -> Progress:
    """A bar on standard error, where results do not go; nothing where that is no terminal."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _verify(item: Download, path: Path) -> None:
    algorithm, expected, of = item.checksum
    try:
        actual = _digest(item.checksum, path)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{item.url} did not send a gzip file ({error})") from error
    if actual != expected:
        raise DataError(
            f"{item.url} sent something else than was published: "
            f"the {algorithm} of its {of} is {actual}, not {expected}; it was not kept"
        )


def _digest(checksum: Checksum, path: Path) -> str:
    # usedforsecurity: md5 guards against accidents here, and some systems forbid it for anything more.
    state = hashlib.new(checksum.algorithm, usedforsecurity=False)
    zipped = checksum.of == "content" and path.suffix == ".gz"
    with gzip.open(path) if zipped else path.open("rb") as file:
        while block := file.read(BLOCK):
            state.update(block)
    return state.hexdigest()


def _unpack(item: Download, archive: Path) -> list[Path]:
    """Take the members out of the archive, each under its last name: no path inside it is ever followed."""
    unpacked = []
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for name in item.members:
                member = tar.getmember(name)
                content = tar.extractfile(member) if member.isfile() else None
                if content is None:
                    raise DataError(f"{item.url}: {name} in the archive is not a regular file")
                target = archive.parent / Path(name).name
                with content, target.open("wb") as file:
                    shutil.copyfileobj(content, file)
                unpacked.append(target)
    except (KeyError, tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{item.url}: the archive cannot be unpacked ({error})") from error
    return unpacked
