"""Downloads, from a server on this machine: what is kept, and that nothing else is."""

import gzip
import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.progress import Progress

from nn_parity import data
from nn_parity.data import DataError, download, locate
from nn_parity.data.idx import encode
from nn_parity.data.mirrors import (
    CIFAR10,
    IDX_FILES,
    MNIST,
    NAMES,
    TINY_SHAKESPEARE,
    Checksum,
    Download,
    Files,
)

from .mirror import CIFAR_MEMBERS, Mirror, cifar_archive, md5, put_cifar, serving, use

CLOSED = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with serving() as content:
        yield content


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache; no environment variable, no proxy."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(locate, "cache_folder", lambda: folder)
    monkeypatch.delenv("NN_PARITY_DATA", raising=False)
    monkeypatch.setenv("no_proxy", "*")
    return folder


def left_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def refused(read: Callable[[], object], *says: object) -> None:
    with pytest.raises(DataError) as caught:
        read()
    for what in says:
        assert str(what) in str(caught.value)


@pytest.fixture
def mnist(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> Files:
    """A small MNIST on the mirror, and the table pointing there."""
    generator = np.random.default_rng(0)
    arrays = [generator.integers(0, 10, shape, np.uint8) for shape in ((6, 28, 28), 6, (3, 28, 28), 3)]
    downloads = []
    for name, array in zip(IDX_FILES, arrays, strict=True):
        mirror.files[f"/{name}.gz"] = gzip.compress(encode(array))
        checksum = Checksum("md5", md5(encode(array)), of="content")
        downloads.append(Download(f"{mirror.url}/{name}.gz", f"{name}.gz", checksum))
    files = MNIST._replace(downloads=tuple(downloads))
    use(monkeypatch, "mnist", files)
    return files


@pytest.fixture
def text(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> Files:
    """The text `names` on the mirror."""
    content = b"emma\nolivia\n" * 20_000  # several blocks
    mirror.files["/names.txt"] = content
    checksum = Checksum("sha256", hashlib.sha256(content).hexdigest(), of="content")
    files = NAMES._replace(downloads=(Download(f"{mirror.url}/names.txt", "names.txt", checksum),))
    use(monkeypatch, "names", files)
    return files


# What is kept


def test_download_then_cache(mirror: Mirror, mnist: Files, cache: Path) -> None:
    assert not data.available("mnist")
    first = data.load("mnist")
    assert first.source == str(cache / "mnist")
    assert first.train.inputs.shape == (6, 28, 28)
    assert left_in(cache) == sorted(["mnist", *(f"mnist/{name}.gz" for name in IDX_FILES)])
    assert data.available("mnist")
    again = data.load("mnist", download=False)
    np.testing.assert_array_equal(first.train.inputs, again.train.inputs)
    assert len(mirror.requests) == 4  # nothing was asked for twice


def test_a_mirror_may_compress_anew(mirror: Mirror, mnist: Files) -> None:
    """The checksum is of the content."""
    path = f"/{IDX_FILES[0]}.gz"
    mirror.files[path] = gzip.compress(gzip.decompress(mirror.files[path]), compresslevel=0, mtime=1)
    assert data.load("mnist").train.inputs.shape == (6, 28, 28)


def test_a_published_file_must_be_the_very_same(mirror: Mirror, text: Files, cache: Path, tmp_path: Path) -> None:
    content = gzip.compress(b"some", mtime=0)
    mirror.files["/some.gz"] = gzip.compress(b"some", mtime=1)
    item = Download(f"{mirror.url}/some.gz", "some.gz", Checksum("md5", md5(content), of="file"))
    refused(lambda: download.fetch(item, tmp_path / "there", workspace=cache), "/some.gz", "md5 of its file")
    mirror.files["/some.gz"] = content
    download.fetch(item, tmp_path / "there", workspace=cache)
    assert (tmp_path / "there" / "some.gz").read_bytes() == content


def test_text(text: Files, cache: Path) -> None:
    loaded = data.load_text("names")
    assert loaded.text.startswith("emma\nolivia\n")
    assert len(loaded.text) == 240_000
    assert loaded.source == str(cache / "text" / "names.txt")
    assert left_in(cache) == ["text", "text/names.txt"]


def test_the_folder_of_the_variable_is_never_written_to(
    mnist: Files, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "root" / "mnist").mkdir(parents=True)
    monkeypatch.setenv("NN_PARITY_DATA", str(tmp_path / "root"))
    assert data.load("mnist").source == str(cache / "mnist")
    assert left_in(tmp_path / "root") == ["mnist"]


def test_an_interrupted_data_set_goes_on_with_the_next_file(mirror: Mirror, mnist: Files, cache: Path) -> None:
    last = f"/{IDX_FILES[3]}.gz"
    mirror.breaks_off.add(last)
    refused(lambda: data.load("mnist"), last, "broke off")
    assert left_in(cache) == sorted(["mnist", *(f"mnist/{name}.gz" for name in IDX_FILES[:3])])
    assert not data.available("mnist")
    mirror.breaks_off.clear()
    mirror.requests.clear()
    data.load("mnist")
    assert mirror.requests == [last]


def test_two_at_once(mnist: Files, cache: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        loaded = list(pool.map(lambda _: data.load("mnist"), range(4)))
    assert all(len(one.train.targets) == 6 for one in loaded)
    assert left_in(cache) == sorted(["mnist", *(f"mnist/{name}.gz" for name in IDX_FILES)])


def test_cifar_takes_the_batches_and_nothing_else(
    mirror: Mirror, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_cifar(mirror, monkeypatch, cifar_archive())
    loaded = data.load("cifar10")
    assert loaded.train.targets.tolist() == [0, 1, 2, 3, 4]
    assert loaded.test is not None
    assert loaded.test.targets.tolist() == [5]
    folder = "cifar10/cifar-10-batches-bin"
    assert loaded.source == f"{cache / folder} (5 of 5 training batches)"
    assert left_in(cache) == sorted(["cifar10", folder, *(f"cifar10/{name}" for name in CIFAR_MEMBERS)])
    assert not list(tmp_path.rglob("evil*"))


# What goes wrong


def test_no_network(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, files in (("mnist", MNIST), ("cifar10", CIFAR10), ("tinyshakespeare", TINY_SHAKESPEARE)):
        item = files.downloads[0]
        closed = files._replace(downloads=(item._replace(url=f"{CLOSED}/{item.file}"),))
        use(monkeypatch, name, closed)
        load: Callable[[str], object] = data.load_text if name == "tinyshakespeare" else data.load
        refused(
            lambda load=load, name=name: load(name),  # type: ignore[misc]
            f"{CLOSED}/{item.file} could not be downloaded",
            f"fill {cache / files.folders[0]}",
            files.needed[0][0],
            "NN_PARITY_DATA",
        )
        assert left_in(cache) == []


def test_no_network_names_the_folder_of_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NN_PARITY_DATA", str(tmp_path / "root"))
    item = NAMES.downloads[0]._replace(url=f"{CLOSED}/names.txt")
    use(monkeypatch, "names", NAMES._replace(downloads=(item,)))
    refused(lambda: data.load_text("names"), f"fill {tmp_path / 'root' / 'text'} with\n  names.txt")


def test_no_download_when_it_is_not_wanted(mirror: Mirror, mnist: Files) -> None:
    refused(lambda: data.load("mnist", download=False), "was not to be downloaded")
    assert mirror.requests == []


def test_not_found_on_the_server(mirror: Mirror, text: Files, cache: Path) -> None:
    mirror.files.clear()
    refused(lambda: data.load_text("names"), f"{mirror.url}/names.txt", "404", cache / "text")
    assert left_in(cache) == []


def test_the_connection_breaks_off(mirror: Mirror, text: Files, cache: Path) -> None:
    mirror.breaks_off.add("/names.txt")
    refused(lambda: data.load_text("names"), "/names.txt", "broke off after 120,000 of 240,000 bytes")
    assert left_in(cache) == []


def test_another_content(mirror: Mirror, text: Files, cache: Path) -> None:
    mirror.files["/names.txt"] = b"<html>Please log in</html>"
    refused(
        lambda: data.load_text("names"),
        "/names.txt",
        hashlib.sha256(b"<html>Please log in</html>").hexdigest(),
        text.downloads[0].checksum.digest,
    )
    assert left_in(cache) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>Please log in</html>", b"\x1f\x8bgarbage", gzip.compress(b"a", mtime=0)[:-3]],
    ids=["empty", "html", "garbage", "cut short"],
)
def test_no_gzip(mirror: Mirror, mnist: Files, cache: Path, content: bytes) -> None:
    mirror.files[f"/{IDX_FILES[0]}.gz"] = content
    refused(lambda: data.load("mnist"), f"{IDX_FILES[0]}.gz")
    assert left_in(cache) == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, MemoryError])
def test_interrupted_in_the_middle(
    text: Files, cache: Path, monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    seen = []

    def interrupt(self: Progress, job: Any, *, completed: int) -> None:
        seen.append((completed, left_in(cache)))
        raise interruption

    monkeypatch.setattr(Progress, "update", interrupt)
    with pytest.raises(interruption):
        data.load_text("names")
    ((count, files),) = seen
    assert 0 < count < 240_000
    assert any(".download-" in file for file in files)  # it was under way,
    assert left_in(cache) == []  # and nothing stays
    assert not data.available("names")


def test_interrupted_between_two_batches_is_not_a_smaller_cifar(
    mirror: Mirror, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_cifar(mirror, monkeypatch, cifar_archive())
    replace = os.replace

    def interrupted(source: Path, target: Path) -> None:
        if target.name == "data_batch_3.bin":
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            data.load("cifar10")
    assert not data.available("cifar10")
    assert "(5 of 5 training batches)" in data.load("cifar10").source


@pytest.mark.parametrize(
    ("leave_out", "link", "says"),
    [(CIFAR_MEMBERS[2], "", "data_batch_3.bin"), ("", CIFAR_MEMBERS[1], "not a regular file")],
)
def test_an_archive_without_a_batch(
    mirror: Mirror, cache: Path, monkeypatch: pytest.MonkeyPatch, leave_out: str, link: str, says: str
) -> None:
    put_cifar(mirror, monkeypatch, cifar_archive(leave_out, link))
    refused(lambda: data.load("cifar10"), "/cifar.tar.gz", says)
    assert left_in(cache) == []


@pytest.mark.parametrize(
    "archive", [b"garbage", cifar_archive()[:-20], gzip.compress(b"no tar")], ids=["garbage", "cut short", "no tar"]
)
def test_a_broken_archive(mirror: Mirror, cache: Path, monkeypatch: pytest.MonkeyPatch, archive: bytes) -> None:
    put_cifar(mirror, monkeypatch, archive)
    refused(lambda: data.load("cifar10"), "/cifar.tar.gz", "cannot be unpacked")
    assert left_in(cache) == []


def test_a_cache_that_cannot_be_written(text: Files, cache: Path) -> None:
    cache.write_text("a file in the way")
    refused(lambda: data.load_text("names"), cache / "text", "could not be written")
